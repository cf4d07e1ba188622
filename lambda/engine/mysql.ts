import { Deadline } from '../protocol/deadline';
import { CloningSession, DualPasswordSession, Engine, Login, NameLength } from './engine';
import { MysqlConnection } from './mysql/connection';
import { MariaDbAccounts } from './mysql/mariadb-accounts';
import { MysqlAccounts } from './mysql/mysql-accounts';
import { MysqlSession } from './mysql/session';

/** MySQL and MariaDB, also as Aurora and RDS have them. Which of the two a server is, it tells itself. */
export class Mysql implements Engine<CloningSession & DualPasswordSession> {
  readonly name = 'MySQL';
  readonly kinds = ['mysql', 'aurora-mysql', 'mariadb'];
  readonly defaultPort = 3306;
  private readonly authorities: string | undefined;

  /** @param options.authorities certificates in PEM, instead of those that suit the host */
  constructor(options: { readonly authorities?: string } = {}) {
    this.authorities = options.authorities;
  }

  longestUsername(kind: string): NameLength {
    return {
      most: kind === 'mariadb' ? MariaDbAccounts.LONGEST_USERNAME : MysqlAccounts.LONGEST_USERNAME,
      unit: 'characters',
    };
  }

  async open(login: Login, deadline: Deadline): Promise<CloningSession & DualPasswordSession> {
    const logIn = async (user: Login) => await MysqlConnection.open(user, deadline, this.authorities);
    return new MysqlSession(
      await logIn(login),
      async (username, password) => await logIn({ ...login, username, password }),
    );
  }
}
