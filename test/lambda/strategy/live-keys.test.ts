import { keyName } from '../../../lambda/strategy/key-name';
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

describe('by their names', () => {
  test('keys tell the secret and the version that they are for', async () => {
    const secret = await account.rotated(1);

    const [{ name }] = issuer.keys;

    expect(name).toBe(keyName(secret, (await account.versionWith(secret, 'AWSCURRENT'))!));
    expect(name).toMatch(/^keyturn-[0-9a-f]{8}-/);
  });

  test('two secrets at one issuer never end a key of each other', async () => {
    const one = await account.rotated(3, 'one');
    const other = await account.rotated(3, 'other');

    await account.rotateLater(one);

    const keys = [...Object.values(await account.state(one)), ...Object.values(await account.state(other))];
    const ids = keys.flatMap((value) => value?.keyid ?? []).filter((id, index, all) => all.indexOf(id) === index);
    expect(issuer.ids).toEqual(ids.sort());
    expect(issuer.ids).toHaveLength(4);
  });

  test('keys under other names are left alone', async () => {
    issuer.add('keyturn-00000000-of-another-secret');
    const secret = await account.rotated(1);
    issuer.add('by hand');

    await account.rotateLater(secret);
    await account.rotateLater(secret);

    expect(issuer.ids).toEqual(['id-1', 'id-3', 'id-4', 'id-5']);
  });
});

describe('at the limit', () => {
  beforeEach(() => {
    issuer.limit = 2;
  });

  test('the key of AWSPREVIOUS makes room', async () => {
    const secret = await account.rotated(4);

    expect(issuer.most).toBe(2);
    expect(await account.state(secret)).toMatchObject({
      AWSCURRENT: { keyid: 'id-4' },
      AWSPREVIOUS: { keyid: 'id-3' },
    });
  });

  test('keys of others leave no room, and are named', async () => {
    issuer.add('of somebody');
    issuer.add('of somebody else');
    const secret = await account.make();

    const report = await account.rotateLater(secret);

    expect(errors(report)[0]).toBe(
      'createSecret: Example lets 2 keys live, and has 2, none of which this rotation may revoke; revoke one there that nobody uses: id-1, id-2',
    );
    expect(report.attempts[0].steps[0].error?.type).toBe('IssuerRefusedError');
    expect(issuer.ids).toEqual(['id-1', 'id-2']);
  });

  test('AWSCURRENT makes no room, even when AWSPREVIOUS has the same key', async () => {
    issuer.limit = 1;
    const secret = await account.rotated(1);
    await put(account, secret, { note: 'another' });

    const report = await account.rotateLater(secret);

    expect(report.outcome).toBe('failed');
    expect(issuer.ids).toEqual(['id-1']);
  });
});

describe('labels that lag', () => {
  test.each(['DescribeSecret', 'GetSecretValue'])(
    'do not lead to the end of a published key: %s in finishSecret',
    async (operation) => {
      issuer.grace = 0;
      const secret = await account.rotated(2);
      const { AWSCURRENT } = await account.state(secret);
      const handle = account.secretsManager.handle.bind(account.secretsManager);
      const old = new Map<string, object>();
      jest.spyOn(account.secretsManager, 'handle').mockImplementation(async (name, input, caller) => {
        const answer = await handle(name, input, caller);
        if (name !== operation || caller.name !== 'rotation') return answer;
        const key = JSON.stringify(input);
        if (!old.has(key)) old.set(key, answer);
        return structuredClone(old.get(key)!);
      });
      account.beforeStep = () => old.clear();

      await account.rotate(secret);

      const { AWSCURRENT: published, AWSPREVIOUS } = await account.state(secret);
      expect(AWSPREVIOUS).toEqual(AWSCURRENT);
      expect([published, AWSPREVIOUS].map((value) => issuer.accepts(value?.apiKey))).toEqual([true, true]);
    },
  );

  test('do not lead to the end of a published key in the look in between', async () => {
    issuer.grace = 1;
    const secret = await account.rotated(2);
    const before = await account.handle('DescribeSecret', { SecretId: secret });
    await account.rotateLater(secret);
    const handle = account.secretsManager.handle.bind(account.secretsManager);
    jest.spyOn(account.secretsManager, 'handle').mockImplementation(async (name, input, caller) => {
      const answer = await handle(name, input, caller);
      return name === 'DescribeSecret' ? structuredClone(before) : answer;
    });

    await account.endOld(secret);

    jest.restoreAllMocks();
    expect(issuer.ids).toContain('id-3');
    expect(issuer.ids).toContain('id-2');
  });
});
