import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { Authority } from '../../../lab/authority';
import { Calls } from '../../../lab/calls';
import { Clock } from '../../../lab/clock';
import { XApi } from '../../../lab/stand-in/x-api';
import { oauth1Header, percentEncode } from '../../../lambda/provider/oauth1';

/** Hostile on purpose: what URLs and headers could take apart. */
export const KEYS = {
  consumerKey: 'k3y+/&=%41',
  consumerSecret: 's3cret:%2F ümlaut',
  accessToken: '12345-token;"',
  accessTokenSecret: "t0ken$'secret",
};

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  /** Of a body that is JSON. */
  readonly json: Record<string, unknown>;
}

/** The stand-in with one app, and a client that speaks to it. */
export class XClient {
  readonly clock = new Clock();
  readonly calls = new Calls(this.clock);
  readonly x = new XApi();
  private port = 0;
  private pem = '';

  async start(keys: Parameters<XApi['addApp']>[0] = KEYS): Promise<void> {
    const authority = await Authority.create();
    this.x.addApp(keys);
    this.port = await this.x.start({ authority, calls: this.calls, clock: this.clock });
    this.pem = authority.pem;
  }

  async ask(method: string, path: string, headers: Record<string, string>, body = ''): Promise<Answer> {
    const server = { host: '127.0.0.1', port: this.port, ca: this.pem, servername: 'api.x.com', agent: false };
    return await new Promise((resolve, reject) => {
      const asking = request({ ...server, method, path, headers: { host: 'api.x.com', ...headers } }, (response) => {
        text(response).then((content) => {
          const json = response.headers['content-type']?.startsWith('application/json') ? JSON.parse(content) : {};
          resolve({ status: response.statusCode!, headers: response.headers, text: content, json });
        }, reject);
      });
      asking.on('error', reject).end(body);
    });
  }

  async token(authorization = basic(KEYS), body = 'grant_type=client_credentials'): Promise<Answer> {
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' };
    return await this.ask('POST', '/oauth2/token', headers, body);
  }

  /** A token that lives. */
  async newToken(): Promise<string> {
    return (await this.token()).json.access_token as string;
  }

  async invalidate(token: string, authorization = signature(token)): Promise<Answer> {
    return await this.ask('POST', `/oauth2/invalidate_token?access_token=${token}`, { authorization });
  }

  async usage(token: string): Promise<Answer> {
    return await this.ask('GET', '/2/usage/tweets', { authorization: `Bearer ${token}` });
  }
}

export function basic({ consumerKey, consumerSecret }: { consumerKey: string; consumerSecret: string }): string {
  return `Basic ${Buffer.from(`${percentEncode(consumerKey)}:${percentEncode(consumerSecret)}`).toString('base64')}`;
}

/** The Authorization header for an invalidation of the token. */
export function signature(token: string, keys = KEYS): string {
  const parameters = { access_token: decodeURIComponent(token) };
  return oauth1Header('POST', 'https://api.x.com/oauth2/invalidate_token', parameters, keys);
}
