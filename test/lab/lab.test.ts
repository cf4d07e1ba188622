import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { FunctionError, Lab } from '../../lab';
import { allow, ask, deploy, withFunction } from './assemblies';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

describe('a client', () => {
  const as = (role?: string) => new SecretsManagerClient({ ...lab.client(role), maxAttempts: 1 });
  const read = new GetSecretValueCommand({ SecretId: 'key' });

  test('is the administrator', async () => {
    await deploy(lab, withFunction(''));

    expect(await as().send(read)).toMatchObject({ SecretString: 'value' });
  });

  test('is the role that it was made for', async () => {
    await deploy(lab, withFunction('', allow('secretsmanager:GetSecretValue')));
    const reader = as('reader');

    expect(await reader.send(read)).toMatchObject({ SecretString: 'value' });
    await expect(reader.send(new DescribeSecretCommand({ SecretId: 'key' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('User: arn:aws:sts::123456789012:assumed-role/reader/client is not authorized'),
    });
    expect(lab.calls.all.map(({ caller }) => caller)).toEqual(['administrator', 'reader', 'reader']);
  });

  test('with credentials that the lab did not make is refused', async () => {
    const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' };
    const client = new SecretsManagerClient({ ...lab.client(), credentials, maxAttempts: 1 });

    await expect(client.send(new ListSecretsCommand({}))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });

  test('for a role that was not deployed is an error', () => {
    expect(() => lab.client('nobody')).toThrow('no role nobody in the lab; deploy the stack that makes it first');
  });

  test('talks to the account and region of the lab', async () => {
    const other = await Lab.start({ account: '111122223333', region: 'eu-central-1' });
    const { ARN } = await ask(other, undefined, 'CreateSecret', { Name: 'key' });
    const { region, endpoint } = other.client();
    await other.stop();

    expect(ARN).toMatch(/^arn:aws:secretsmanager:eu-central-1:111122223333:secret:key-/);
    expect(region).toBe('eu-central-1');
    expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});

describe('a function', () => {
  test('reaches Secrets Manager under its own name, with the rights of its role', async () => {
    const body = `const { SecretsManager } = require('@aws-sdk/client-secrets-manager');
      return (await new SecretsManager().getSecretValue({ SecretId: event.id })).SecretString;`;
    await deploy(lab, withFunction(body, allow('secretsmanager:GetSecretValue', { Ref: 'Secret' })));
    await ask(lab, undefined, 'CreateSecret', { Name: 'other', SecretString: 'hidden' });

    expect(await lab.invoke('example', { id: 'key' })).toBe('value');
    await expect(lab.invoke('example', { id: 'other' })).rejects.toMatchObject({
      errorType: 'AccessDeniedException',
      message: expect.stringContaining('assumed-role/reader/example is not authorized'),
    });
  });

  test('gets an empty event when none is given', async () => {
    await deploy(lab, withFunction('return event;'));

    expect(await lab.invoke('example')).toEqual({});
  });

  test('that fails is an error as Lambda reports it', async () => {
    await deploy(lab, withFunction('throw new RangeError("too far");'));

    const error = await lab.invoke('example').catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(FunctionError);
    expect(error).toMatchObject({ errorType: 'RangeError', message: 'too far' });
  });

  test('that was not deployed is an error that names those that were', async () => {
    await deploy(lab, withFunction(''));

    await expect(lab.invoke('missing')).rejects.toThrow('no function missing in the lab; it has example');
  });
});
