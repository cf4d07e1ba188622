import { DualPassword } from '../../../lambda/strategy/dual-password';
import { DatabaseAccount, OLD_PASSWORD } from './database-account';

let given: DatabaseAccount;

beforeEach(async () => void (given = await new DatabaseAccount((database) => new DualPassword(database)).start()));

afterEach(async () => await given.stop());

test('keeps the password before the new one valid, and ends the one before that', async () => {
  const secret = await given.secret();

  await given.account.rotate(secret);
  const first = await given.account.state(secret);
  await given.account.rotate(secret);

  expect(first).toMatchObject({ AWSPREVIOUS: { password: OLD_PASSWORD } });
  expect(await given.works(secret, 'AWSCURRENT')).toBe(true);
  expect(await given.works(secret, 'AWSPREVIOUS')).toBe(true);
  expect(given.database.accepts('app', OLD_PASSWORD)).toBe(false);
});

test('tells the server whose passwords they are, by the ids of the versions', async () => {
  const secret = await given.secret();
  const [current] = Object.keys(await given.account.labels(secret));

  const { token: next } = await given.account.rotate(secret);

  expect(given.database.marks).toEqual([{ current, next }]);
});

test('brings a database back to AWSCURRENT that somebody has changed', async () => {
  const secret = await given.secret();
  given.database.add('app', 'set-by-somebody');

  const report = await given.account.rotate(secret);

  expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
  expect(given.database.accepts('app', OLD_PASSWORD)).toBe(true);
});
