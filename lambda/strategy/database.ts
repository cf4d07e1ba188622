import { Engine, Session } from '../engine/engine';
import { PasswordPolicy } from '../protocol/password';
import { Servers } from '../target/servers';

/** What a strategy for database users works with. */
export interface Database<S extends Session = Session> {
  readonly engine: Engine<S>;
  /** Which host names are one server. */
  readonly servers: Servers;
  /** For the passwords that it makes. */
  readonly passwords: PasswordPolicy;
}
