import { TAG } from '../../../lib/rotation/contract';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { ReplacedKey } from '../../../lambda/strategy/replaced-key';
import { Account, errors, FUNCTION } from '../account';
import { MemoryKey } from './memory-issuers';

let account: Account;
let issuer: MemoryKey;

beforeEach(async () => {
  account = await new Account(rotationHandler(() => new ReplacedKey(issuer))).start();
});
afterEach(async () => await account.stop());

const make = async (value?: object) => await account.createSecret('my-key', value, { [TAG.FIELDS]: 'apiKey' });
const LIVE = { apiKey: 'value-of-key-0', note: 'kept' };
const replacements = () => issuer.asked.filter((call) => call === 'replace').length;

describe.each([true, false])('asked with the key itself: %s,', (asksWithKey) => {
  beforeEach(() => {
    issuer = new MemoryKey(asksWithKey);
  });

  test('a rotation replaces a key that works, once', async () => {
    const secret = await make(LIVE);

    const report = await account.rotate(secret);

    expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
    expect(issuer.asked).toEqual(['probe', 'replace', 'probe']);
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { apiKey: issuer.live, note: 'kept' } });
  });

  test('nothing is replaced while nobody can tell whether the key works', async () => {
    const secret = await make(LIVE);
    issuer.verdict = 'unknown';

    const report = await account.rotate(secret);

    expect(errors(report)[0]).toMatch(/cannot tell whether the AWSCURRENT key works, so it is not replaced/);
    expect(replacements()).toBe(0);
    expect(await account.state(secret)).toEqual({ AWSCURRENT: LIVE });
  });

  test('a new key that nobody can tell of is not published, and not replaced', async () => {
    const secret = await make(LIVE);
    account.beforeStep = (step) => {
      if (step === 'testSecret') issuer.verdict = 'unknown';
    };

    const report = await account.rotate(secret);

    expect(report.outcome).toBe('failed');
    expect(replacements()).toBe(1);
    expect(await account.labels(secret)).toMatchObject({ [report.token]: ['AWSPENDING'] });
  });
});

test('a dead key that the issuer is asked with is left to its owner, with the cure', async () => {
  issuer = new MemoryKey(true);
  const secret = await make({ apiKey: 'value-of-key-9' });

  const report = await account.rotate(secret);

  expect(errors(report)[0]).toBe(
    `createSecret: the AWSCURRENT key of ${secret} works no more (example.com answered GET /), and Example is asked with it: ` +
      `get a new one at Example, and put it in: npx keyturn put ${secret}`,
  );
  expect(replacements()).toBe(0);
});

test('a secret without a key cannot be rotated at an issuer that is asked with the key', async () => {
  issuer = new MemoryKey(true);
  const secret = await make();

  const report = await account.rotate(secret);

  expect(errors(report)[0]).toMatch(/is asked with the key itself, and .* has none: get a new one at Example/);
});

test('a secret without a key gets one from an issuer with a credential of its own', async () => {
  issuer = new MemoryKey(false);
  const secret = await make();

  const report = await account.rotate(secret);

  expect(report.outcome).toBe('succeeded');
  expect(issuer.asked).toEqual(['replace', 'probe']);
});

test('a dead key is replaced once by a credential of its own, and the log says why', async () => {
  issuer = new MemoryKey(false);
  const secret = await make({ apiKey: 'value-of-key-9' });

  const report = await account.rotate(secret);

  expect(report.outcome).toBe('succeeded');
  expect(replacements()).toBe(1);
  expect(account.output.join('')).toContain('the AWSCURRENT key works no more');
});

test('a second run of createSecret finds what the first has stored meanwhile, and replaces nothing', async () => {
  issuer = new MemoryKey(false);
  const secret = await make(LIVE);
  account.stepsByHand = true;
  const ClientRequestToken = 'a'.repeat(32);
  const rules = { RotationLambdaARN: FUNCTION, RotationRules: { AutomaticallyAfterDays: 30 } };
  await account.handle('RotateSecret', { SecretId: secret, ClientRequestToken, ...rules });
  const step = { SecretId: secret, ClientRequestToken, Step: 'createSecret' };
  issuer.fault = async (call, phase) => {
    if (call !== 'probe' || phase !== 'before') return;
    issuer.fault = () => {};
    await account.invoke(step);
  };

  await account.invoke(step);

  expect(replacements()).toBe(1);
  expect(await account.state(secret)).toMatchObject({ AWSPENDING: { apiKey: issuer.live } });
});
