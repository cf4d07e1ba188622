import type { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { AuthenticationFailedError, SecretReader } from '../../../lambda/reader';
import { LocalSecretsManager } from '../../local-secrets-manager';

// What the reader makes of the service's own rules and texts; what no rule brings about is in the tests beside this one.
const service = new LocalSecretsManager();
let client: SecretsManager;
let reader: SecretReader;

beforeAll(async () => (client = await service.start()));
afterAll(async () => await service.stop());
beforeEach(() => (reader = new SecretReader({ client })));

test('50 simultaneous reads are one call', async () => {
  await client.createSecret({ Name: 'shared', SecretString: '{"token":"t1"}' });

  await Promise.all(Array.from({ length: 50 }, async () => await reader.getField('shared', 'token')));

  expect(service.calls.all.filter(({ operation }) => operation === 'GetSecretValue')).toHaveLength(1);
});

test('a secret that does not exist is unknown', async () => {
  await expect(reader.getString('nobody')).rejects.toMatchObject({ name: 'UnknownSecretError' });
});

test('a secret without a version has no value yet', async () => {
  await client.createSecret({ Name: 'empty' });

  await expect(reader.getString('empty')).rejects.toMatchObject({ name: 'NoValueError' });
});

test('a stage that no version carries has no value yet', async () => {
  await client.createSecret({ Name: 'fresh', SecretString: 'text' });

  await expect(reader.getString('fresh', { stage: 'AWSPREVIOUS' })).rejects.toThrow('no value for AWSPREVIOUS yet');
});

test('bytes are binary', async () => {
  await client.createSecret({ Name: 'bytes', SecretBinary: Buffer.from('hunter2') });

  await expect(reader.getString('bytes')).rejects.toMatchObject({ name: 'BinarySecretError' });
});

test('a denied read names the action', async () => {
  await client.createSecret({ Name: 'closed', SecretString: 'text' });
  service.denied.add('secretsmanager:GetSecretValue');

  const reading = reader.getString('closed').finally(() => service.denied.clear());

  await expect(reading).rejects.toMatchObject({
    name: 'AccessDeniedError',
    action: 'secretsmanager:GetSecretValue',
  });
});

test('a refused version is followed by the one that is published then', async () => {
  await client.createSecret({ Name: 'rotated', SecretString: 'old' });
  const publish = async () => await client.putSecretValue({ SecretId: 'rotated', SecretString: 'new' });

  const used = await reader.withSecret('rotated', async ({ string }) => {
    if (string === 'new') return string;
    setTimeout(() => void publish(), 20);
    throw new AuthenticationFailedError();
  });

  expect(used).toBe('new');
});
