import { REQUEST, TAG } from '../../../lib/rotation/contract';
import { DropConnection } from '../../../lab/calls';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { IssuedKey } from '../../../lambda/strategy/issued-key';
import { Account } from '../account';
import { MemoryKeys } from '../strategy/memory-issuers';

let account: Account;
let issuer: MemoryKeys;
let secret: string;

beforeEach(async () => {
  process.env.AWS_MAX_ATTEMPTS = '1';
  account = await new Account(rotationHandler(() => new IssuedKey(issuer))).start();
  issuer = new MemoryKeys(() => account.clock.now());
  secret = await account.createSecret('my-key', undefined, { [TAG.FIELDS]: 'apiKey' });
});
afterEach(async () => {
  delete process.env.AWS_MAX_ATTEMPTS;
  await account.stop();
});

const rotated = async (times: number) => {
  for (let count = 0; count < times; count++) await account.rotate(secret);
};
const rollBack = async () => await account.invoke({ Keyturn: REQUEST.ROLL_BACK, SecretId: secret });

test('a roll-back exchanges AWSCURRENT and AWSPREVIOUS, and leaves no AWSPENDING behind', async () => {
  await rotated(2);

  await rollBack();

  expect(await account.state(secret)).toMatchObject({
    AWSCURRENT: { keyid: 'id-1' },
    AWSPREVIOUS: { keyid: 'id-2' },
    AWSPENDING: undefined,
  });
});

test('the next rotation makes another key', async () => {
  await rotated(2);
  await rollBack();

  await rotated(1);

  expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { keyid: 'id-3' }, AWSPREVIOUS: { keyid: 'id-1' } });
});

test('a roll-back without an AWSPREVIOUS version is refused', async () => {
  await rotated(1);

  await expect(rollBack()).rejects.toThrow(`${secret} has no AWSPREVIOUS version to go back to`);
});

test('a roll-back is refused while a rotation is under way', async () => {
  await rotated(2);
  issuer.verdict = 'unknown';
  await rotated(1);
  issuer.verdict = undefined;

  await expect(rollBack()).rejects.toThrow(/a rotation of .* is under way/);
  expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { keyid: 'id-2' } });
});

test('a roll-back to a key that is dead is refused, and changes no label', async () => {
  await rotated(2);
  account.timeout = 1_500;
  issuer.keys.shift();
  const before = await account.labels(secret);

  await expect(rollBack()).rejects.toThrow(/AWSPREVIOUS is not made current again: .* does not work/);

  expect(await account.labels(secret)).toEqual(before);
});

test.each(
  Array.from({ length: 6 }, (_, call) => [
    [call, 'before'],
    [call, 'after'],
  ]).flat() as [number, string][],
)('cut off at call %i, %s its effect, it can be repeated, unless the label has moved', async (at, phase) => {
  await rotated(2);
  let call = -1;
  let dead = false;
  const stop = account.intercept((_call, now) => {
    if (now === 'before') call++;
    if (call === at && now === phase) dead = true;
    if (dead) throw new DropConnection();
  });
  await rollBack().catch(() => {});
  stop();

  if ((await account.state(secret)).AWSCURRENT?.keyid !== 'id-1') await rollBack();

  expect(await account.state(secret)).toMatchObject({
    AWSCURRENT: { keyid: 'id-1' },
    AWSPREVIOUS: { keyid: 'id-2' },
    AWSPENDING: undefined,
  });
});

test('an answer that got lost is no failure when the label has moved', async () => {
  await rotated(2);
  const stop = account.intercept((call, now) => {
    if (call.operation !== 'UpdateSecretVersionStage' || now !== 'after') return;
    if (account.asked.filter((operation) => operation === call.operation).length < 4) return;
    stop();
    throw new DropConnection();
  });

  await rollBack();

  expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { keyid: 'id-1' } });
});
