import { once } from 'node:events';
import { connect } from 'node:net';
import { Agent } from 'node:https';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  InvalidRequestException,
  ListSecretsCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
  TagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { Authority } from '../../../lab/authority';
import { DropConnection } from '../../../lab/calls';
import { type Authorize, SecretsManagerServer } from '../../../lab/secrets-manager';
import { administrator, startSecretsManager } from './secrets';

const HOST = 'secretsmanager.us-east-1.amazonaws.com';
const ACCESS_KEY = 'AKIALABADMINISTRATOR';
const SIGNED = `AWS4-HMAC-SHA256 Credential=${ACCESS_KEY}/20270301/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0`;

const authorize = jest.fn<void, Parameters<Authorize>>();
let authority: Authority;
let lab: ReturnType<typeof startSecretsManager>;
let server: SecretsManagerServer;
let ports: { httpPort: number; httpsPort: number };
let clients: SecretsManagerClient[];

beforeAll(async () => {
  authority = await Authority.create();
});

beforeEach(async () => {
  authorize.mockReset();
  lab = startSecretsManager({ authorize });
  const callerOf = (accessKeyId: string) => (accessKeyId === ACCESS_KEY ? administrator : undefined);
  server = new SecretsManagerServer({
    secretsManager: lab.secretsManager,
    callerOf,
    tls: await authority.issue([HOST]),
  });
  ports = await server.start();
  clients = [];
});

afterEach(async () => {
  clients.forEach((client) => client.destroy());
  await server.stop();
});

/** An SDK client on one of the ports; over HTTPS it believes that it talks to AWS. */
const client = (scheme: 'http' | 'https' = 'http', accessKeyId = ACCESS_KEY): SecretsManagerClient => {
  const lookup = (_host: string, _options: object, found: (error: null, addresses: object[]) => void) =>
    found(null, [{ address: '127.0.0.1', family: 4 }]);
  const made = new SecretsManagerClient({
    region: 'us-east-1',
    endpoint: scheme === 'http' ? `http://127.0.0.1:${ports.httpPort}` : `https://${HOST}:${ports.httpsPort}`,
    credentials: { accessKeyId, secretAccessKey: 'any' },
    requestHandler: { httpsAgent: new Agent({ ca: authority.pem, lookup: lookup as never }) },
    maxAttempts: 1,
  });
  clients.push(made);
  return made;
};

/** A request by hand. */
const post = async (body: string, headers: Record<string, string> = {}, method = 'POST') => {
  const response = await fetch(`http://127.0.0.1:${ports.httpPort}/`, {
    method,
    headers: {
      'x-amz-target': 'secretsmanager.ListSecrets',
      'content-type': 'application/x-amz-json-1.1',
      authorization: SIGNED,
      ...headers,
    },
    body: method === 'POST' ? body : undefined,
  });
  return { status: response.status, headers: response.headers, ...((await response.json()) as object) };
};

describe.each(['http', 'https'] as const)('over %s', (scheme) => {
  test('an AWS SDK stores and reads a value', async () => {
    const sdk = client(scheme);
    const { VersionId } = await sdk.send(new CreateSecretCommand({ Name: 'key', SecretString: 'one' }));

    const read = await sdk.send(new GetSecretValueCommand({ SecretId: 'key' }));

    expect(read).toMatchObject({ SecretString: 'one', VersionId, VersionStages: ['AWSCURRENT'] });
    expect(read.CreatedDate?.getTime()).toBeCloseTo(lab.clock.now().getTime(), -4);
  });

  test('policies see whether the connection is encrypted', async () => {
    await client(scheme).send(new ListSecretsCommand({}));

    expect(authorize.mock.lastCall![3]['aws:SecureTransport']).toBe(String(scheme === 'https'));
  });
});

test('bytes come back as they were put', async () => {
  const sdk = client();
  const SecretBinary = Uint8Array.from([0, 255, 10, 128]);
  await sdk.send(new CreateSecretCommand({ Name: 'key', SecretBinary }));

  const read = await sdk.send(new GetSecretValueCommand({ SecretId: 'key' }));

  expect(Buffer.from(read.SecretBinary!)).toEqual(Buffer.from(SecretBinary));
});

test('the largest value passes, however it is escaped', async () => {
  const sdk = client();
  const SecretString = '\u0001'.repeat(65_536);
  await sdk.send(new CreateSecretCommand({ Name: 'key', SecretString }));

  const read = await sdk.send(new GetSecretValueCommand({ SecretId: 'key' }));

  expect(read.SecretString).toBe(SecretString);
});

test('errors reach an AWS SDK as its own classes, with the text', async () => {
  const sdk = client();
  const { VersionId } = await sdk.send(new CreateSecretCommand({ Name: 'key', SecretString: 'one' }));

  const unknown = sdk.send(new DescribeSecretCommand({ SecretId: 'unknown' }));
  const mismatch = sdk.send(new GetSecretValueCommand({ SecretId: 'key', VersionId, VersionStage: 'AWSPENDING' }));

  await expect(unknown).rejects.toBeInstanceOf(ResourceNotFoundException);
  await expect(mismatch).rejects.toBeInstanceOf(InvalidRequestException);
  await expect(mismatch).rejects.toThrow(
    'You provided a VersionStage that is not associated to the provided VersionId.',
  );
});

test('an operation that answers nothing is fine for an AWS SDK', async () => {
  const sdk = client();
  await sdk.send(new CreateSecretCommand({ Name: 'key' }));

  await sdk.send(new TagResourceCommand({ SecretId: 'key', Tags: [{ Key: 'team', Value: 'a' }] }));

  expect((await sdk.send(new DescribeSecretCommand({ SecretId: 'key' }))).Tags).toEqual([{ Key: 'team', Value: 'a' }]);
});

test('an access key that the lab did not make is refused', async () => {
  await expect(client('http', 'AKIAIOSFODNN7EXAMPLE').send(new ListSecretsCommand({}))).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
    message: 'The security token included in the request is invalid.',
  });
});

test.each([
  ['without authorization', { authorization: '' }, 'MissingAuthenticationTokenException'],
  ['with another authorization', { authorization: 'Bearer x' }, 'IncompleteSignatureException'],
  ['without a target', { 'x-amz-target': '' }, 'UnknownOperationException'],
  ['to another service', { 'x-amz-target': 'TrentService.Decrypt' }, 'UnknownOperationException'],
  ['with another content type', { 'content-type': 'text/plain' }, 'UnknownOperationException'],
  ['for an unknown operation', { 'x-amz-target': 'secretsmanager.Guess' }, 'UnknownOperationException'],
])('a request %s is answered with %s', async (_what, headers, type) => {
  const answer = await post('{}', headers as unknown as Record<string, string>);

  expect(answer).toMatchObject({ status: 400, __type: type, Message: expect.any(String) });
  expect(answer.headers.get('x-amzn-errortype')).toBe(type);
});

test('a GET is no operation', async () => {
  expect(await post('', {}, 'GET')).toMatchObject({ status: 400, __type: 'UnknownOperationException' });
});

test.each(['{"SecretString":"hunter2', '["hunter2"]', '"hunter2"', 'null'])(
  'a body that is no JSON object is refused without quoting it: %s',
  async (body) => {
    const answer = await post(body, { 'x-amz-target': 'secretsmanager.CreateSecret' });

    expect(answer).toMatchObject({ status: 400, __type: 'SerializationException' });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  },
);

test('a value of the wrong type is refused without quoting it', async () => {
  const body = JSON.stringify({
    Name: 'key',
    SecretString: { password: 'hunter2' },
    ClientRequestToken: 't'.repeat(32),
  });

  const answer = await post(body, { 'x-amz-target': 'secretsmanager.CreateSecret' });

  expect(answer).toMatchObject({ status: 400, __type: 'SerializationException' });
  expect(JSON.stringify(answer)).not.toContain('hunter2');
});

test.each([1_048_577, 10_000_000])('a body of %d bytes is refused', async (bytes) => {
  expect(await post('x'.repeat(bytes))).toMatchObject({ status: 413, __type: 'RequestEntityTooLargeException' });
});

test('200 connections that send nothing do not keep it from answering', async () => {
  const idle = await Promise.all(
    Array.from({ length: 200 }, async () => {
      const socket = connect(ports.httpPort, '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    }),
  );

  const answer = await post('{}');

  idle.forEach((socket) => socket.destroy());
  expect(answer).toMatchObject({ status: 200, SecretList: [] });
});

test.each([
  ['CreateSecret', { Name: 'other' }, 'InvalidRequestException'],
  ['PutSecretValue', { SecretId: 'key', SecretString: 'two' }, 'InvalidRequestException'],
  ['UpdateSecret', { SecretId: 'key' }, 'InvalidRequestException'],
  ['RotateSecret', { SecretId: 'key' }, 'InvalidParameterException'],
])('%s by hand needs a ClientRequestToken', async (operation, input, type) => {
  await lab.ask('CreateSecret', { Name: 'key', SecretString: 'one' });

  const answer = await post(JSON.stringify(input), { 'x-amz-target': `secretsmanager.${operation}` });

  expect(answer).toMatchObject({
    __type: type,
    Message: 'You must provide a ClientRequestToken value. We recommend a UUID-type value.',
  });
});

test.each([
  ['before', 'one'],
  ['after', 'two'],
])('a connection dropped %s the effect gets no answer', async (phase, value) => {
  await lab.ask('CreateSecret', { Name: 'key', SecretString: 'one' });
  const stop = lab.calls.intercept((call, at) => {
    if (call.operation === 'PutSecretValue' && at === phase) throw new DropConnection();
  });

  const put = client().send(new PutSecretValueCommand({ SecretId: 'key', SecretString: 'two' }));

  await expect(put).rejects.toThrow('socket hang up');
  stop();
  expect(await lab.ask('GetSecretValue', { SecretId: 'key' })).toMatchObject({ SecretString: value });
});

test('a fault of the lab itself is answered with its message, and is not tried again', async () => {
  authorize.mockImplementation(() => {
    throw new Error('the condition key app:unheard is not known here');
  });

  expect(await post('{}')).toMatchObject({
    status: 400,
    __type: 'InternalServiceError',
    Message: 'the condition key app:unheard is not known here',
  });
});

test('a server that was never started can be stopped', async () => {
  const idle = new SecretsManagerServer({
    secretsManager: lab.secretsManager,
    callerOf: () => undefined,
    tls: await authority.issue([HOST]),
  });

  await expect(idle.stop()).resolves.toBeUndefined();
});
