import { SingleUserByMaster } from '../../../lambda/strategy/single-user-by-master';
import { Endpoint, Server } from '../../../lambda/target/servers';
import { errors } from '../account';
import { DatabaseAccount, HOST, MASTER_PASSWORD, OLD_PASSWORD } from './database-account';

const WRITER = 'orders.cluster-abc.us-east-1.rds.amazonaws.com';
const READERS = 'orders.cluster-ro-abc.us-east-1.rds.amazonaws.com';
const CLUSTER = 'arn:aws:rds:us-east-1:123456789012:cluster:orders';

let given: DatabaseAccount;

beforeEach(
  async () => void (given = await new DatabaseAccount((database) => new SingleUserByMaster(database)).start()),
);

afterEach(async () => await given.stop());

const putMaster = async (value: object) =>
  await given.account.handle('PutSecretValue', { SecretId: given.masterSecret, SecretString: JSON.stringify(value) });

const cluster = (endpoint: Endpoint, arn = CLUSTER): Server => ({
  arn,
  endpoint,
  writer: { host: WRITER, port: 1234 },
  hosts: [WRITER, READERS],
});

test('changes the password of a user whose stored passwords do not work', async () => {
  const secret = await given.secret();
  given.database.add('app', 'forgotten-by-everybody');

  const report = await given.account.rotate(secret);

  expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
  expect(await given.works(secret)).toBe(true);
});

test('never changes its own password', async () => {
  const secret = await given.secret({ username: 'master', password: MASTER_PASSWORD });

  const report = await given.account.rotate(secret);

  expect(errors(report)[0]).toBe(
    `setSecret: master in ${secret} is the master user of ${given.masterSecret} itself: rotate it as a single user`,
  );
  expect(given.database.asked).toEqual([]);
});

describe('a master user who is refused', () => {
  test('is tried again with the password that its secret has a moment later', async () => {
    const secret = await given.secret();
    const { AWSCURRENT: master } = await given.account.state(given.masterSecret);
    given.database.add('master', 'the-new-master-password');
    given.database.fault = () => void putMaster({ ...master, password: 'the-new-master-password' });

    const report = await given.account.rotate(secret);

    expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
    expect(given.database.failedLogins).toBe(1);
  });

  test('is not tried again with the same password, and the error says that a repeat may get on', async () => {
    const secret = await given.secret();
    given.database.add('master', 'the-new-master-password');

    const report = await given.account.rotate(secret);

    expect(errors(report)[0]).toBe(
      `setSecret: Example at ${HOST}:1234 refuses the master user master with the password in ${given.masterSecret}, ` +
        'also after a second look; if that secret rotates just now, the repeat of this rotation gets on',
    );
    expect(report.attempts[0].steps.at(-1)?.error?.type).toBe('MasterRejectedError');
    expect(given.database.failedLogins).toBe(report.attempts.length);
    expect(given.database.accepts('app', OLD_PASSWORD)).toBe(true);
  });
});

describe('the server of the master user', () => {
  test('is the same when host and port are, and nobody is asked', async () => {
    await putMaster({ username: 'master', password: MASTER_PASSWORD, host: `${HOST.toUpperCase()}.`, port: '1234' });
    const secret = await given.secret();

    const report = await given.account.rotate(secret);

    expect(report.outcome).toBe('succeeded');
    expect(given.servers.asked).toEqual([]);
  });

  test('is the same when another host leads to the same cluster, and its writer is where the password is changed', async () => {
    const secret = await given.secret({ host: READERS });
    given.servers.byHost.set(READERS, cluster({ host: READERS, port: 1234 }));
    given.servers.byHost.set(HOST, cluster({ host: WRITER, port: 1234 }));

    const report = await given.account.rotate(secret);

    expect(report.outcome).toBe('succeeded');
    expect(given.database.hosts).toEqual([`${WRITER}:1234`, `${READERS}:1234`]);
  });

  test.each([
    ['has another port', { port: 4321 }, `${HOST}:4321: these are two servers`, []],
    ['is unknown', { host: 'other.internal' }, `RDS knows nothing of ${HOST} and other.internal`, []],
    ['is unknown to RDS, which knows the user', { host: 'x' }, 'RDS knows nothing of x;', [HOST]],
    ['is another one', { host: 'other' }, `RDS has ${CLUSTER} and another;`, [HOST, 'other']],
    // The first label alone proves nothing: anybody may choose it.
    ['is only called alike', { host: 'db.example.com' }, `RDS knows nothing of ${HOST} and db.example.com`, []],
  ])('is refused before anybody logs in when it %s', async (_what, change, finding, known) => {
    await putMaster({ username: 'master', password: MASTER_PASSWORD, host: HOST, port: 1234, ...change });
    const secret = await given.secret();
    for (const host of known) {
      given.servers.byHost.set(host, cluster({ host, port: 1234 }, host === HOST ? CLUSTER : 'another'));
    }

    const report = await given.account.rotate(secret);

    expect(errors(report)[0]).toContain(`setSecret: ${secret} is of a user at ${HOST}:1234, and its master user in`);
    expect(errors(report)[0]).toContain(finding);
    expect(report.attempts[0].steps.at(-1)?.error?.type).toBe('OtherServerError');
    expect(given.database.hosts).toEqual([]);
  });

  test.each([
    ['"engine": "other"', { engine: 'other' }],
    ['"port": "x"', { port: 'x' }],
    ['"ssl": false', { ssl: false }],
  ])('is refused when the master secret has %s', async (text, change) => {
    await putMaster({ username: 'master', password: MASTER_PASSWORD, host: HOST, ...change });
    const secret = await given.secret();

    const report = await given.account.rotate(secret);

    expect(errors(report)[0]).toContain(`setSecret: the AWSCURRENT value of ${given.masterSecret} has ${text}`);
  });

  test('is refused when the master secret lacks fields', async () => {
    await putMaster({ username: 'master', host: HOST });
    const secret = await given.secret();

    const report = await given.account.rotate(secret);

    expect(errors(report)[0]).toBe(
      `setSecret: ${given.masterSecret} lacks "password": npx keyturn put ${given.masterSecret}`,
    );
  });
});

describe('a master secret that RDS manages', () => {
  const managed = async (tags: Record<string, string>) => {
    const value = { username: 'master', password: MASTER_PASSWORD };
    given.masterSecret = await given.account.createSecret('rds!cluster-1', value);
    given.account.secretsManager.setSystemTags(given.masterSecret, tags);
  };

  beforeEach(() => given.servers.byArn.set(CLUSTER, cluster({ host: WRITER, port: 1234 })));

  test.each(['aws:rds:primaryDBClusterArn', 'aws:rds:primaryDBInstanceArn', 'aws:rds:primarydbclusterarn'])(
    'is of the database that the tag %s names',
    async (tag) => {
      await managed({ [tag]: CLUSTER });
      const secret = await given.secret({ host: READERS });

      const report = await given.account.rotate(secret);

      expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
      expect(given.servers.asked).toEqual([CLUSTER]);
      expect(given.database.hosts).toEqual([`${WRITER}:1234`, `${READERS}:1234`]);
    },
  );

  test('is of a database that the host of the user leads to', async () => {
    await managed({ 'aws:rds:primaryDBClusterArn': CLUSTER });
    given.servers.byHost.set(HOST, cluster({ host: HOST, port: 1234 }));
    const secret = await given.secret();

    const report = await given.account.rotate(secret);

    expect(report.outcome).toBe('succeeded');
  });

  test.each([['elsewhere'], [undefined]])('gets no login when the user is on another database: %s', async (arn) => {
    await managed({ 'aws:rds:primaryDBClusterArn': CLUSTER });
    if (arn) given.servers.byHost.set(HOST, cluster({ host: HOST, port: 1234 }, arn));
    const secret = await given.secret();

    const report = await given.account.rotate(secret);

    expect(errors(report)[0]).toBe(
      `setSecret: ${secret} is of a user at ${HOST}:1234, and RDS says that this is not ${CLUSTER}, ` +
        `of which ${given.masterSecret} is the master user`,
    );
    expect(given.database.hosts).toEqual([]);
  });

  test('without a tag of RDS gets no login: the host of the user might be anybody', async () => {
    await managed({});
    const secret = await given.secret();

    const report = await given.account.rotate(secret);

    expect(errors(report)[0]).toContain(
      `${given.masterSecret} lacks "host", and no tag of RDS says of which database it is`,
    );
    expect(given.database.hosts).toEqual([]);
  });
});
