import { Caller, SecretsManager } from './secrets-manager';

export interface SecretsManagerServerOptions {
  readonly secretsManager: SecretsManager;
  /** The principal that an access key was made for; undefined for a key that the lab did not make. */
  readonly callerOf: (accessKeyId: string) => Caller | undefined;
  /** PEM certificate and key of the HTTPS port. */
  readonly tls: { readonly cert: string; readonly key: string };
}

/** The Secrets Manager wire protocol, AWS JSON 1.1, on two ports of 127.0.0.1. */
export class SecretsManagerServer {
  constructor(private readonly options: SecretsManagerServerOptions) {}

  /** Listens on two free ports. */
  async start(): Promise<{ httpPort: number; httpsPort: number }> {
    throw new Error(`not listening: ${this.options.tls.cert.length}`);
  }

  /** Closes both ports and every open connection. */
  async stop(): Promise<void> {}
}
