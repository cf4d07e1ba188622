import { createServer, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** An event as PutEvents gets it. */
export interface SentEvent {
  readonly Source: string;
  readonly DetailType: string;
  readonly Resources: string[];
  readonly Detail: string;
}

/** Takes PutEvents on loopback, and keeps what was sent. */
export class LocalEventBus {
  readonly sent: SentEvent[] = [];
  /** Answers to events about these secrets: a status, and what stands in the body. */
  readonly refusals = new Map<string, { readonly status: number; readonly body: object }>();
  private readonly server: Server = createServer((request, response) => {
    void (async () => {
      const { Entries } = (await json(request)) as { Entries: SentEvent[] };
      const refusal = this.refusals.get(Entries[0].Resources[0]);
      if (!refusal) this.sent.push(...Entries);
      const body = { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: 'event' })) };
      response.writeHead(refusal?.status ?? 200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(refusal?.body ?? body));
    })();
  });

  /** Starts it, and has the SDK of this process use it. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as AddressInfo;
    process.env.AWS_ENDPOINT_URL_EVENTBRIDGE = `http://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    delete process.env.AWS_ENDPOINT_URL_EVENTBRIDGE;
  }
}
