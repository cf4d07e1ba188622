import { Client } from 'pg';
import { Lab } from '../../../lab';
import { ask, deploy, outcomes } from '../assemblies';
import { instance } from './databases';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

/** Logs in to the first database from outside of the lab, and answers what a query gives. */
async function query(password: string, sql = 'SELECT current_user::text AS answer'): Promise<unknown> {
  const [{ host, loopbackPort: port }] = lab.databases;
  const ssl = { ca: lab.authority.pem, servername: host };
  // The certificate is for the endpoint: the name is checked, although the connection goes to loopback.
  const client = new Client({ host: '127.0.0.1', port, user: 'boss', password, database: 'app', ssl });
  await client.connect();
  try {
    return (await client.query(sql)).rows[0]?.answer;
  } finally {
    await client.end();
  }
}

describe('an instance', () => {
  test('is a server with the master user and the database of its template', async () => {
    await deploy(lab, { Resources: { Db: instance() } });

    expect(await query('first-password')).toBe('boss');
    expect(await query('first-password', "SELECT rolsuper AS answer FROM pg_roles WHERE rolname = 'boss'")).toBe(false);
    await expect(query('other')).rejects.toMatchObject({ code: '28P01' });
  });

  test('may take its master user from a secret', async () => {
    const Secret = {
      Type: 'AWS::SecretsManager::Secret',
      Properties: {
        Name: 'master',
        GenerateSecretString: {
          SecretStringTemplate: '{"username":"boss"}',
          GenerateStringKey: 'password',
          ExcludeCharacters: '/@" ',
        },
      },
    };
    const reference = (key: string) => ({ 'Fn::Sub': `{{resolve:secretsmanager:\${Secret}:SecretString:${key}::}}` });
    const Db = instance({ MasterUsername: reference('username'), MasterUserPassword: reference('password') });

    await deploy(lab, { Resources: { Secret, Db } });

    const { SecretString } = await ask(lab, undefined, 'GetSecretValue', { SecretId: 'master' });
    expect(await query(JSON.parse(SecretString).password)).toBe('boss');
  });

  test('is known by its endpoint, and by the loopback port of its server', async () => {
    const { resources } = await deploy(lab, { Resources: { Db: instance({ Port: '6000' }) } });

    expect(resources).toMatchObject([{ type: 'AWS::RDS::DBInstance', ref: 'orders' }]);
    expect(lab.databases).toEqual([
      {
        identifier: 'orders',
        engine: 'postgres',
        host: expect.stringMatching(/^orders\.c[a-z0-9]{11}\.us-east-1\.rds\.amazonaws\.com$/),
        port: 6000,
        loopbackPort: expect.any(Number),
        logicalId: 'Db',
      },
    ]);
  });

  test('without a name of its own gets one in small letters', async () => {
    const { resources } = await deploy(lab, { Resources: { Db: instance({ DBInstanceIdentifier: undefined }) } });

    expect(resources[0].ref).toMatch(/^app-db-[0-9a-f]{12}$/);
  });

  test('tells its template about itself', async () => {
    const attributes = ['Endpoint.Address', 'Endpoint.Port', 'DBInstanceArn', 'DbiResourceId'];
    const Outputs = Object.fromEntries(
      attributes.map((name, index) => [`Out${index}`, { Value: { 'Fn::GetAtt': ['Db', name] } }]),
    );

    const { outputs } = await deploy(lab, { Resources: { Db: instance() }, Outputs });

    expect(Object.values(outputs)).toEqual([
      lab.databases[0].host,
      '5432',
      'arn:aws:rds:us-east-1:123456789012:db:orders',
      expect.stringMatching(/^db-[0-9A-F]{26}$/),
    ]);
  });

  test('that copies another one shows its data under an endpoint of its own', async () => {
    const Copy = {
      Type: 'AWS::RDS::DBInstance',
      Properties: { DBInstanceIdentifier: 'copy', SourceDBInstanceIdentifier: { Ref: 'Db' } },
    };

    const { leftOut } = await deploy(lab, { Resources: { Db: instance(), Copy } });

    expect(lab.databases).toHaveLength(1);
    expect(leftOut).toEqual(['Copy: that it only reads: its endpoint leads to orders']);
  });

  test('of another version than the server is listed', async () => {
    const { leftOut } = await deploy(lab, { Resources: { Db: instance({ EngineVersion: '11.22' }) } });

    expect(leftOut).toEqual([expect.stringMatching(/^Db: its version 11\.22: the server is postgres \d+/)]);
  });

  test.each([
    [
      'an engine without a server',
      { Engine: 'oracle-ee' },
      'the lab has no engine oracle-ee; it has postgres, aurora-',
    ],
    ['Aurora without a cluster', { Engine: 'aurora-mysql' }, 'must be a member of a DB cluster'],
    ['no master user', { MasterUsername: undefined }, 'The parameter MasterUsername must be provided'],
    ['a master user of RDS itself', { MasterUsername: 'rdsadmin' }, 'it is a reserved word used by the engine'],
    ['a master user that is a statement', { MasterUsername: 'a b' }, 'MasterUsername a b is not a valid username'],
    ['no password', { MasterUserPassword: undefined }, 'The parameter MasterUserPassword must be provided'],
    ['a short password', { MasterUserPassword: 'seven77' }, 'because it is shorter than 8 characters'],
    ['a password with a slash', { MasterUserPassword: 'pass/word' }, "Only printable ASCII characters besides '/'"],
    ['an unknown cluster', { DBClusterIdentifier: 'none' }, 'DBCluster none not found.'],
    ['a bad identifier', { DBInstanceIdentifier: 'a--b' }, 'a--b is not a valid identifier'],
    ['two ways for its password', { ManageMasterUserPassword: true }, "You can't specify MasterUserPassword"],
  ])('with %s is an error', async (_, properties, message) => {
    const deployment = deploy(lab, { Resources: { Db: instance(properties) } });

    await expect(deployment).rejects.toThrow(message);
    expect(lab.databases).toEqual([]);
  });

  test('of a name that is taken is an error', async () => {
    const deployment = deploy(lab, { Resources: { One: instance(), Two: instance() } });

    await expect(deployment).rejects.toThrow(
      'Two (AWS::RDS::DBInstance) of stack App could not be made: DBInstance al',
    );
    expect(lab.databases).toEqual([]);
  });
});

test('servers end with their lab', async () => {
  await deploy(lab, { Resources: { Db: instance() } });

  await lab.stop();

  await expect(query('first-password')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

describe('a master user that RDS manages', () => {
  const Key = { Type: 'AWS::KMS::Key' };
  const managed = (properties: object = {}) =>
    instance({ MasterUserPassword: undefined, ManageMasterUserPassword: 'true', ...properties });
  const Outputs = { Secret: { Value: { 'Fn::GetAtt': ['Db', 'MasterUserSecret.SecretArn'] } } };

  test('logs in with the password of its secret, which has the key of the template', async () => {
    const Db = managed({ MasterUserSecret: { KmsKeyId: { Ref: 'Key' } } });

    const { outputs, resources } = await deploy(lab, { Resources: { Key, Db }, Outputs });

    const SecretId = outputs.Secret;
    const { SecretString } = await ask(lab, undefined, 'GetSecretValue', { SecretId });
    expect(await query(JSON.parse(SecretString).password)).toBe('boss');
    expect(await ask(lab, undefined, 'DescribeSecret', { SecretId })).toMatchObject({
      Name: expect.stringMatching(/^rds!db-/),
      KmsKeyId: resources[0].ref,
      Tags: expect.arrayContaining([
        { Key: 'aws:rds:primaryDBInstanceArn', Value: 'arn:aws:rds:us-east-1:123456789012:db:orders' },
      ]),
    });
  });

  test('has no secret any more when the template has its password', async () => {
    const { outputs } = await deploy(lab, { Resources: { Db: managed() }, Outputs });

    await deploy(lab, { Resources: { Db: instance() } });

    expect(await query('first-password')).toBe('boss');
    await expect(ask(lab, undefined, 'DescribeSecret', { SecretId: outputs.Secret })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('leaves no secret behind when the instance cannot be made', async () => {
    const Db = managed({ DBName: 'not\u0000possible' });

    await expect(deploy(lab, { Resources: { Db } })).rejects.toThrow('could not be made');

    expect((await ask(lab, undefined, 'ListSecrets', {})).SecretList).toEqual([]);
  });
});

describe('a later deployment', () => {
  const Elsewhere = { Type: 'AWS::KMS::Key' };

  test('leaves an instance alone of which the template says the same', async () => {
    await deploy(lab, { Resources: { Db: instance() } });
    const before = lab.databases;

    const second = await deploy(lab, { Resources: { Db: instance() } });

    expect(outcomes(second)).toEqual(['Db unchanged']);
    expect(lab.databases).toEqual(before);
  });

  test('sets another password of the master user, and keeps the data', async () => {
    await deploy(lab, { Resources: { Db: instance() } });
    await query('first-password', "CREATE TABLE kept AS SELECT 'data' AS answer");

    const second = await deploy(lab, { Resources: { Db: instance({ MasterUserPassword: 'second-password' }) } });

    expect(outcomes(second)).toEqual(['Db updated']);
    expect(await query('second-password', 'SELECT answer FROM kept')).toBe('data');
    await expect(query('first-password')).rejects.toMatchObject({ code: '28P01' });
  });

  test('that fails gives the old password back', async () => {
    await deploy(lab, { Resources: { Db: instance() } });
    const Db = instance({ MasterUserPassword: 'second-password' });
    const Broken = { Type: 'AWS::KMS::Alias', DependsOn: 'Db', Properties: { AliasName: 'alias/a', TargetKeyId: 'x' } };

    await expect(deploy(lab, { Resources: { Db, Broken } })).rejects.toThrow('rolled back: Db updated back');

    expect(await query('first-password')).toBe('boss');
  });

  test.each([
    ['is gone from the template', undefined],
    ['gets another name', instance({ DBInstanceIdentifier: 'other' })],
  ])('ends the server of an instance that %s', async (_, Db) => {
    await deploy(lab, { Resources: { Db: instance() } });
    const [{ loopbackPort }] = lab.databases;

    await deploy(lab, { Resources: { Elsewhere, ...(Db && { Db }) } });

    expect(lab.databases.map(({ identifier }) => identifier)).toEqual(Db ? ['other'] : []);
    const late = new Client({ host: '127.0.0.1', port: loopbackPort, user: 'boss', password: 'first-password' });
    await expect(late.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('keeps an instance that is protected', async () => {
    await deploy(lab, { Resources: { Db: instance({ DeletionProtection: true }) } });

    const { leftOut } = await deploy(lab, { Resources: { Elsewhere } });

    expect(leftOut).toEqual([expect.stringContaining('Cannot delete protected DB Instance')]);
    expect(await query('first-password')).toBe('boss');
  });
});
