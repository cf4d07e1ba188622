import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const realFetch = globalThis.fetch;

/** A request as it came over the wire. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query, not decoded. */
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What to do with a request: answer it, or be silent, or break the connection. */
export type Answer =
  | { readonly status: number; readonly body?: string | object; readonly headers?: Record<string, string> }
  | 'silence'
  | 'drop';

/** An issuer on loopback that answers as it is told, each request with the next answer and from then on with the last one. */
export class ScriptedIssuer {
  readonly seen: SeenRequest[] = [];
  private readonly server: Server;
  private answers: Answer[] = [];

  constructor() {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  /** Listens, and leads `fetch` here instead of to `origin`. */
  async standInFor(origin: string): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    leadFetch(origin, `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`);
    return this;
  }

  answerWith(...answers: Answer[]): void {
    this.answers = answers;
  }

  async stop(): Promise<void> {
    jest.restoreAllMocks();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    this.seen.push({ method: request.method!, target: request.url!, headers: request.headers, body });
    const answer = this.answers.length > 1 ? this.answers.shift()! : this.answers[0];
    if (answer === 'silence') return;
    if (answer === 'drop') return void request.socket.destroy();
    const text = typeof answer.body === 'object' ? JSON.stringify(answer.body) : (answer.body ?? '');
    response.writeHead(answer.status, answer.headers).end(text);
  }
}

/** Requests to `origin` go to another one; all else about them stays. */
export function leadFetch(origin: string, to: string): void {
  jest
    .spyOn(globalThis, 'fetch')
    .mockImplementation(async (url, init) => await realFetch(String(url).replace(origin, to), init));
}
