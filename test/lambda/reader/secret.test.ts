import { inspect } from 'node:util';
import { Secret, SecretError, SecretReader } from '../../../lambda/reader';
import { Answer, SecretsManagerDouble } from './secrets-manager-double';

const service = new SecretsManagerDouble();
let reader: SecretReader;

beforeAll(async () => {
  const client = await service.start();
  reader = new SecretReader({ client, ttl: 0 });
});
afterAll(async () => await service.stop());

describe('errors', () => {
  const cannotFind = "Secrets Manager can't find the specified secret";

  test.each<[string, Answer, string]>([
    ['an unknown secret', { error: 'ResourceNotFoundException', message: `${cannotFind}.` }, 'UnknownSecretError'],
    [
      'a secret without a value',
      { error: 'ResourceNotFoundException', message: `${cannotFind} value for staging label: AWSCURRENT` },
      'NoValueError',
    ],
    ['a denied read', { error: 'AccessDeniedException' }, 'AccessDeniedError'],
    ['a text that is no JSON', { SecretString: 'hunter2' }, 'NotJsonError'],
    ['a JSON text that is no object', { SecretString: '"hunter2"' }, 'NotJsonError'],
    ['a JSON array', { SecretString: '["hunter2"]' }, 'NotJsonError'],
    ['binary data', { SecretBinary: 'aHVudGVyMg==' }, 'BinarySecretError'],
    ['a missing field', { SecretString: '{"user":"hunter2"}' }, 'MissingFieldError'],
    ['a field that every object inherits', { SecretString: '{"user":"hunter2"}' }, 'MissingFieldError'],
    [
      'a secret marked for deletion',
      { error: 'InvalidRequestException', message: 'the secret was marked for deletion' },
      'SecretError',
    ],
  ])('tell %s by their class and never hold a value', async (_, answer, name) => {
    service.answer = () => answer;

    const error = await reader.getField('twitter', 'constructor').catch((thrown) => thrown);

    expect(error).toBeInstanceOf(SecretError);
    expect(error).toMatchObject({ name, secretId: 'twitter' });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2');
  });

  test('keep the original error of the service in cause', async () => {
    service.answer = () => ({ error: 'ResourceNotFoundException', message: cannotFind });

    const error = await reader.getString('twitter').catch((thrown) => thrown);

    expect(error.cause).toMatchObject({ name: 'ResourceNotFoundException', message: cannotFind });
  });

  test.each([
    [
      'User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: secretsmanager:GetSecretValue on resource: twitter',
      'secretsmanager:GetSecretValue',
    ],
    [
      'User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: kms:Decrypt on resource: key/1',
      'kms:Decrypt',
    ],
    ['Access to KMS is not allowed', 'kms:Decrypt'],
  ])('name the action that is missing: %s', async (message, action) => {
    service.answer = () => ({ error: 'AccessDeniedException', message });

    const reading = reader.getString('twitter');

    await expect(reading).rejects.toMatchObject({ action });
    await expect(reading).rejects.toThrow(`${action} is not allowed for secret twitter: ${message}`);
  });

  test('say how a value gets into an empty secret', async () => {
    service.answer = () => ({ error: 'ResourceNotFoundException', message: `${cannotFind} value for VersionId: v` });

    await expect(reader.getString('twitter')).rejects.toThrow('npx keyturn put twitter');
  });

  test('list the fields that a secret has', async () => {
    service.answer = () => ({ SecretString: '{"user":"app","port":5432}' });

    await expect(reader.getField('twitter', 'token')).rejects.toThrow('has no field token. It has: user, port');
  });
});

describe('value', () => {
  const secret = new Secret(
    'twitter',
    'v1',
    'AWSCURRENT',
    false,
    '{"token":"hunter2","port":5432,"ssl":true,"x":null}',
  );

  test('comes as text, as JSON and by field', () => {
    expect(secret.string).toContain('hunter2');
    expect(secret.json<{ port: number }>().port).toBe(5432);
    expect(secret.field('token')).toBe('hunter2');
  });

  test.each([
    ['port', '5432'],
    ['ssl', 'true'],
  ])('gives the field %s as text', (field, text) => {
    expect(secret.field(field)).toBe(text);
  });

  test('counts a null field as missing', () => {
    expect(() => secret.field('x')).toThrow('has no field x');
  });

  test.each([
    ['String', String],
    ['JSON.stringify', JSON.stringify],
    ['inspect', (value: unknown) => inspect(value, { showHidden: true, depth: 9 })],
    ['object spread', (value: object) => inspect({ ...value })],
  ])('is not shown by %s', (_, show) => {
    expect(show(secret)).not.toContain('hunter2');
  });

  test('is not shown by a reader that holds it', async () => {
    service.answer = () => ({ SecretString: 'hunter2' });
    await reader.getString('twitter');

    expect(inspect(reader, { showHidden: true, depth: 9 })).not.toContain('hunter2');
  });
});
