import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { Lab } from '../../lab';
import { deploy } from '../lab/assemblies';
import { cluster } from '../lab/deployer/databases';

/** The first of each major version that knows AWS_ENDPOINT_URL_SECRETS_MANAGER; older ones would ask the real AWS. */
const OLDEST: Readonly<Record<number, number>> = { 1: 29, 2: 13 };

/** Why the CLI on this machine cannot be used; undefined when it can. */
function whyNot(): string | undefined {
  const { stdout, stderr } = spawnSync('aws', ['--version'], { encoding: 'utf8' });
  const [, major, minor] = /aws-cli\/(\d+)\.(\d+)/.exec(`${stdout}${stderr}`)?.map(Number) ?? [];
  if (major === undefined) return 'there is no AWS CLI on this machine';
  return minor >= (OLDEST[major] ?? 0) ? undefined : `the AWS CLI ${major}.${minor} of this machine is too old`;
}

const missing = whyNot();
if (missing) process.stderr.write(`NOT TESTED: the AWS CLI with the lab: ${missing}; it takes 2.13 or later\n`);

(missing ? describe.skip : describe)('the AWS CLI', () => {
  let lab: Lab;

  beforeEach(async () => {
    lab = await Lab.start();
  });

  afterEach(async () => {
    await lab?.stop();
  });

  async function aws(service: 'secretsmanager' | 'rds', ...command: string[]): Promise<string> {
    const { endpoint, region, credentials } = lab.client();
    // Nothing of the machine's own configuration, and no proxy: they could lead elsewhere.
    const own = Object.entries(process.env).filter(([name]) => !/^AWS_|_proxy$/i.test(name));
    const env = {
      ...Object.fromEntries(own),
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_PAGER: '',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
    };
    // For RDS in us-east-1 version 1 does not look at the environment.
    const named = service === 'rds' ? ['--endpoint-url', endpoint] : [];
    const { stdout } = await promisify(execFile)('aws', [service, ...command, ...named], { env });
    return stdout.trim();
  }

  test('makes a secret, changes it and reads it', async () => {
    await aws('secretsmanager', 'create-secret', '--name', 'key', '--secret-string', 'one');
    await aws('secretsmanager', 'put-secret-value', '--secret-id', 'key', '--secret-string', 'two');

    const value = ['--secret-id', 'key', '--query', 'SecretString', '--output', 'text'];
    expect(await aws('secretsmanager', 'get-secret-value', ...value)).toBe('two');
    expect(await aws('secretsmanager', 'get-secret-value', ...value, '--version-stage', 'AWSPREVIOUS')).toBe('one');
    expect(await aws('secretsmanager', 'list-secrets', '--query', 'SecretList[].Name', '--output', 'text')).toBe('key');
  });

  test('says why it is refused', async () => {
    await expect(aws('secretsmanager', 'describe-secret', '--secret-id', 'none')).rejects.toThrow(
      "An error occurred (ResourceNotFoundException) when calling the DescribeSecret operation: Secrets Manager can't find the specified secret.",
    );
  });

  test('describes the databases of a template', async () => {
    await deploy(lab, { Resources: cluster({}, ['Writer', 'Reader']) });

    const members = ['--query', 'DBClusters[].DBClusterMembers[].DBInstanceIdentifier', '--output', 'text'];
    const address = ['--query', 'DBInstances[].Endpoint.Address', '--output', 'text'];
    const ofCluster = ['--filters', 'Name=db-cluster-id,Values=orders'];
    expect(await aws('rds', 'describe-db-clusters', ...members)).toBe('writer\treader');
    expect(await aws('rds', 'describe-db-instances', ...ofCluster, ...address)).toMatch(/^writer\.\S+\treader\.\S+$/);
    await expect(aws('rds', 'describe-db-instances', '--db-instance-identifier', 'none')).rejects.toThrow(
      'An error occurred (DBInstanceNotFound) when calling the DescribeDBInstances operation: DBInstance none not found.',
    );
  });
});
