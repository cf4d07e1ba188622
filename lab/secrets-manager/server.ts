import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { DropConnection } from '../calls';
import { isFromWebPage } from '../loopback';
import type { Caller } from './caller';
import { ServiceError } from './errors';
import type { Connection, SecretsManager } from './secrets-manager';

export interface SecretsManagerServerOptions {
  readonly secretsManager: SecretsManager;
  /** The principal that an access key was made for; undefined for a key that the lab did not make. */
  readonly callerOf: (accessKeyId: string) => Caller | undefined;
  /** PEM certificate and key of the HTTPS port. */
  readonly tls: { readonly cert: string; readonly key: string };
}

/** A value of 65,536 bytes, each escaped to six, and as much again for the rest. */
const MAX_BODY_BYTES = 1_048_576;
const TARGET = 'secretsmanager.';

/**
 * The wire protocol, AWS JSON 1.1, on two ports of 127.0.0.1: HTTP for SDKs and the CLI that are pointed at it, HTTPS for what believes it
 * talks to AWS. The caller is whoever the access key of the request's signature was made for; the signature itself is not verified.
 */
export class SecretsManagerServer {
  private readonly servers: Server[];
  private readonly mounts = new Map<string, RequestListener>();

  constructor(private readonly options: SecretsManagerServerOptions) {
    const listener =
      (secureTransport: boolean): RequestListener =>
      (request, response) =>
        void this.serve(request, response, secureTransport);
    this.servers = [createServer(listener(false)), createTlsServer({ ...options.tls }, listener(true))];
  }

  /** Has requests of the HTTP port whose path begins so answered by somebody else. */
  mount(path: string, listener: RequestListener): void {
    this.mounts.set(path, listener);
  }

  /**
   * Listens on the port for HTTP, and on a free one for HTTPS.
   *
   * @param port 0 for one that is free
   * @throws when the port is taken
   */
  async start(port = 0): Promise<{ httpPort: number; httpsPort: number }> {
    try {
      const [http, https] = this.servers;
      return { httpPort: await listen(http, port), httpsPort: await listen(https, 0) };
    } catch (cause) {
      await this.stop();
      if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
      throw new Error(`port ${port} of 127.0.0.1 is in use; choose another, or 0 for one that is free`, { cause });
    }
  }

  /** Closes both ports and every open connection. */
  async stop(): Promise<void> {
    await Promise.all(this.servers.map(close));
  }

  private async serve(request: IncomingMessage, response: ServerResponse, secureTransport: boolean): Promise<void> {
    const requestId = randomUUID();
    response.setHeader('x-amzn-requestid', requestId);
    try {
      // What talks HTTPS trusts the lab's authority, and no browser does.
      if (!secureTransport && isFromWebPage(request)) throw webPage();
      const mount = [...this.mounts].find(([path]) => !secureTransport && request.url!.startsWith(path));
      if (mount) return mount[1](request, response);
      const connection = { secureTransport, requestId, userAgent: request.headers['user-agent'] };
      send(response, 200, await this.answer(request, connection));
    } catch (error) {
      if (error instanceof DropConnection) request.socket.destroy();
      else sendError(response, error);
    }
  }

  private async answer(request: IncomingMessage, connection: Connection): Promise<object> {
    const body = await readBody(request);
    const operation = operationOf(request);
    const caller = this.callerOf(request);
    return await this.options.secretsManager.handle(operation, parse(body), caller, connection);
  }

  private callerOf(request: IncomingMessage): Caller {
    const { authorization } = request.headers;
    if (!authorization) throw new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token');
    const accessKeyId = /^AWS4-HMAC-SHA256 .*Credential=([^/\s,]+)\//.exec(authorization)?.[1];
    if (!accessKeyId) {
      throw new ServiceError('IncompleteSignatureException', 'Authorization header requires an AWS4 Credential.');
    }
    const caller = this.options.callerOf(accessKeyId);
    if (caller) return caller;
    throw new ServiceError('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }
}

const webPage = () =>
  new ServiceError(
    'AccessDeniedException',
    'The lab answers programs on this machine, by 127.0.0.1, not web pages.',
    403,
  );

function operationOf(request: IncomingMessage): string {
  const target = String(request.headers['x-amz-target'] ?? '');
  if (request.method === 'POST' && target.startsWith(TARGET)) return target.slice(TARGET.length);
  throw new ServiceError('UnknownOperationException', `No operation of Secrets Manager: X-Amz-Target ${target}`);
}

/** Reads to the end even when it is too long, so that the caller gets an answer and not a broken connection. */
async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes <= MAX_BODY_BYTES) return Buffer.concat(chunks).toString();
  throw new ServiceError('RequestEntityTooLargeException', `A request has at most ${MAX_BODY_BYTES} bytes.`, 413);
}

function parse(body: string): Record<string, unknown> {
  try {
    const input = JSON.parse(body || '{}');
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input;
  } catch {
    // The parser's own message quotes the body, which can hold a value.
  }
  throw new ServiceError('SerializationException', 'The body of the request is not a JSON object.');
}

/**
 * A fault of the lab itself, such as a policy with a condition that it does not know, says what it is. It gets status 400: with AWS's 500
 * every SDK would try again what fails the same way each time.
 */
function sendError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof ServiceError
      ? error
      : new ServiceError('InternalServiceError', error instanceof Error ? error.message : String(error));
  response.setHeader('x-amzn-errortype', known.type);
  send(response, known.status, { __type: known.type, Message: known.message });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.setHeader('content-type', 'application/x-amz-json-1.1');
  response.writeHead(status).end(JSON.stringify(body));
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}
