import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { SecretsManagerClient, GetSecretValueCommand, ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { Authority } from '../../../lab/authority';
import { SecretsManagerServer } from '../../../lab/secrets-manager';
import { administrator, startSecretsManager } from './secrets';

let lab: ReturnType<typeof startSecretsManager>;
let server: SecretsManagerServer;
let ports: { httpPort: number; httpsPort: number };

beforeEach(async () => {
  lab = startSecretsManager();
  await lab.ask('CreateSecret', { Name: 'key', SecretString: 'one' });
  const tls = await (await Authority.create()).issue(['localhost']);
  const { secretsManager } = lab;
  server = new SecretsManagerServer({ secretsManager, callerOf: () => administrator, tls, headersTimeout: 1000 });
  ports = await server.start();
});

afterEach(async () => await server.stop());

/** What an SDK client in a Region reads. */
const send = async (command: GetSecretValueCommand | ListSecretsCommand, region = 'us-east-1') => {
  const client = new SecretsManagerClient({
    region,
    endpoint: `http://127.0.0.1:${ports.httpPort}`,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
  });
  return await client.send(command as ListSecretsCommand).finally(() => client.destroy());
};
const answers = async () => await send(new GetSecretValueCommand({ SecretId: 'key' }));

const open = async (port = ports.httpPort): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  return socket;
};

const closed = async (socket: Socket): Promise<void> => {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
};

/** All that comes until the server closes the connection. */
const received = async (socket: Socket): Promise<string> => {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await closed(socket);
  return Buffer.concat(chunks).toString();
};

/** A request as it stands on the wire. */
const wire = (operation: string, body: string, headers: string[] = []) =>
  [
    'POST / HTTP/1.1',
    'Host: localhost',
    `X-Amz-Target: secretsmanager.${operation}`,
    'Content-Type: application/x-amz-json-1.1',
    'Authorization: AWS4-HMAC-SHA256 Credential=AKIA/20270301/us-east-1/secretsmanager/aws4_request, Signature=0',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headers,
    '',
    body,
  ].join('\r\n');

test.each(['httpPort', 'httpsPort'] as const)(
  '200 connections that send nothing to the %s are closed, and others are answered meanwhile',
  async (port) => {
    const silent = await Promise.all(Array.from({ length: 200 }, async () => await open(ports[port])));
    const allClosed = Promise.all(silent.map(async (socket) => await received(socket)));

    expect(await answers()).toMatchObject({ SecretString: 'one' });
    await allClosed;
    expect(await answers()).toMatchObject({ SecretString: 'one' });
  },
);

test('requests that come in one piece are answered one by one, in their order', async () => {
  const ids = ['key', 'unknown', 'key'];
  const socket = await open();
  const all = received(socket);

  socket.write(
    ids
      .map((SecretId, at) =>
        wire('GetSecretValue', JSON.stringify({ SecretId }), at === 2 ? ['Connection: close'] : []),
      )
      .join(''),
  );

  expect((await all).match(/HTTP\/1\.1 \d+|"SecretString":"\w+"|ResourceNotFoundException(?=",)/g)).toEqual([
    'HTTP/1.1 200',
    '"SecretString":"one"',
    'HTTP/1.1 400',
    'ResourceNotFoundException',
    'HTTP/1.1 200',
    '"SecretString":"one"',
  ]);
});

test.each([
  ['what is no HTTP', 'hunter2\r\n\r\n'],
  ['a header line without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(200_000)}`],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx'],
])('%s ends its connection alone', async (_what, text) => {
  const socket = await open();
  const all = received(socket);

  socket.write(text);

  expect(await all).not.toContain('hunter2');
  expect(await answers()).toMatchObject({ SecretString: 'one' });
});

test('a body without end loses its connection', async () => {
  const socket = await open();
  socket.resume();
  socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n');
  const mebibyte = `100000\r\n${'x'.repeat(0x100000)}\r\n`;

  for (let sent = 0; sent < 64 && !socket.destroyed; sent++) {
    socket.write(mebibyte);
    await setImmediate();
  }

  await closed(socket);
  expect(await answers()).toMatchObject({ SecretString: 'one' });
});

test('a client that leaves in the middle of its body changes nothing', async () => {
  const socket = await open();
  const request = wire('PutSecretValue', JSON.stringify({ SecretId: 'key', SecretString: 'two' }));

  socket.end(request.slice(0, -5));
  await received(socket);

  expect(await answers()).toMatchObject({ SecretString: 'one' });
});

test('JSON that nests without end is refused', async () => {
  const socket = await open();
  const all = received(socket);

  socket.write(wire('ListSecrets', `{"Filters":${'['.repeat(100_000)}`, ['Connection: close']));

  expect(await all).toContain('SerializationException');
});

describe('the Region of the signature', () => {
  test('decides which secrets are seen', async () => {
    const there = lab.secretsManager.inRegion('eu-west-1');
    await there.handle('CreateSecret', { Name: 'elsewhere' }, administrator);

    const names = async (region: string) =>
      (await send(new ListSecretsCommand({}), region)).SecretList?.map(({ Name }) => Name);

    expect([await names('us-east-1'), await names('eu-west-1'), await names('eu-west-2')]).toEqual([
      ['key'],
      ['elsewhere'],
      [],
    ]);
  });

  test('must be one', async () => {
    await expect(send(new ListSecretsCommand({}), 'mars-north-1')).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: 'Credential should be scoped to a valid region.',
    });
  });
});
