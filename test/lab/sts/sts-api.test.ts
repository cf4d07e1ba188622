import { DeleteAccessKeyCommand, IAMClient, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { Lab } from '../../../lab';
import { allow, deploy, inlineFunction, roleWith } from '../assemblies';
import { identityOf, newKey, USER, userWith } from '../iam/users';

const WHO_AM_I = `const sts = new (require('@aws-sdk/client-sts').STS)({ maxAttempts: 1, ...event });
  return (await sts.getCallerIdentity({})).Arn;`;
const NOT_VALID = {
  name: 'InvalidClientTokenId',
  message: 'The security token included in the request is invalid.',
  $metadata: { httpStatusCode: 403 },
};
const NOT_SIGNED = { name: 'SignatureDoesNotMatch', $metadata: { httpStatusCode: 403 } };

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.start();
  await deploy(lab, {
    Resources: {
      Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'key', SecretString: 'value' } },
      User: userWith(allow('secretsmanager:GetSecretValue'), allow('lambda:InvokeFunction')),
      Role: roleWith(),
      Function: inlineFunction(WHO_AM_I),
    },
  });
});
afterEach(async () => await lab.stop());

describe('GetCallerIdentity', () => {
  test('tells whose the key of a user is', async () => {
    expect(await identityOf(lab, await newKey(lab))).toEqual({
      UserId: expect.stringMatching(/^AIDA[0-9A-F]{17}$/),
      Account: '123456789012',
      Arn: USER,
    });
  });

  test('tells the session of a role, whatever its policies say', async () => {
    expect(await identityOf(lab, lab.client('reader').credentials)).toEqual({
      UserId: expect.stringMatching(/^AROA[0-9A-F]{17}:client$/),
      Account: '123456789012',
      Arn: 'arn:aws:sts::123456789012:assumed-role/reader/client',
    });
  });

  test('can be asked by a function, over the endpoint that AWS has, as itself and with a key that it was given', async () => {
    const credentials = await newKey(lab);

    expect(await lab.invoke('example', {})).toBe('arn:aws:sts::123456789012:assumed-role/reader/example');
    expect(await lab.invoke('example', { credentials })).toBe(USER);
  });

  test('refuses a key that nobody has', async () => {
    const key = { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', secretAccessKey: 'none' };

    await expect(identityOf(lab, key)).rejects.toMatchObject(NOT_VALID);
  });

  test('refuses a key with another secret', async () => {
    const [one, other] = [await newKey(lab), await newKey(lab)];

    const asked = identityOf(lab, { ...one, secretAccessKey: other.secretAccessKey });

    await expect(asked).rejects.toMatchObject(NOT_SIGNED);
  });

  test('refuses a key while it is inactive, and once it is deleted', async () => {
    const iam = new IAMClient(lab.client());
    const key = await newKey(lab);
    const of = { UserName: 'robot', AccessKeyId: key.accessKeyId };

    await iam.send(new UpdateAccessKeyCommand({ ...of, Status: 'Inactive' }));
    await expect(identityOf(lab, key)).rejects.toMatchObject(NOT_VALID);

    await iam.send(new UpdateAccessKeyCommand({ ...of, Status: 'Active' }));
    expect(await identityOf(lab, key)).toMatchObject({ Arn: USER });

    await iam.send(new DeleteAccessKeyCommand(of));
    await expect(identityOf(lab, key)).rejects.toMatchObject(NOT_VALID);
  });

  test('refuses a new key as often as the lab is told to', async () => {
    lab.accessKeys.refusals = 2;
    const key = await newKey(lab);

    await expect(identityOf(lab, key)).rejects.toMatchObject(NOT_VALID);
    await expect(identityOf(lab, key)).rejects.toMatchObject(NOT_VALID);

    expect(await identityOf(lab, key)).toMatchObject({ Arn: USER });
  });

  test('is recorded as a call of its caller', async () => {
    await identityOf(lab, await newKey(lab));

    expect(lab.calls.all.at(-1)).toMatchObject({
      service: 'sts',
      operation: 'GetCallerIdentity',
      caller: 'robot',
      outcome: 'ok',
    });
  });
});

test('STS is asked in its own Region', async () => {
  const sts = new STSClient({ ...lab.client(), region: 'eu-west-1', maxAttempts: 1 });

  await expect(sts.send(new GetSessionTokenCommand({}))).rejects.toMatchObject({
    name: 'SignatureDoesNotMatch',
    message: "The lab's STS is in us-east-1, not eu-west-1.",
  });
});

describe('the key of a user', () => {
  const client = async (wrong = {}) => {
    const credentials = { ...(await newKey(lab)), ...wrong };
    return { ...lab.client(), credentials, maxAttempts: 1 };
  };
  const read = new GetSecretValueCommand({ SecretId: 'key' });

  test('reads the secrets that the policies of the user allow', async () => {
    const answer = await new SecretsManagerClient(await client()).send(read);

    expect(answer.SecretString).toBe('value');
    expect(lab.events.named('GetSecretValue').at(-1)!.detail.userIdentity).toMatchObject({
      type: 'IAMUser',
      arn: USER,
      userName: 'robot',
    });
  });

  test('signs requests whose paths are escaped', async () => {
    const FunctionName = 'arn:aws:lambda:us-east-1:123456789012:function:example';

    const { StatusCode } = await new LambdaClient(await client()).send(new InvokeCommand({ FunctionName }));

    expect(StatusCode).toBe(200);
  });

  test('is refused everywhere with another secret', async () => {
    const refused = new SecretsManagerClient(await client({ secretAccessKey: 'wrong' })).send(read);

    await expect(refused).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  });
});
