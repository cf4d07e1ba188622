import { Lab } from '../../../lab';
import { ask, deploy, outcomes } from '../assemblies';
import { cluster, instance } from './databases';

/** They stay from test to test: the secrets of a test go with its template. */
const DATABASES = {
  Db: instance(),
  Other: instance({ DBInstanceIdentifier: 'other', DBName: undefined }),
  ...cluster({ Port: 6000 }),
};

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start();
  await deploy(lab, { Resources: DATABASES });
});
afterEach(async () => void (await deploy(lab, { Resources: DATABASES })));
afterAll(async () => await lab.stop());

const secret = (Name: string, SecretString = '{"username":"app","password":"p"}') => ({
  Type: 'AWS::SecretsManager::Secret',
  Properties: { Name, SecretString },
});
const attachment = (TargetId: unknown, TargetType = 'AWS::RDS::DBInstance', SecretId: unknown = { Ref: 'Secret' }) => ({
  Type: 'AWS::SecretsManager::SecretTargetAttachment',
  Properties: { SecretId, TargetId, TargetType },
});
const ToInstance = attachment({ Ref: 'Db' });
const admin = async (operation: string, input: object = {}) =>
  await ask(lab, undefined, operation, { SecretId: 'key', ...input });
const value = async (SecretId = 'key') => JSON.parse((await admin('GetSecretValue', { SecretId })).SecretString);
const hostOf = (logicalId: string) => lab.databases.find((database) => database.logicalId === logicalId)!.host;

describe('an attachment', () => {
  test('to an instance writes how to reach it', async () => {
    const Outputs = { Ref: { Value: { Ref: 'ToDb' } } };

    const { outputs } = await deploy(lab, {
      Resources: { ...DATABASES, Secret: secret('key'), ToDb: ToInstance },
      Outputs,
    });

    expect(await value()).toEqual({
      username: 'app',
      password: 'p',
      engine: 'postgres',
      host: hostOf('Db'),
      port: 5432,
      dbname: 'app',
      dbInstanceIdentifier: 'orders',
    });
    expect(outputs.Ref).toMatch(/:secret:key-\w{6}$/);
  });

  test('to a cluster of Aurora names the engine that it is compatible with', async () => {
    const ToDb = attachment({ Ref: 'Cluster' }, 'AWS::RDS::DBCluster');

    await deploy(lab, { Resources: { ...DATABASES, Secret: secret('key'), ToDb } });

    expect(await value()).toMatchObject({
      engine: 'postgres',
      host: hostOf('Cluster'),
      port: 6000,
      dbClusterIdentifier: 'orders',
    });
  });

  test('keeps what else stands in the secret, and the version of before', async () => {
    const Secret = secret('key', '{"username":"app","password":"p","masterarn":"arn","dbname":"mine","host":"old"}');
    const ToDb = attachment({ Ref: 'Other' });

    await deploy(lab, { Resources: { ...DATABASES, Secret, ToDb } });

    expect(await value()).toMatchObject({ masterarn: 'arn', dbname: 'mine', host: hostOf('Other') });
    expect(await admin('GetSecretValue', { VersionStage: 'AWSPREVIOUS' })).toMatchObject({
      SecretString: Secret.Properties.SecretString,
    });
  });

  test('is not made again by a later deployment, so that a rotated value stays', async () => {
    const Resources = { ...DATABASES, Secret: secret('key'), ToDb: ToInstance };
    await deploy(lab, { Resources });
    const rotated = { ...(await value()), password: 'rotated' };
    await admin('PutSecretValue', { SecretString: JSON.stringify(rotated) });

    const second = await deploy(lab, { Resources });

    expect(outcomes(second)).toContain('ToDb unchanged');
    expect(await value()).toEqual(rotated);
  });

  test('to another database leads there, with the value as it is now', async () => {
    const Resources = { ...DATABASES, Secret: secret('key') };
    await deploy(lab, { Resources: { ...Resources, ToDb: ToInstance } });
    await admin('PutSecretValue', { SecretString: JSON.stringify({ ...(await value()), password: 'rotated' }) });

    const second = await deploy(lab, { Resources: { ...Resources, ToDb: attachment({ Ref: 'Other' }) } });

    expect(outcomes(second)).toContain('ToDb updated');
    expect(await value()).toEqual({
      username: 'app',
      password: 'rotated',
      engine: 'postgres',
      host: hostOf('Other'),
      port: 5432,
      dbInstanceIdentifier: 'other',
    });
  });

  test('of another secret lets go of the first one', async () => {
    const Resources = { ...DATABASES, Secret: secret('key'), Next: secret('next') };
    await deploy(lab, { Resources: { ...Resources, ToDb: ToInstance } });

    await deploy(lab, { Resources: { ...Resources, ToDb: attachment({ Ref: 'Db' }, undefined, { Ref: 'Next' }) } });

    expect(await value('key')).toEqual({ username: 'app', password: 'p' });
    expect(await value('next')).toMatchObject({ host: hostOf('Db') });
  });

  test('that is gone takes out what it has written', async () => {
    const Resources = { ...DATABASES, Secret: secret('key') };
    await deploy(lab, { Resources: { ...Resources, ToDb: ToInstance } });

    const second = await deploy(lab, { Resources });

    expect(outcomes(second)).toContain('ToDb deleted');
    expect(await value()).toEqual({ username: 'app', password: 'p' });
  });

  test('goes with its secret', async () => {
    await deploy(lab, { Resources: { ...DATABASES, Secret: secret('key'), ToDb: ToInstance } });

    const second = await deploy(lab, { Resources: DATABASES });

    expect(outcomes(second)).toEqual(expect.arrayContaining(['ToDb deleted', 'Secret deleted']));
    await expect(admin('DescribeSecret')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('to what the lab has none of is listed, and writes nothing', async () => {
    const ToDb = attachment('warehouse', 'AWS::Redshift::Cluster');

    const { leftOut } = await deploy(lab, { Resources: { ...DATABASES, Secret: secret('key'), ToDb } });

    expect(leftOut).toContain('ToDb: what it writes into the secret: the lab has no AWS::Redshift::Cluster');
    expect(await value()).toEqual({ username: 'app', password: 'p' });
  });
});

describe('an attachment is an error', () => {
  test.each([
    ['to an unknown instance', attachment('none'), 'DBInstance none not found.'],
    ['to an unknown cluster', attachment('none', 'AWS::RDS::DBCluster'), 'DBCluster none not found.'],
    ['to a proxy', attachment('proxy', 'AWS::RDS::DBProxy'), 'TargetType must be one of AWS::RDS::DBInst'],
    ['of an unknown secret', attachment('a', undefined, 'no'), "can't find the specified secret"],
  ])('%s', async (_, ToDb, message) => {
    await expect(deploy(lab, { Resources: { ...DATABASES, Secret: secret('key'), ToDb } })).rejects.toThrow(message);
  });

  test.each(['text', '[]', '{"username":"app"}'])(
    'of a secret with the value %s, which it does not tell',
    async (text) => {
      const Resources = { ...DATABASES, Secret: secret('key', text), ToDb: ToInstance };

      const error = await deploy(lab, { Resources }).catch((thrown: Error) => thrown.message);

      expect(error).toMatch(/the value of arn:.*:secret:key-\w{6} must be a JSON object with username and password/);
      expect(error).not.toContain(text);
    },
  );
});
