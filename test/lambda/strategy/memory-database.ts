import {
  CloneState,
  CloningSession,
  DualPasswordSession,
  Engine,
  Login,
  NameLength,
} from '../../../lambda/engine/engine';
import { LoginRejectedError, PasswordPolicyError } from '../../../lambda/engine/errors';

interface User {
  passwords: string[];
  /** The original that it is a clone of, by its marker. */
  cloneOf?: string;
}

type Session = CloningSession & DualPasswordSession;

/** A database server in memory. It knows users and passwords and keeps account of who logs in; dialects are another test's matter. */
export class MemoryDatabase implements Engine<Session> {
  readonly name = 'Example';
  readonly kinds = ['example', 'aurora-example'];
  readonly defaultPort = 1234;
  readonly users = new Map<string, User>();
  /** Every login and statement, in order, without passwords. */
  readonly asked: string[] = [];
  /** Hosts that log-ins went to. */
  readonly hosts: string[] = [];
  readonly marks: unknown[] = [];
  sessions = 0;
  failedLogins = 0;
  /** Refuses a password that it had before, as servers with a password history do. */
  remembersPasswords = false;
  /** Called before and after the effect of each login and statement; throws to make a fault. */
  fault: (what: string, phase: 'before' | 'after') => void = () => {};
  /** Called for each login; throws what is wrong with the way to that host. */
  way: (login: Login) => void | Promise<void> = () => {};

  add(username: string, password: string, more: Omit<User, 'passwords'> = {}): this {
    this.users.set(username, { passwords: [password], ...more });
    return this;
  }

  accepts(username: unknown, password: unknown): boolean {
    return this.users.get(String(username))?.passwords.includes(String(password)) ?? false;
  }

  longestUsername(): NameLength {
    return { most: 20, unit: 'bytes' };
  }

  async open(login: Login): Promise<Session> {
    const { username, password, host, port } = login;
    this.hosts.push(`${host}:${port}`);
    await this.way(login);
    this.does(`log in as ${username}`, () => {
      if (!this.accepts(username, password)) {
        this.failedLogins++;
        throw new LoginRejectedError(`Example at ${host}:${port} refuses ${username}`);
      }
    });
    this.sessions++;
    return this.session(username);
  }

  private session(me: string): Session {
    return {
      setPassword: async (password, username = me) => this.setPassword(password, username),
      putOriginal: async (original, _clone, password) => this.setPassword(password, original),
      probe: async () => this.does('probe', () => {}),
      close: async () => void this.sessions--,
      cloneState: async (original, clone): Promise<CloneState> =>
        this.does(`look at ${clone}`, () => {
          const user = this.users.get(clone);
          if (!user) return 'absent';
          return user.cloneOf === original ? 'marked' : 'unmarked';
        }),
      putClone: async (original, clone, password) => {
        this.does(`put ${clone} of ${original}`, () => {
          const known = this.users.get(clone) ?? { passwords: [] };
          this.users.set(clone, { ...known, cloneOf: original });
          this.put(clone, password, this.users.get(clone));
        });
      },
      checkClone: async (original, clone) => this.does(`check ${clone} against ${original}`, () => {}),
      addPassword: async (username, { current, next }, marks) => {
        this.does(`add a password to ${username}`, () => {
          this.marks.push(marks);
          this.users.set(username, { passwords: [next, current] });
        });
      },
    };
  }

  private setPassword(password: string, username: string): void {
    this.does(`set the password of ${username}`, () => this.put(username, password, this.users.get(username)));
  }

  private put(username: string, password: string, user: User | undefined): void {
    if (!user) throw new Error(`no user ${username}`);
    if (this.remembersPasswords && user.passwords.includes(password)) {
      throw new PasswordPolicyError(`Example refuses the password of ${username}: it had that one before`);
    }
    user.passwords = [password];
  }

  private does<T>(what: string, effect: () => T): T {
    this.asked.push(what);
    this.fault(what, 'before');
    const answer = effect();
    this.fault(what, 'after');
    return answer;
  }
}
