import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Lab, type StandIn } from '../../lab';
import { deploy, withFunction } from './assemblies';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

/** A user's own stand-in: greets over HTTPS under the name of its host. */
class Greeter implements StandIn {
  readonly host = 'api.greetings.example:443';
  server?: Server;

  async start({ authority, calls }: Parameters<StandIn['start']>[0]): Promise<number> {
    const server = createServer(await authority.issue(['api.greetings.example']), (request, response) => {
      const call = { service: 'api.greetings.example', operation: `${request.method} ${request.url}` };
      void calls.run(call, () => response.end('hello'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.server = server;
    return (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server!.closeAllConnections();
    await new Promise((resolve) => this.server!.close(resolve));
  }
}

describe('a stand-in of a user', () => {
  const GREET = 'return await (await fetch("https://api.greetings.example/v1")).text();';

  test('answers in the place of its host, and its calls are recorded', async () => {
    await lab.add(new Greeter());
    await deploy(lab, withFunction(GREET));

    expect(await lab.invoke('example')).toBe('hello');
    expect(lab.calls.all).toContainEqual(
      expect.objectContaining({ service: 'api.greetings.example', operation: 'GET /v1', outcome: 'ok' }),
    );
  });

  test('is reached by functions that ran before it was added', async () => {
    await deploy(lab, withFunction(GREET));
    const without = lab.invoke('example');
    await expect(without).rejects.toThrow('fetch failed');

    await lab.add(new Greeter());

    expect(await lab.invoke('example')).toBe('hello');
  });

  test('ends with the lab', async () => {
    const greeter = new Greeter();
    await lab.add(greeter);

    await lab.stop();

    expect(greeter.server!.listening).toBe(false);
  });

  test.each(['api.greetings.example', 'https://api.greetings.example:443', ':443', 'host:'])(
    'for the host %s is an error',
    async (host) => {
      const greeter = Object.assign(new Greeter(), { host });

      await expect(lab.add(greeter)).rejects.toThrow(
        `the \`host\` of a stand-in must be host and port, as api.x.com:443, got ${host}`,
      );
      expect(greeter.server).toBeUndefined();
    },
  );
});
