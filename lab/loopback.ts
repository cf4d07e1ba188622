import type { IncomingMessage } from 'node:http';

const NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Whether a web page makes this request, and not a program on this machine. A page reaches loopback too, by its address, or by a name of its own
 * that leads there; a browser then says so in `Origin`, `Sec-Fetch-Site` or `Host`.
 */
export function isFromWebPage({ headers }: IncomingMessage): boolean {
  const { host = '', origin, 'sec-fetch-site': site = 'none' } = headers;
  const name = host.toLowerCase().replace(/:\d+$/, '');
  return origin !== undefined || site !== 'none' || !NAMES.includes(name);
}
