import { findLeaks } from '../../../lab';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { AnyIssuer, IssuerSession } from '../../../lambda/provider/key-issuer';
import { issuerSession } from '../../../lambda/strategy/issuer-session';
import { Account, errors } from '../account';

const ADMIN = { adminKey: 'admin-key-of-acme', other: 'other-value' };
const CURRENT = { apiKey: 'the-current-key' };
const FIELD = { 'keyturn:rotated-field': 'apiKey' };
const ACCOUNT = { 'keyturn:parameter:account': 'acc-1', 'keyturn:parameter:project': 'p 2' };

let account: Account;
let issuer: AnyIssuer;
/** What the step does with its session. */
let use: (session: IssuerSession) => Promise<unknown>;
let admin: string;

beforeEach(async () => {
  issuer = {
    name: 'Acme',
    credentialFields: ['adminKey'],
    parameterNames: ['account', 'project'],
    settle: 0,
    probe: async () => ({ verdict: 'valid', detail: '' }),
  };
  use = async () => {};
  account = await new Account(
    rotationHandler(() => ({
      create: async (rotation) => {
        await use(await issuerSession(rotation, issuer));
        return { apiKey: 'the-next-key' };
      },
      test: async () => {},
    })),
  ).start();
  admin = await account.createSecret('acme/admin', ADMIN);
});

afterEach(async () => await account.stop());

/** Runs a step with the session of a secret; answers its error, if any. */
async function step(value: object | undefined, tags: Record<string, string>): Promise<string | undefined> {
  const secret = await account.createSecret('key', value, { ...FIELD, ...tags });
  return errors(await account.rotate(secret))[0];
}

/** How often the credential was read. */
function reads(): number {
  return account.calls.all.filter(({ operation, resource }) => {
    return operation === 'GetSecretValue' && resource === 'acme/admin';
  }).length;
}

test('has field, settings, the AWSCURRENT value, and the credential that the tag names, read once', async () => {
  let seen: unknown;
  use = async (session) => {
    const { parameters, field } = session;
    await session.credential();
    seen = { parameters, field, current: await session.current(), credential: await session.credential() };
  };

  const error = await step(CURRENT, { ...ACCOUNT, 'keyturn:issuer-secret': admin });

  expect(error).toBeUndefined();
  expect(seen).toEqual({
    parameters: { account: 'acc-1', project: 'p 2' },
    field: 'apiKey',
    current: CURRENT,
    credential: { secretId: admin, fields: ADMIN },
  });
  expect(reads()).toBe(1);
});

test('reads no credential that nobody asks for', async () => {
  await step(CURRENT, { ...ACCOUNT, 'keyturn:issuer-secret': admin });

  expect(reads()).toBe(0);
});

test('takes the credential that the AWSCURRENT value names where no tag does', async () => {
  let secretId: unknown;
  use = async (session) => ({ secretId } = await session.credential());

  await step({ ...CURRENT, issuerarn: admin }, ACCOUNT);

  expect(secretId).toBe(admin);
});

test('names all settings that are missing, by their tags', async () => {
  const error = await step(CURRENT, { 'keyturn:issuer-secret': admin });

  expect(error).toMatch(
    /^createSecret: arn:\S+ lacks the tag keyturn:parameter:account, keyturn:parameter:project, which Acme must be asked with$/,
  );
});

test('takes an empty setting for a missing one', async () => {
  const error = await step(CURRENT, { ...ACCOUNT, 'keyturn:parameter:project': '' });

  expect(error).toMatch(/lacks the tag keyturn:parameter:project, which/);
});

describe('a credential that is not there', () => {
  beforeEach(() => {
    use = async (session) => await session.credential();
  });

  test.each([[CURRENT], [undefined]])(
    'is an error that says how to name its secret, when nothing does: %j',
    async (value) => {
      const error = await step(value, ACCOUNT);

      expect(error).toMatch(
        /^createSecret: arn:\S+ does not say who issues its key: set its tag keyturn:issuer-secret, or "issuerarn" in its JSON, to the ARN of the secret with adminKey$/,
      );
    },
  );

  test('is an error with the cure when its secret has no value', async () => {
    const empty = await account.createSecret('acme/empty');

    const error = await step(CURRENT, { ...ACCOUNT, 'keyturn:issuer-secret': empty });

    expect(error).toBe(`createSecret: ${empty} does not exist or has no value yet: npx keyturn put ${empty}`);
  });

  test('is an error that names the missing fields', async () => {
    const half = await account.createSecret('acme/half', { adminKey: '', other: 'other-value' });
    issuer = { ...issuer, credentialFields: ['adminKey', 'adminId', 'other'] };

    const error = await step(CURRENT, { ...ACCOUNT, 'keyturn:issuer-secret': half });

    expect(error).toBe(`createSecret: ${half} lacks "adminKey", "adminId": npx keyturn put ${half}`);
  });

  test('is an error that quotes nothing when it is not JSON', async () => {
    const text = await account.createSecret('acme/text', 'admin-key-as-text');

    const error = await step(CURRENT, { ...ACCOUNT, 'keyturn:issuer-secret': text });

    expect(error).toContain(`the AWSCURRENT value of ${text} is not JSON`);
    expect(findLeaks('output', account.output.join('') + error, ['admin-key-as-text'])).toEqual([]);
  });
});

test('hides what it hands out and what it is told, from log and errors', async () => {
  const hidden = 'access-token-of-acme';
  use = async (session) => {
    const { fields } = await session.credential();
    session.hide(hidden);
    session.log.info(`asked with ${fields.adminKey}, got ${hidden}`, { hidden: { fields } });
    throw new Error(`${fields.adminKey} ${hidden} ${JSON.stringify(await session.current())}`);
  };

  const error = await step(CURRENT, { ...ACCOUNT, 'keyturn:issuer-secret': admin });

  expect(error).toBe('createSecret: [redacted] [redacted] [redacted]');
  const values = [...Object.values(ADMIN), CURRENT.apiKey, hidden];
  expect(findLeaks('output', account.output.join('') + error, values)).toEqual([]);
});
