import { PasswordPolicyError } from '../../../lambda/engine/errors';
import { errors, FUNCTION } from '../account';
import { DatabaseAccount, HOST, MASTER_PASSWORD, OLD_PASSWORD } from './database-account';
import { DATABASE_STRATEGIES } from './database-strategy-cases';

const TOKEN = '11111111-2222-3333-4444-555555555555';

describe.each(DATABASE_STRATEGIES)('$name', ({ make, calls, connections, usernames, byMaster }) => {
  let given: DatabaseAccount;

  beforeEach(async () => void (given = await new DatabaseAccount(make).start()));

  afterEach(async () => await given.stop());

  const logins = () => given.database.asked.filter((what) => what.startsWith('log in')).length;

  /** The state in which Secrets Manager calls the first step. */
  async function pendingSecret(
    change: Record<string, unknown> = {},
  ): Promise<{ SecretId: string; ClientRequestToken: string }> {
    const SecretId = await given.secret(change);
    given.account.stepsByHand = true;
    await given.account.handle('RotateSecret', { SecretId, ClientRequestToken: TOKEN, RotationLambdaARN: FUNCTION });
    return { SecretId, ClientRequestToken: TOKEN };
  }

  async function run(secret: { SecretId: string }, ...steps: string[]): Promise<void> {
    for (const step of steps) await given.account.invoke({ ...secret, Step: step });
  }

  describe('in the steady path', () => {
    test(`takes ${calls} calls, ${connections} connections and no failed login, at every rotation`, async () => {
      const secret = await given.secret();
      const { account, database } = given;

      for (const username of usernames) {
        account.calls.all.length = 0;
        database.asked.length = 0;
        const report = await account.rotate(secret);

        expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
        expect((await account.state(secret)).AWSCURRENT).toMatchObject({ username });
        expect(account.asked).toHaveLength(calls);
        expect(logins()).toBe(connections);
        expect(await given.works(secret)).toBe(true);
      }
      expect(database.failedLogins).toBe(0);
    });

    test('keeps every field that it does not own as it is', async () => {
      const secret = await given.secret();

      await given.account.rotate(secret);

      const { AWSCURRENT, AWSPREVIOUS } = await given.account.state(secret);
      expect(AWSCURRENT).toEqual({ ...given.value(), username: usernames[0], password: expect.any(String) });
      expect(AWSCURRENT!.password).not.toBe(OLD_PASSWORD);
      expect(AWSPREVIOUS).toEqual(given.value());
    });

    test('takes a port that is a text, and the usual port where there is none', async () => {
      for (const port of ['1234', undefined]) {
        const secret = await given.secret({ port });
        await given.account.rotate(secret);
        await given.account.handle('DeleteSecret', { SecretId: secret, ForceDeleteWithoutRecovery: true });
        given.database.add('app', OLD_PASSWORD).users.delete('app_clone');
      }

      expect(new Set(given.database.hosts)).toEqual(new Set([`${HOST}:1234`]));
      expect(given.database.failedLogins).toBe(0);
    });
  });

  test('succeeds when every step runs twice, and when they run again after the end', async () => {
    const secret = await pendingSecret();
    const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

    await run(secret, ...steps.flatMap((step) => [step, step]));
    await run(secret, 'testSecret', 'setSecret', 'createSecret', 'finishSecret');

    expect(await given.works(secret.SecretId)).toBe(true);
  });

  test('tests the existing value when a deployment sets rotation up without rotating', async () => {
    const secret = await given.secret();

    const report = await given.account.rotate(secret, { immediately: false });

    expect(report.outcome).toBe('succeeded');
    expect(given.database.asked).toEqual(['log in as app', 'probe']);
  });

  test('takes a value without a password for one that is not set yet when a deployment tests it', async () => {
    const secret = await given.secret({ password: '' });

    const report = await given.account.rotate(secret, { immediately: false });

    expect(report.outcome).toBe('succeeded');
    expect(given.database.asked).toEqual([]);
    expect(given.account.output.join('')).toContain('not set yet');
  });

  test('succeeds on a server that refuses passwords that it had before, also when setSecret runs twice', async () => {
    given.database.remembersPasswords = true;
    const secret = await pendingSecret();

    await run(secret, 'createSecret', 'setSecret', 'setSecret', 'testSecret', 'finishSecret');

    expect(await given.works(secret.SecretId)).toBe(true);
  });

  test('gives up a password that the server refuses by its policy; the next rotation draws another one', async () => {
    const secret = await given.secret();
    const policy = () => {
      throw new PasswordPolicyError('Example refuses the password: too short');
    };
    given.database.fault = (what) => /^(set|put|add)/.test(what) && policy();

    const refused = await given.account.rotate(secret);
    given.database.fault = () => {};
    const next = await given.account.rotate(secret);

    expect(refused).toMatchObject({ outcome: 'abandoned', attempts: [{}] });
    expect(errors(refused)).toEqual(['setSecret: Example refuses the password: too short']);
    expect(next.outcome).toBe('succeeded');
    expect(await given.works(secret)).toBe(true);
  });

  test('does not publish a password with which nobody can log in', async () => {
    const secret = await pendingSecret();
    await run(secret, 'createSecret', 'setSecret');
    given.database.add(usernames[0], 'changed-by-somebody');

    const step = run(secret, 'testSecret');

    await expect(step).rejects.toMatchObject({
      name: 'PendingNotProvenError',
      message: `testSecret: version ${TOKEN} of ${secret.SecretId} does not work: Example at ${HOST}:1234 refuses ${usernames[0]}`,
    });
  });

  test('waits a moment for a replica that does not know the password yet', async () => {
    const secret = await pendingSecret();
    await run(secret, 'createSecret', 'setSecret');
    const { accepts } = given.database;
    given.database.accepts = () => {
      given.database.accepts = accepts;
      return false;
    };

    await run(secret, 'testSecret');

    expect(logins()).toBe(connections + 1);
  });

  test.each([
    ['lacks "host"', { host: undefined }],
    ['lacks "engine", "username", "password"', { engine: '', username: null, password: 12345678 }],
    ['has "engine": "other", and this function rotates example, aurora-example', { engine: 'other' }],
    ['has "port": "none", which must be between 1 and 65535', { port: 'none' }],
    ['has "port": 65536, which must be between 1 and 65535', { port: 65_536 }],
    ['has "port": 0, which must be between 1 and 65535', { port: 0 }],
    ['has "ssl": false, but passwords are sent over TLS only', { ssl: false }],
    ['has "ssl": false, but passwords are sent over TLS only', { ssl: 'False' }],
  ])('refuses a value that %s, before anybody logs in', async (what, change) => {
    const secret = await given.secret(change);

    const report = await given.account.rotate(secret);

    expect(report.outcome).toBe('failed');
    expect(errors(report)[0]).toContain(`createSecret: the AWSCURRENT value of ${secret} ${what}`);
    expect(errors(report)[0]).toMatch(/: npx keyturn put arn:\S+$/);
    expect(given.database.asked).toEqual([]);
  });

  test('refuses an empty secret, and says what to do', async () => {
    const secret = await given.account.createSecret('empty');

    const report = await given.account.rotate(secret);

    expect(errors(report)[0]).toBe(
      `createSecret: ${secret} has no value yet, so whose password is it? npx keyturn put ${secret}`,
    );
  });

  describe.each([
    ['host', { host: 'elsewhere.internal' }],
    ['user', { username: 'somebody' }],
    ['port', { port: 4321 }],
  ])('when the %s in AWSCURRENT changes while the rotation runs', (_what, change) => {
    test('gives the pending value up if the new AWSCURRENT works', async () => {
      const secret = await pendingSecret();
      await run(secret, 'createSecret');
      given.database.add('somebody', OLD_PASSWORD);
      const SecretString = JSON.stringify(given.value(change));
      await given.account.handle('PutSecretValue', { SecretId: secret.SecretId, SecretString });

      const step = run(secret, 'setSecret');

      await expect(step).rejects.toMatchObject({ name: 'PendingUselessError' });
      expect(Object.values(await given.account.labels(secret.SecretId)).flat()).not.toContain('AWSPENDING');
      expect(given.database.accepts('app', OLD_PASSWORD)).toBe(true);
    });

    test('changes nothing, and keeps both, if the new AWSCURRENT does not work', async () => {
      const secret = await pendingSecret();
      await run(secret, 'createSecret');
      const SecretString = JSON.stringify(given.value({ ...change, password: 'a-wrong-password' }));
      await given.account.handle('PutSecretValue', { SecretId: secret.SecretId, SecretString });

      const step = run(secret, 'setSecret');

      await expect(step).rejects.toMatchObject({
        name: 'SecretValueError',
        message: expect.stringMatching(
          /^setSecret: the AWSPENDING value of .* is of \S+ at db\.internal:1234, but after AWSCURRENT, which does not/,
        ),
      });
      expect((await given.account.labels(secret.SecretId))[TOKEN]).toEqual(['AWSPENDING']);
      expect(given.database.accepts('app', OLD_PASSWORD)).toBe(true);
    });
  });

  describe('when a value is put in by hand after a rotation, and AWSPENDING has stayed behind on the version before', () => {
    test.each([
      ['a field of its own', 'note'],
      ['another password', 'password'],
    ])('keeps %s: that rotation ends, and the next one starts from the new value', async (_what, field) => {
      const secret = await given.secret();
      const { account, database } = given;
      await account.rotate(secret);
      const { AWSCURRENT } = await account.state(secret);
      const put: Record<string, unknown> = { ...AWSCURRENT, [field]: 'put-in-by-hand' };
      database.add(usernames[0], String(put.password), { cloneOf: 'app' });
      await account.handle('PutSecretValue', { SecretId: secret, SecretString: JSON.stringify(put) });

      const reports = [await given.reattempt(secret), await account.rotate(secret)];

      expect(reports.map(({ outcome }) => outcome)).toEqual(['abandoned', 'succeeded']);
      expect(errors(reports[0])[0]).toMatch(
        /^setSecret: the AWSPENDING value of .* and AWSCURRENT, which works, has been put in since it was made/,
      );
      expect((await account.state(secret)).AWSCURRENT).toMatchObject({ note: put.note });
      expect(await given.works(secret)).toBe(true);
    });

    test('puts a password right that does not work', async () => {
      const secret = await given.secret();
      const { account } = given;
      await account.rotate(secret);
      const { AWSCURRENT } = await account.state(secret);
      const SecretString = JSON.stringify({ ...AWSCURRENT, username: 'app', password: 'a-wrong-password' });
      await account.handle('PutSecretValue', { SecretId: secret, SecretString });

      const report = await given.reattempt(secret);

      expect(report.outcome).toBe('succeeded');
      expect(await given.works(secret)).toBe(true);
    });
  });

  if (byMaster) {
    test('names the master secret of its tag, or else of its JSON, in the new value', async () => {
      const other = await given.account.createSecret('other-master', {
        ...{ engine: 'example', host: HOST, username: 'master', password: MASTER_PASSWORD },
      });
      const secret = await given.secret({}, { 'keyturn:master-secret': other });

      await given.account.rotate(secret);

      expect((await given.account.state(secret)).AWSCURRENT).toMatchObject({ masterarn: other });
    });

    test('says how to name a master secret when nothing does', async () => {
      const secret = await given.secret({ masterarn: undefined });

      const report = await given.account.rotate(secret);

      expect(errors(report)[0]).toMatch(
        /^createSecret: arn:\S+ does not name its master user: set its tag keyturn:master-secret, or "masterarn" in its JSON/,
      );
    });
  }
});
