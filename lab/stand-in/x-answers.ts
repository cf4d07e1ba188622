import { STATUS_CODES } from 'node:http';
import { OtherAnswer } from './http-answer';

/** An answer of the X API that is not 200. Its name, `401 (code 89)`, is the outcome of the recorded call. */
export class XRefusal extends OtherAnswer {
  constructor(status: number, body: object, code?: number, headers: Record<string, string> = {}) {
    super(status, body, headers, code === undefined ? String(status) : `${status} (code ${code})`);
  }
}

/** As /oauth2/... refuses, in the form of version 1.1. */
export function coded(status: number, code: number, message: string, headers?: Record<string, string>): XRefusal {
  return new XRefusal(status, { errors: [{ code, message }] }, code, headers);
}

/** As /2/... refuses: the form of RFC 7807. */
export function titled(status: number, title: string, headers?: Record<string, string>): XRefusal {
  return new XRefusal(status, { title, type: 'about:blank', status, detail: title }, undefined, headers);
}

/** The statuses that X can be told to answer with. */
export type XErrorStatus = 401 | 403 | 429 | 500;

/** How X says it: by path, since its two versions differ. A status that X does not document is said in the form of the others. */
export function refusal(path: string, status: number): XRefusal {
  const headers = status === 429 ? rateLimited() : undefined;
  const name = STATUS_CODES[status] ?? 'Error';
  const [title, code, message] = WORDS[status as XErrorStatus] ?? [name, 0, name];
  return path.startsWith('/2/') ? titled(status, title, headers) : coded(status, code, message, headers);
}

const WORDS: Record<XErrorStatus, [title: string, code: number, message: string]> = {
  401: ['Unauthorized', 32, 'Could not authenticate you.'],
  403: ['Forbidden', 99, 'Unable to verify your credentials'],
  429: ['Too Many Requests', 88, 'Rate limit exceeded'],
  500: ['Internal Server Error', 131, 'Internal error'],
};

/** The window ends in a quarter of an hour by the machine's clock, which is the one that functions compare it with. */
function rateLimited(): Record<string, string> {
  return {
    'x-rate-limit-limit': '300',
    'x-rate-limit-remaining': '0',
    'x-rate-limit-reset': String(Math.floor(Date.now() / 1000) + 15 * 60),
  };
}
