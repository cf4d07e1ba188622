import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { types } from 'node:util';

// Jest gives tests an Error of their own, so that `instanceof Error` is false for what a socket throws, and the SDK then wraps it and loses
// its name and code. Outside jest there is one Error.
Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, object: unknown) {
    return this === Error ? types.isNativeError(object) : Function.prototype[Symbol.hasInstance].call(this, object);
  },
});

/** An answer of the service: a value, an error by name and text, or bytes that are no answer at all. */
export type Answer =
  | { SecretString: string; VersionId?: string }
  | { SecretBinary: string; VersionId?: string }
  | { error: string; message?: string; status?: number }
  | { cutOffAfter: string }
  | 'drop the connection';

export interface Asked {
  SecretId: string;
  VersionStage?: string;
}

/** Speaks just enough AWS JSON 1.1 on loopback to say to a real SDK client whatever a test wants GetSecretValue to say. */
export class SecretsManagerDouble {
  readonly asked: Asked[] = [];
  answer: (asked: Asked) => Answer | Promise<Answer> = () => ({ SecretString: 'text' });
  private readonly server: Server = createServer((request, response) => void this.handle(request, response));

  /** Starts it and gives a client for it. The SDK's own retries are off: a test counts calls. */
  async start(): Promise<SecretsManagerClient> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return new SecretsManagerClient({
      endpoint: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked: Asked = JSON.parse((await request.toArray()).join(''));
    this.asked.push(asked);
    const answer = await this.answer(asked);
    if (answer === 'drop the connection') {
      request.socket.destroy();
      return;
    }
    response.setHeader('Content-Type', 'application/x-amz-json-1.1');
    if ('cutOffAfter' in answer) {
      response.end(answer.cutOffAfter);
    } else if ('error' in answer) {
      response.statusCode = answer.status ?? 400;
      response.end(JSON.stringify({ __type: answer.error, message: answer.message ?? answer.error }));
    } else {
      response.end(JSON.stringify({ Name: asked.SecretId, VersionId: 'v1', ...answer }));
    }
  }
}
