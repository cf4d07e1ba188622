import { dynamicReference } from '../../../lab/deployer/dynamic-reference';
import { newToken, startSecretsManager } from '../secrets-manager/secrets';

const OLD = newToken();
const { secretsManager, ask } = startSecretsManager();
let arn: string;

beforeAll(async () => {
  const SecretString = JSON.stringify({ user: 'app', port: 5432, tags: ['a'], nothing: null });
  await ask('CreateSecret', { Name: 'db', SecretString: '{"user":"old"}', ClientRequestToken: OLD });
  arn = (await ask('PutSecretValue', { SecretId: 'db', SecretString })).ARN;
  await ask('CreateSecret', { Name: 'text', SecretString: 'hunter2' });
  await ask('CreateSecret', { Name: 'list', SecretString: '"hunter2"' });
  await ask('CreateSecret', { Name: 'bytes', SecretBinary: 'aHVudGVyMg==' });
  await ask('CreateSecret', { Name: 'empty' });
});

const resolve = (reference: string) => dynamicReference('secretsmanager', reference, secretsManager);

test.each(['text', 'text:SecretString', 'text:SecretString:::', 'text::::', 'text:SecretString::AWSCURRENT'])(
  '%s is the whole text',
  (reference) => {
    expect(resolve(reference)).toBe('hunter2');
  },
);

test.each([
  ['db:SecretString:user', 'app'],
  ['db:SecretString:port', '5432'],
  ['db:SecretString:tags', '["a"]'],
  ['db:SecretString:nothing', 'null'],
  ['db:SecretString:user:AWSCURRENT', 'app'],
  ['db:SecretString:user:AWSPREVIOUS', 'old'],
  [`db:SecretString:user::${OLD}`, 'old'],
])('%s is a field', (reference, value) => {
  expect(resolve(reference)).toBe(value);
});

test('the secret may be named by its ARN, with and without what follows the name', () => {
  expect(resolve(`${arn}:SecretString:user::`)).toBe('app');
  expect(resolve(`${arn}:SecretString:user:AWSPREVIOUS:`)).toBe('old');
  expect(resolve(arn.replace(/-\w{6}$/, ''))).toBe(resolve('db'));
});

test.each([
  'missing',
  'empty',
  'bytes',
  'db:SecretString:user:AWSPENDING',
  `db:SecretString:user::${newToken()}`,
  'db:SecretBinary:user',
])('%s is an error that names it', (reference) => {
  expect(() => resolve(reference)).toThrow(
    `{{resolve:secretsmanager:${reference}}} names no stored text; put a value into the secret first`,
  );
});

test.each(['text:SecretString:user', 'list:SecretString:length', 'db:SecretString:other', 'db:SecretString:toString'])(
  '%s is an error that names the key and not the value',
  (reference) => {
    const [, , key] = reference.split(':');

    expect(() => resolve(reference)).toThrow(
      new Error(`{{resolve:secretsmanager:${reference}}}: the value is not JSON with the key ${key}`),
    );
  },
);

test.each(['ssm', 'ssm-secure'])('%s is not known', (service) => {
  expect(() => dynamicReference(service, '/app/name:3', secretsManager)).toThrow(
    `{{resolve:${service}:/app/name:3}} cannot be resolved: the lab knows secretsmanager only; write the value into the template`,
  );
});
