import { errors } from '../account';
import { IssuedKeysAccount } from './issued-keys-account';
import { ANY_KEY, MemoryKeys } from './memory-issuers';
import { put } from './put-by-hand';

let account: IssuedKeysAccount;
let issuer: MemoryKeys;

beforeEach(async () => {
  account = await new IssuedKeysAccount().start();
  ({ issuer } = account);
});
afterEach(async () => {
  const shown = account.output.join('');
  await account.stop();
  expect(shown).not.toMatch(ANY_KEY);
});

describe.each([true, false])('with names: %s,', (hasNames) => {
  beforeEach(() => {
    issuer.hasNames = hasNames;
  });

  test.each([1, 2, 3])('the same key, put in again %i times beside another note, lives on', async (times) => {
    issuer.grace = 1;
    const secret = await account.rotated(2);
    for (let count = 0; count < times; count++) await put(account, secret, { note: `${count}` });

    await account.endOld(secret);
    const report = await account.rotateLater(secret);

    expect(report.outcome).toBe('succeeded');
    expect(issuer.ids).toEqual(['id-2', 'id-3']);
  });

  test('a key that was put in without its id is not ended, and named as unknown when its time has come', async () => {
    const secret = await account.rotated(2);
    const { key } = issuer.add('by hand');
    await account.clock.advance({ seconds: 5 });
    await put(account, secret, { apiKey: key });

    await account.rotateLater(secret);
    const afterOne = issuer.ids;
    await account.rotateLater(secret);

    expect(afterOne).toContain('id-3');
    expect(issuer.ids).toEqual(['id-3', 'id-4', 'id-5']);
    expect(account.output.join('')).toContain(
      'the id of the AWSPREVIOUS key is not known: revoke it at Example by hand',
    );
  });

  test('the key before, put in again in the place of the new one, lives on', async () => {
    issuer.grace = 1;
    const secret = await account.rotated(2);
    const { AWSPREVIOUS } = await account.state(secret);
    await account.clock.advance({ seconds: 5 });
    await put(account, secret, { apiKey: AWSPREVIOUS?.apiKey });

    await account.endOld(secret);

    expect(issuer.accepts(AWSPREVIOUS?.apiKey)).toBe(true);
  });

  test('a current value that is no JSON object stays as it was, and no key is made or ended', async () => {
    const secret = await account.rotated(2);
    await account.handle('PutSecretValue', { SecretId: secret, SecretString: 'value-of-key-2' });
    const pending = await account.versionWith(secret, 'AWSPENDING');
    const move = { VersionStage: 'AWSPENDING', RemoveFromVersionId: pending };
    if (pending) await account.handle('UpdateSecretVersionStage', { SecretId: secret, ...move });

    const report = await account.rotateLater(secret);

    expect(errors(report)[0]).toBe(
      `createSecret: the AWSCURRENT value of ${secret} cannot be read, or is no JSON object; a rotation needs one with named fields: ` +
        `npx keyturn put ${secret}`,
    );
    expect(issuer.ids).toEqual(['id-1', 'id-2']);
  });
});

test('a pending key that was made before AWSCURRENT was put in is given up', async () => {
  const secret = await account.rotated(1);
  account.stepsByHand = true;
  const ClientRequestToken = 'a'.repeat(32);
  await account.handle('RotateSecret', { SecretId: secret, ClientRequestToken });
  await account.invoke({ SecretId: secret, ClientRequestToken, Step: 'createSecret' });
  await account.clock.advance({ minutes: 1 });
  const { key, id } = issuer.add('by hand');
  await account.handle('PutSecretValue', {
    SecretId: secret,
    SecretString: JSON.stringify({ apiKey: key, keyid: id }),
  });

  const test = account.invoke({ SecretId: secret, ClientRequestToken, Step: 'testSecret' });

  await expect(test).rejects.toThrow(/works, and has been put in since the AWSPENDING one was made/);
  expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { apiKey: key }, AWSPENDING: undefined });
});
