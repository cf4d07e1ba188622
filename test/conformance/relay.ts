import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { DropConnection, type Lab, type StandIn } from '../../lab';

/** How long a server is waited for that may have nothing to say: to the end of a TLS handshake, or to a goodbye. */
const NOTHING_TO_SAY_MS = 40;

/**
 * Stands between the functions of a lab and a real database server. Each connection, and each exchange on it (what the client sends at once,
 * and the answer), is a call of the lab, so its faults strike there: before the server gets it, or after the server has answered and before the
 * client learns of it. Everything is encrypted: it sees when something is said, not what.
 */
export class Relay implements StandIn {
  private readonly sockets = new Set<Socket>();
  private server?: Server;

  /**
   * @param host host and port by which the functions know the server
   * @param port where the server listens on this machine
   */
  constructor(
    readonly host: string,
    public port: number,
  ) {}

  async start({ calls }: Pick<Lab, 'calls'>): Promise<number> {
    const [service] = this.host.split(':');
    this.server = createServer({ noDelay: true }, (client) => {
      const server = connect({ port: this.port, host: '127.0.0.1', noDelay: true });
      this.join(client, server, async (operation, effect) => await calls.run({ service, operation }, effect));
    });
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private join(
    client: Socket,
    server: Socket,
    run: (operation: string, effect: () => Promise<void>) => Promise<void>,
  ): void {
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    // One after the other: what the client says while a fault is being made waits for it.
    let turn = run('connect', async () => void (await once(server, 'connect')));
    let answers: Buffer[] | undefined;
    server.on('data', (data) => (answers ? answers.push(data) : client.write(data)));
    client.on('data', (data) => {
      turn = turn
        .then(async () => {
          await run('exchange', async () => {
            answers = [];
            server.write(data);
            await said(server);
          });
          for (const answer of answers ?? []) client.write(answer);
          answers = undefined;
        })
        .catch((error) => {
          if (!(error instanceof DropConnection)) return;
          client.destroy();
        });
    });
    turn = turn.catch(() => void client.destroy());
  }
}

/** The server has answered, has hung up, or has nothing to say. */
async function said(server: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      server.off('data', done).off('close', done);
      resolve();
    };
    const timer = setTimeout(done, NOTHING_TO_SAY_MS);
    server.on('data', done).on('close', done);
  });
}
