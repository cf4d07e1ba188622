import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { DropConnection } from '../calls';
import { isFromWebPage } from '../loopback';
import { newUuid } from '../uuid';
import type { CallerOf } from './caller';
import { ServiceError, unrecognizedClient } from './errors';
import type { Connection, SecretsManager } from './secrets-manager';
import { bodyOf, credentialOf, membersOf, operationOf, signedFor } from './wire';

export interface SecretsManagerServerOptions {
  readonly secretsManager: SecretsManager;
  readonly callerOf: CallerOf;
  /**
   * Who answers what was signed for another service, by the service's name: `rds`. What it throws is answered as an error of Secrets Manager is.
   * @default - nobody
   */
  readonly otherServices?: Readonly<Record<string, OtherService>>;
  /** PEM certificate and key of the HTTPS port. */
  readonly tls: { readonly cert: string; readonly key: string };
  /** How long a connection may stay open without a request's headers, in milliseconds. @default 10000 */
  readonly headersTimeout?: number;
}

/** Answers a request. */
export type OtherService = (
  request: IncomingMessage,
  response: ServerResponse,
  secureTransport: boolean,
) => Promise<void>;

/** For a client's headers, and for its whole request. */
const HEADERS_SECONDS = 10;
const REQUEST_SECONDS = 60;
/** On each port; further ones are dropped. */
const MAX_CONNECTIONS = 1000;

/**
 * The wire protocol, AWS JSON 1.1, on two ports of 127.0.0.1: HTTP for SDKs and the CLI that are pointed at it, HTTPS for what believes it
 * talks to AWS. The caller is whoever the access key of the request's signature was made for, and the Region is that of its scope. What was
 * signed for another service is answered by that one.
 */
export class SecretsManagerServer {
  private readonly servers: Server[];
  private readonly mounts = new Map<string, RequestListener>();

  constructor(private readonly options: SecretsManagerServerOptions) {
    const listener =
      (secureTransport: boolean): RequestListener =>
      (request, response) =>
        void this.serve(request, response, secureTransport);
    const headersTimeout = options.headersTimeout ?? HEADERS_SECONDS * 1000;
    const patience = {
      headersTimeout,
      requestTimeout: Math.max(REQUEST_SECONDS * 1000, headersTimeout),
      connectionsCheckingInterval: headersTimeout / 2,
    };
    const tls = { ...patience, ...options.tls, handshakeTimeout: headersTimeout };
    this.servers = [createServer(patience, listener(false)), createTlsServer(tls, listener(true))];
    for (const server of this.servers) server.maxConnections = MAX_CONNECTIONS;
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
    const requestId = newUuid();
    response.setHeader('x-amzn-requestid', requestId);
    try {
      // What talks HTTPS trusts the lab's authority, and no browser does.
      if (!secureTransport && isFromWebPage(request)) throw webPage();
      const mount = [...this.mounts].find(([path]) => !secureTransport && request.url!.startsWith(path));
      if (mount) return mount[1](request, response);
      const other = this.options.otherServices?.[signedFor(request) ?? ''];
      if (other) return await other(request, response, secureTransport);
      const connection = { secureTransport, requestId, userAgent: request.headers['user-agent'] };
      send(response, 200, await this.answer(request, connection));
    } catch (error) {
      if (error instanceof DropConnection) request.socket.destroy();
      else sendError(response, error);
    }
  }

  private async answer(request: IncomingMessage, connection: Connection): Promise<object> {
    const body = await bodyOf(request);
    const operation = operationOf(request);
    const { accessKeyId, region } = credentialOf(request);
    const caller = await this.options.callerOf(accessKeyId, request, body);
    if (!caller) throw unrecognizedClient();
    const { secretsManager } = this.options;
    if (!secretsManager.hasRegion(region)) {
      throw new ServiceError('InvalidSignatureException', 'Credential should be scoped to a valid region.');
    }
    return await secretsManager.inRegion(region).handle(operation, membersOf(body), caller, connection);
  }
}

const webPage = () =>
  new ServiceError(
    'AccessDeniedException',
    'The lab answers programs on this machine, by 127.0.0.1, not web pages.',
    403,
  );

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
  response.statusCode = status;
  response.setHeader('content-type', 'application/x-amz-json-1.1');
  // Head and body at once, so that Node knows the length and sends both in one piece.
  response.end(JSON.stringify(body));
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
