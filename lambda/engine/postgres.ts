import { Deadline } from '../protocol/deadline';
import { authoritiesFor } from './certificate-authorities';
import { CloningSession, Engine, Login, NameLength } from './engine';
import { PostgresConnection } from './postgres/connection';
import { PostgresSession } from './postgres/session';

/** How the function deals with its servers. */
export interface PostgresOptions {
  /** Certificates in PEM that a server's certificate must be signed by. @default - those that suit the host */
  readonly authorities?: string;
  /**
   * Hands new passwords over as text, for servers whose password checks want to read them. Then they may stand in the server's log.
   * @default false: the server gets what it would store
   */
  readonly passwordAsText?: boolean;
}

/** PostgreSQL, on RDS, Aurora and anywhere else. */
export class Postgres implements Engine<CloningSession> {
  readonly name = 'PostgreSQL';
  readonly kinds = ['postgres', 'aurora-postgresql'];
  readonly defaultPort = 5432;

  constructor(private readonly options: PostgresOptions = {}) {}

  longestUsername(): NameLength {
    return { most: 63, unit: 'bytes' };
  }

  async open(login: Login, deadline: Deadline): Promise<CloningSession> {
    const authorities = authoritiesFor(login.host, this.options.authorities);
    const connection = await PostgresConnection.open(login, authorities, deadline);
    return new PostgresSession(connection, this.options.passwordAsText ?? false);
  }
}
