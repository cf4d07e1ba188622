import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { Authority } from '../../../lab/authority';
import { Calls } from '../../../lab/calls';
import { Clock } from '../../../lab/clock';
import type { IssuerStandIn } from '../../../lab/stand-in/issuer-stand-in';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  /** Of a body that is JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each issuer's own
  readonly json: any;
}

export interface Question {
  readonly bearer?: string;
  readonly basic?: readonly [string, string];
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
  readonly form?: Record<string, string>;
}

/** An issuer in the place of its hosts, and a client that speaks to it over TLS. */
export class IssuerClient<Issuer extends IssuerStandIn> {
  readonly clock = new Clock();
  readonly calls = new Calls(this.clock);
  private port = 0;
  private pem = '';

  constructor(readonly issuer: Issuer) {}

  async start(): Promise<this> {
    const authority = await Authority.create();
    this.port = await this.issuer.start({ authority, calls: this.calls, clock: this.clock });
    this.pem = authority.pem;
    return this;
  }

  async stop(): Promise<void> {
    await this.issuer.stop();
  }

  /** @param operation method, and a path of the issuer's first host, or a whole address */
  async ask(operation: string, { bearer, basic, headers, json, form }: Question = {}): Promise<Answer> {
    const [method, address] = operation.split(' ');
    const { hostname, pathname, search } = new URL(address, `https://${this.issuer.host}`);
    const server = { host: '127.0.0.1', port: this.port, ca: this.pem, servername: hostname, agent: false };
    const authorization = bearer
      ? `Bearer ${bearer}`
      : basic && `Basic ${Buffer.from(basic.join(':')).toString('base64')}`;
    const type = json ? 'application/json' : form && 'application/x-www-form-urlencoded';
    const all = {
      host: hostname,
      accept: 'application/json',
      ...(authorization && { authorization }),
      ...(type && { 'content-type': type }),
      ...headers,
    };
    const body = json ? JSON.stringify(json) : form && new URLSearchParams(form).toString();
    return await new Promise((resolve, reject) => {
      const asking = request({ ...server, method, path: `${pathname}${search}`, headers: all }, (response) => {
        text(response).then((content) => {
          const isJson = response.headers['content-type']?.startsWith('application/json') && content !== '';
          const { statusCode, headers } = response;
          resolve({ status: statusCode!, headers, text: content, json: isJson ? JSON.parse(content) : undefined });
        }, reject);
      });
      asking.on('error', reject).end(body);
    });
  }
}
