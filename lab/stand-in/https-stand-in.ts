import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { DropConnection, type NewCall, Refusal } from '../calls';
import type { Lab } from '../lab';
import type { StandIn } from './stand-in';
import { type HttpAnswer, type HttpRequest, OtherAnswer, send, sendHalf, Silence, Truncation } from './http-answer';

/** The parts of a lab that a stand-in uses. */
export type LabOfStandIn = Pick<Lab, 'authority' | 'calls' | 'clock'>;

/** A server on loopback that serves HTTPS under the names of its hosts, and records every request as a call of the lab. */
export abstract class HttpsStandIn implements StandIn {
  /** The lab that it stands in; undefined before it starts. */
  protected lab?: LabOfStandIn;
  private server?: Server;

  /** The names of its hosts, at least one, without ports. */
  protected abstract readonly names: readonly string[];

  get host(): string {
    return this.hosts[0];
  }

  get hosts(): readonly string[] {
    return this.names.map((name) => `${name}:443`);
  }

  /** Starts listening; answers the port on 127.0.0.1. */
  async start(lab: LabOfStandIn): Promise<number> {
    this.lab = lab;
    const server = createServer(await lab.authority.issue([...this.names]), (request, response) => {
      void this.serve(request, response, lab);
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
    this.server = server;
    return (server.address() as AddressInfo).port;
  }

  /** Closes the port and every open connection. */
  async stop(): Promise<void> {
    const { server } = this;
    if (!server?.listening) return;
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  }

  /** How the request is recorded: never with its query, which can hold a token. */
  protected abstract callOf(request: HttpRequest): NewCall;

  /** @throws OtherAnswer, Silence or Truncation for what is not the right answer */
  protected abstract answer(request: HttpRequest, call: NewCall): HttpAnswer | Promise<HttpAnswer>;

  /** How the service says an error status that the lab was told to answer with. */
  protected abstract refusal(status: number, request: HttpRequest): HttpAnswer;

  private async serve(incoming: IncomingMessage, response: ServerResponse, { calls }: LabOfStandIn): Promise<void> {
    let request: HttpRequest | undefined;
    try {
      request = await read(incoming, this.names[0]);
      const call = this.callOf(request);
      send(response, await calls.run(call, async () => await this.answer(request!, call)));
    } catch (error) {
      if (error instanceof Refusal) send(response, this.refusal(error.status, request!));
      else if (error instanceof OtherAnswer) send(response, error);
      else if (error instanceof Truncation) sendHalf(response, error.answer);
      else if (error instanceof DropConnection) incoming.socket.destroy();
      else if (!(error instanceof Silence)) {
        send(response, { status: 500, body: `the stand-in for ${this.names[0]} failed: ${error}` });
      }
    }
  }
}

async function read(incoming: IncomingMessage, name: string): Promise<HttpRequest> {
  const body = await text(incoming);
  const { host = name, authorization = '', 'content-type': type = '' } = incoming.headers;
  return {
    method: incoming.method!,
    url: new URL(incoming.url!, `https://${host}`),
    headers: incoming.headers,
    authorization,
    form: new URLSearchParams(type.startsWith('application/x-www-form-urlencoded') ? body : ''),
    body,
  };
}
