import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Refusal, type StandIn } from '../../lab';

export const SERVICE = 'api.service.example';

/** Plays the service of the README's rotation of one's own: its admin key makes, lists and ends keys, of which any number live. */
export class Service implements StandIn {
  readonly host = `${SERVICE}:443`;
  /** The keys that live, by id. */
  readonly keys = new Map<string, string>();
  /** Every key that was ever made. */
  readonly issued: string[] = [];
  /** The value of the key that is made next, in the place of a random one. */
  nextKey?: string;
  private server?: Server;

  constructor(private readonly adminKey: string) {}

  async start({ authority, calls }: Parameters<StandIn['start']>[0]): Promise<number> {
    const server = createServer(await authority.issue([SERVICE]), (request, response) => {
      const call = { service: SERVICE, operation: `${request.method} /${request.url!.split('/')[1]}` };
      calls
        .run(call, () => this.answer(request))
        .then(
          (body) => response.end(JSON.stringify(body)),
          (error) => (error instanceof Refusal ? response.writeHead(error.status).end('{}') : response.destroy()),
        );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.server = server;
    return (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server!.closeAllConnections();
    await new Promise((resolve) => this.server!.close(resolve));
  }

  private answer({ method, url, headers }: IncomingMessage): object {
    const bearer = headers.authorization?.replace('Bearer ', '');
    const lives = [...this.keys.values()].some((key) => key === bearer);
    if (!(url === '/me' ? lives : bearer === this.adminKey)) throw new Refusal(401);
    if (method === 'POST') return this.make();
    if (method === 'DELETE' && !this.keys.delete(url!.split('/')[2])) throw new Refusal(404);
    return { keys: [...this.keys.keys()].map((id) => ({ id })) };
  }

  private make(): { id: string; key: string } {
    const made = { id: randomUUID(), key: this.nextKey ?? `k3y+with/"quotes"&${randomUUID()}` };
    this.nextKey = undefined;
    this.keys.set(made.id, made.key);
    this.issued.push(made.key);
    return made;
  }
}
