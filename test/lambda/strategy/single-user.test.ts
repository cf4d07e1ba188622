import { ServiceError } from '../../../lab/secrets-manager';
import { TlsError, UnreachableError } from '../../../lambda/engine/errors';
import { SingleUser } from '../../../lambda/strategy/single-user';
import { RdsError } from '../../../lambda/target/errors';
import { errors } from '../account';
import { DatabaseAccount, HOST, OLD_PASSWORD } from './database-account';

let given: DatabaseAccount;

beforeEach(async () => void (given = await new DatabaseAccount((database) => new SingleUser(database)).start()));

afterEach(async () => await given.stop());

/** A secret that has an AWSPREVIOUS value. */
async function secretWithPrevious(previous: object | string): Promise<string> {
  const secret = await given.account.createSecret('my-user', previous);
  await given.account.handle('PutSecretValue', { SecretId: secret, SecretString: JSON.stringify(given.value()) });
  return secret;
}

const written = () => given.account.output.join('');

test('finds the password that an earlier run has set', async () => {
  const secret = await given.secret();
  let died = false;
  given.database.fault = (what, phase) => {
    if (died || what !== 'set the password of app' || phase === 'before') return;
    died = true;
    throw new UnreachableError('the connection broke');
  };

  const report = await given.account.rotate(secret);

  expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}, {}] });
  expect(given.database.asked.filter((what) => what.startsWith('set'))).toHaveLength(1);
  expect(written()).toContain('an earlier run has changed the password: the AWSPENDING one logs in');
});

test('finds the database at the previous password, and says so', async () => {
  const secret = await secretWithPrevious(given.value({ password: 'the-one-before' }));
  given.database.add('app', 'the-one-before');

  const report = await given.account.rotate(secret);

  expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
  expect(written()).toContain('logged in with the one of AWSPREVIOUS: the database did not have the AWSCURRENT one');
});

test('fails when no stored password works, and says which were tried and what to do', async () => {
  const secret = await secretWithPrevious(given.value({ password: 'the-one-before' }));
  given.database.add('app', 'set-by-somebody');

  const report = await given.account.rotate(secret);

  expect(report.outcome).toBe('failed');
  expect(errors(report)[0]).toBe(
    `setSecret: Example at ${HOST}:1234 refuses app with the passwords of AWSCURRENT, AWSPENDING, AWSPREVIOUS: ` +
      `if there is no such user yet, make it with the AWSCURRENT one; else put the right one, npx keyturn put ${secret}, or rotate by a master user`,
  );
  expect(given.database.accepts('app', 'set-by-somebody')).toBe(true);
});

test.each([
  ['is no JSON', () => 'the-one-before'],
  ['lacks a field', () => ({ ...given.value(), host: undefined })],
  ['is of another host', () => given.value({ host: 'elsewhere.internal' })],
  ['is of another user', () => given.value({ username: 'somebody' })],
])('tries no previous value that %s', async (_what, previous) => {
  const secret = await secretWithPrevious(previous());
  given.database.add('app', 'set-by-somebody');

  const report = await given.account.rotate(secret);

  expect(errors(report)[0]).toContain('refuses app with the passwords of AWSCURRENT, AWSPENDING: if');
  expect(new Set(given.database.hosts)).toEqual(new Set([`${HOST}:1234`]));
  expect(new Set(given.database.asked)).toEqual(new Set(['log in as app']));
});

test('tries no other password when the server could not be asked', async () => {
  const secret = await given.secret();
  given.database.way = () => {
    throw new UnreachableError('db.internal:1234 is silent');
  };

  const report = await given.account.rotate(secret);

  expect(errors(report)[0]).toBe('setSecret: db.internal:1234 is silent');
  expect(given.database.hosts).toHaveLength(report.attempts.length);
});

describe('a host that the certificate of the server is not for', () => {
  const REAL = 'orders.abc.us-east-1.rds.amazonaws.com';

  beforeEach(() => {
    given.database.way = ({ host }) => {
      if (host !== REAL) throw new TlsError(`the certificate of ${host} is for other names`);
    };
  });

  test('is left for the name that it is an alias of', async () => {
    const endpoint = { host: REAL, port: 1234 };
    given.servers.byHost.set(HOST, { arn: 'arn', endpoint, writer: endpoint, hosts: [REAL] });
    const secret = await given.secret();

    const report = await given.account.rotate(secret);

    expect(report.outcome).toBe('succeeded');
    expect((await given.account.state(secret)).AWSCURRENT).toMatchObject({ host: HOST });
    expect(written()).toContain(`${HOST} is an alias of ${REAL}: logging in there`);
  });

  test('is an error when it is no alias', async () => {
    const secret = await given.secret();

    const report = await given.account.rotate(secret);

    expect(errors(report)[0]).toBe(`setSecret: the certificate of ${HOST} is for other names`);
    expect(given.servers.asked).toContain(HOST);
  });

  test('is an error that says so when RDS does not tell what it is an alias of', async () => {
    given.servers.named = async () => {
      throw new RdsError('RDS refused DescribeDBInstances on orders (AccessDenied): not authorized');
    };
    const secret = await given.secret();

    const report = await given.account.rotate(secret);

    expect(errors(report)[0]).toBe(
      `setSecret: the certificate of ${HOST} is for other names; it is an alias, but RDS refused DescribeDBInstances on orders ` +
        '(AccessDenied): not authorized',
    );
  });

  test.each(['127.0.0.1', 'other.abc.us-east-1.rds.amazonaws.com'])('is not looked up when it is %s', async (host) => {
    const secret = await given.secret({ host });

    const report = await given.account.rotate(secret);

    expect(errors(report)[0]).toContain(`the certificate of ${host} is for other names`);
    expect(given.servers.asked).toEqual([]);
  });
});

describe('a host of RDS Proxy', () => {
  const PROXY = 'orders.proxy-abc.us-east-1.rds.amazonaws.com';

  test('stands for the database behind it', async () => {
    const writer = { host: 'orders.cluster-abc.us-east-1.rds.amazonaws.com', port: 5000 };
    given.servers.byHost.set(PROXY, { arn: 'arn', endpoint: writer, writer, hosts: [writer.host] });
    const secret = await given.secret({ host: PROXY });

    const report = await given.account.rotate(secret);

    expect(report.outcome).toBe('succeeded');
    expect(new Set(given.database.hosts)).toEqual(new Set([`${writer.host}:5000`]));
  });

  test('that RDS does not know gets no password', async () => {
    const secret = await given.secret({ host: PROXY });

    const report = await given.account.rotate(secret);

    expect(errors(report)[0]).toBe(
      `setSecret: RDS knows no database behind the proxy ${PROXY}; is it of this account?`,
    );
    expect(given.database.hosts).toEqual([]);
  });
});

describe('the password of a rotation that was given up after it was set', () => {
  /** @returns the id of its version */
  async function giveUp(secret: string): Promise<string> {
    given.account.beforeStep = (step) => {
      if (step === 'testSecret') throw new Error('out of order');
    };
    const { token } = await given.account.rotate(secret);
    const off = { VersionStage: 'AWSPENDING', RemoveFromVersionId: token };
    await given.account.handle('UpdateSecretVersionStage', { SecretId: secret, ...off });
    given.account.beforeStep = () => {};
    return token;
  }

  test('is found in the version that the rotation left behind', async () => {
    const secret = await given.secret();
    const left = await giveUp(secret);

    const report = await given.account.rotate(secret);

    expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
    expect(await given.works(secret)).toBe(true);
    expect(written()).toContain(`logged in with the one of version ${left}: the database`);
  });

  test('is found behind one that was given up later, before it was set', async () => {
    const secret = await given.secret();
    await giveUp(secret);
    given.database.fault = () => {
      throw new UnreachableError('db.internal:1234 is silent');
    };
    await giveUp(secret);
    given.database.fault = () => {};

    const report = await given.account.rotate(secret);

    expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
  });

  test('is not looked for among the versions before AWSCURRENT', async () => {
    const secret = await given.secret();
    await giveUp(secret);
    const SecretString = JSON.stringify(given.value({ password: 'a-wrong-password' }));
    await given.account.handle('PutSecretValue', { SecretId: secret, SecretString });

    const report = await given.account.rotate(secret);

    expect(errors(report)[0]).toContain('with the passwords of AWSCURRENT, AWSPENDING, AWSPREVIOUS: if');
  });

  test('is not found by a role that may not list versions: that is logged, and the error is the usual one', async () => {
    const secret = await given.secret();
    await giveUp(secret);
    given.account.intercept(({ operation }) => {
      if (operation === 'ListSecretVersionIds') throw new ServiceError('AccessDeniedException', 'not authorized');
    });

    const report = await given.account.rotate(secret);

    expect(errors(report)[0]).toContain('refuses app with the passwords of AWSCURRENT, AWSPENDING: if');
    expect(written()).toContain('versions that were left behind cannot be looked through');
  });
});

test('needs no master secret', async () => {
  const secret = await given.secret({ masterarn: undefined });

  const report = await given.account.rotate(secret);

  expect(report.outcome).toBe('succeeded');
  expect((await given.account.state(secret)).AWSCURRENT).not.toHaveProperty('masterarn');
  expect(given.database.accepts('app', OLD_PASSWORD)).toBe(false);
});
