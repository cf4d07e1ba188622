import { RightsError } from '../../../lambda/engine/errors';
import { AlternatingUsers, pairOf } from '../../../lambda/strategy/alternating-users';
import { errors } from '../account';
import { DatabaseAccount, HOST, MASTER_PASSWORD, OLD_PASSWORD } from './database-account';

const CLONE_PASSWORD = 'password-of-the-clone';

let given: DatabaseAccount;

beforeEach(async () => void (given = await new DatabaseAccount((database) => new AlternatingUsers(database)).start()));

afterEach(async () => await given.stop());

/** A secret with AWSPREVIOUS and AWSCURRENT. */
async function secretWithPrevious(previous: object, current: object): Promise<string> {
  const secret = await given.account.createSecret('my-user', given.value({ ...previous }));
  const SecretString = JSON.stringify(given.value({ ...current }));
  await given.account.handle('PutSecretValue', { SecretId: secret, SecretString });
  return secret;
}

const APP = { username: 'app', password: OLD_PASSWORD };
const CLONE = { username: 'app_clone', password: CLONE_PASSWORD };

test.each([
  ['app', { original: 'app', clone: 'app_clone' }],
  ['app_clone', { original: 'app', clone: 'app_clone' }],
  ['app_clone_clone', { original: 'app_clone', clone: 'app_clone_clone' }],
  ['_clone', { original: '_clone', clone: '_clone_clone' }],
])('the pair of %s', (username, pair) => {
  expect(pairOf(username)).toEqual(pair);
});

test('makes the clone, checks its rights, and leaves the user in AWSCURRENT alone', async () => {
  const secret = await given.secret();

  await given.account.rotate(secret);

  expect(given.database.asked).toEqual([
    ...['log in as app', 'log in as master'],
    ...['look at app_clone', 'put app_clone of app', 'check app_clone against app'],
    ...['log in as app_clone', 'probe'],
  ]);
  expect(given.database.accepts('app', OLD_PASSWORD)).toBe(true);
});

test('gives the original another password in its turn, and leaves the clone alone', async () => {
  const secret = await given.secret();
  await given.account.rotate(secret);
  const { AWSCURRENT: clone } = await given.account.state(secret);
  given.database.asked.length = 0;

  await given.account.rotate(secret);

  expect(given.database.asked).toEqual([
    ...['log in as app_clone', 'log in as master'],
    ...['look at app_clone', 'set the password of app'],
    ...['log in as app', 'probe'],
  ]);
  expect(given.database.accepts('app_clone', clone?.password)).toBe(true);
  expect(given.database.accepts('app', OLD_PASSWORD)).toBe(false);
});

test('does not publish a clone without the rights of its original', async () => {
  const secret = await given.secret();
  given.database.fault = (what) => {
    if (what.startsWith('check')) throw new RightsError('app_clone lacks SELECT on orders');
  };

  const report = await given.account.rotate(secret);

  expect(errors(report)[0]).toBe('setSecret: app_clone lacks SELECT on orders');
  expect((await given.account.state(secret)).AWSCURRENT).toMatchObject(APP);
});

describe("a user of the clone's name who carries no marker", () => {
  test("is taken when the previous password logs in as it: AWS's own function has made it", async () => {
    given.database.add('app_clone', CLONE_PASSWORD);
    const secret = await secretWithPrevious(CLONE, APP);

    const report = await given.account.rotate(secret);

    expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
    expect(given.database.users.get('app_clone')).toMatchObject({ cloneOf: 'app' });
  });

  test('counts as the clone in the turn of the original when the previous password logs in as that', async () => {
    given.database.add('app_clone', CLONE_PASSWORD);
    const secret = await secretWithPrevious(APP, CLONE);

    const report = await given.account.rotate(secret);

    expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
    expect(given.database.accepts('app_clone', CLONE_PASSWORD)).toBe(true);
  });

  test.each([
    ['there is no previous value', undefined],
    ['the previous password is refused', { ...CLONE, password: 'a-wrong-one' }],
    ['the previous value is of another server', { ...CLONE, host: 'elsewhere.internal' }],
  ])('is never touched when %s', async (_what, previous) => {
    given.database.add('app_clone', CLONE_PASSWORD);
    const secret = previous ? await secretWithPrevious(previous, APP) : await given.secret();

    const report = await given.account.rotate(secret);

    expect(report.outcome).toBe('failed');
    expect(errors(report)[0]).toBe(
      `setSecret: app_clone at ${HOST}:1234 is not touched: nothing shows that app_clone is its clone, and no stored password ` +
        'logs in as it; rename the user, or put the password of app_clone into the secret',
    );
    expect(report.attempts[0].steps.at(-1)?.error?.type).toBe('NotOurUserError');
    expect(given.database.users.get('app_clone')).toEqual({ passwords: [CLONE_PASSWORD] });
  });

  test('does not give its original away: a secret of x_clone cannot get at x', async () => {
    given.database.add('app_clone', CLONE_PASSWORD);
    const secret = await given.secret(CLONE);

    const report = await given.account.rotate(secret);

    expect(errors(report)[0]).toContain('app at db.internal:1234 is not touched: nothing shows that app_clone');
    expect(given.database.accepts('app', OLD_PASSWORD)).toBe(true);
  });
});

test('takes a marked clone whose password nobody knows', async () => {
  given.database.add('app_clone', 'forgotten-by-everybody', { cloneOf: 'app' });
  const secret = await given.secret();

  const report = await given.account.rotate(secret);

  expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
});

test('does not take a clone that is marked as the clone of another user', async () => {
  given.database.add('app_clone', CLONE_PASSWORD, { cloneOf: 'other' });
  const secret = await given.secret();

  const report = await given.account.rotate(secret);

  expect(report.attempts[0].steps.at(-1)?.error?.type).toBe('NotOurUserError');
});

describe('when the AWSCURRENT password does not work', () => {
  test("the previous one shows that the users are the secret's own", async () => {
    given.database.add('app_clone', CLONE_PASSWORD, { cloneOf: 'app' }).add('app', 'set-by-somebody');
    const secret = await secretWithPrevious(CLONE, APP);

    const report = await given.account.rotate(secret);

    expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
    expect(given.account.output.join('')).toContain(
      'the AWSPREVIOUS password logs in, and the AWSCURRENT one does not',
    );
  });

  test('the master user does not log in when no stored one works: somebody may have written any name into the secret', async () => {
    given.database.add('important', 'known-to-nobody-here');
    const secret = await given.secret({ username: 'important' });

    const report = await given.account.rotate(secret);

    expect(errors(report)[0]).toBe(
      `setSecret: Example at ${HOST}:1234 refuses important and important_clone with the passwords of AWSCURRENT, AWSPENDING and ` +
        `AWSPREVIOUS: if there is no such user yet, make it with the AWSCURRENT one; else put the right one, npx keyturn put ${secret}`,
    );
    expect(given.database.asked).not.toContain('log in as master');
  });

  test('a previous value of a third user shows nothing', async () => {
    given.database.add('app', 'set-by-somebody').add('third', 'password-of-the-third');
    const secret = await secretWithPrevious({ username: 'third', password: 'password-of-the-third' }, APP);

    const report = await given.account.rotate(secret);

    expect(report.attempts[0].steps.at(-1)?.error?.type).toBe('LoginRejectedError');
    expect(given.database.asked).not.toContain('log in as third');
  });
});

test.each([
  ['in its own turn', { username: 'master_clone', password: CLONE_PASSWORD }],
  ['in the turn of a clone', { username: 'master', password: MASTER_PASSWORD }],
])('neither clones the master user nor changes its password, %s', async (_what, user) => {
  const secret = await given.secret(user);

  const report = await given.account.rotate(secret);

  expect(errors(report)[0]).toContain(`master in ${secret} is the master user of ${given.masterSecret} itself`);
  expect(given.database.asked).toEqual([]);
});

test.each([
  ['a_name_of_14_c', 'succeeded'],
  ['a_name_of_15_ch', 'failed'],
  ['zwölf_n_14_c', 'succeeded'],
  ['zwölf_name_14_c', 'failed'],
])('a user called %s: with _clone it must have at most 20 bytes', async (username, outcome) => {
  given.database.add(username, OLD_PASSWORD);
  const secret = await given.secret({ username });

  const report = await given.account.rotate(secret);

  expect(report.outcome).toBe(outcome);
  if (outcome === 'failed') {
    expect(errors(report)[0]).toBe(
      `createSecret: ${username} in ${secret} is too long a name for alternating users: with _clone it must have at most 20 bytes in Example`,
    );
  }
});
