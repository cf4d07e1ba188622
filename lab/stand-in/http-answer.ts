import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { SignedRequest } from './oauth1';

/** A request as a stand-in reads it. */
export interface HttpRequest extends SignedRequest {
  readonly headers: IncomingHttpHeaders;
  /** As it came, whatever its type. */
  readonly body: string;
}

/** What a stand-in answers. */
export interface HttpAnswer {
  readonly status: number;
  /** A text as it is, anything else as JSON; undefined for none. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown for an answer in the place of the right one. Its name is the outcome of the recorded call: `404`, `html`. */
export class OtherAnswer extends Error implements HttpAnswer {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: Readonly<Record<string, string>> = {},
    override readonly name: string = String(status),
  ) {
    super(typeof body === 'string' ? body : JSON.stringify(body));
  }
}

/** Thrown to leave the connection open and say nothing. */
export class Silence extends Error {
  override readonly name = 'silence';
}

/** Thrown to close the connection in the middle of an answer. */
export class Truncation extends Error {
  override readonly name = 'truncated';

  constructor(readonly answer: HttpAnswer) {
    super('the lab closed the connection in the middle of the answer');
  }
}

/** A page where JSON should be. */
export function webPage(): OtherAnswer {
  const page = '<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>';
  return new OtherAnswer(200, page, { 'content-type': 'text/html; charset=utf-8' }, 'html');
}

export function send(response: ServerResponse, { status, body, headers }: HttpAnswer): void {
  const isText = typeof body === 'string';
  const type =
    body === undefined ? {} : { 'content-type': `${isText ? 'text/plain' : 'application/json'}; charset=utf-8` };
  response.writeHead(status, { ...type, ...headers }).end(isText ? body : JSON.stringify(body));
}

/** Sends one half of an answer whose headers promise all of it. */
export function sendHalf(response: ServerResponse, { status, body }: HttpAnswer): void {
  const whole = JSON.stringify(body ?? {});
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(whole),
  });
  response.write(whole.slice(0, Math.ceil(whole.length / 2)), () => response.destroy());
}
