import type { ServerCertificate } from '../authority';

/** What a database server is started with. */
export interface DatabaseServerOptions {
  /** Shown to clients. Needed unless `tls` is false. */
  readonly certificate?: ServerCertificate;
  /** The master user: with the rights that RDS gives it, which are fewer than a superuser's. */
  readonly master: { readonly username: string; readonly password: string };
  /** Made at the start, the master's own. @default - none beside those that the engine always has */
  readonly database?: string;
  /** Settings of the server by the engine's own names, as in a parameter group. The server does not start when it does not know one. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Without TLS the server takes clear connections. @default true: it takes no others than encrypted ones */
  readonly tls?: boolean;
}

/** A real database server of this machine, on 127.0.0.1 only. Its data is gone when it is stopped, or when this process ends. */
export interface DatabaseServer {
  readonly engine: 'postgres' | 'mariadb' | 'mysql';
  /** As the server tells it: `18.4`. */
  readonly version: string;
  readonly port: number;
  /** The owner of the server, whom RDS keeps to itself: it may do everything. For tests that prepare what no master could. */
  readonly admin: DatabaseAdmin;
  /** All that the server has logged until now; still there when it has stopped. */
  log(): string;
  /** Ends the server at once and removes its data. Harmless when repeated. */
  stop(): Promise<void>;
}

/** Where and as whom the owner of a server logs in. */
export interface DatabaseAdmin {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly database: string;
}
