import { ConfigurationError } from '../../protocol/errors';
import { at } from '../connection-errors';
import { CloneState } from '../engine';
import { DatabaseError, RightsError } from '../errors';
import { Account, Accounts, lock } from './accounts';
import { CloneRights } from './clone-rights';
import { MysqlConnection } from './connection';
import { accountName } from './quoting';
import { nameOf } from './rights';
import { ERROR, errorNumber } from './server-errors';

/** More are not told one by one. */
const MOST_TOLD = 10;

/** A user's twin: an account for each of its accounts, from the same host, with the same rights. */
export class Clone {
  private readonly rights: CloneRights;

  constructor(
    private readonly connection: MysqlConnection,
    private readonly accounts: Accounts,
    private readonly original: string,
    private readonly clone: string,
  ) {
    this.rights = new CloneRights(connection, original, clone, (role) => accounts.isMarker(role));
  }

  async state(): Promise<CloneState> {
    const clones = await this.accounts.describe(this.clone, this.original);
    if (clones.length === 0) return 'absent';
    return clones.every(({ isMarked }) => isMarked) ? 'marked' : 'unmarked';
  }

  /**
   * A new account is locked until it has all of its rights and its password; one that is there keeps what it has until it gets more, and
   * loses what it has too much.
   * @param isPassword whether the clone logs in with this password by now
   */
  async put(password: string, isPassword: () => Promise<boolean>): Promise<void> {
    const originals = await this.originals();
    const clones = await this.accounts.describe(this.clone, this.original);
    const created: Account[] = [];
    for (const original of originals) {
      const clone = clones.find(({ host }) => host === original.host);
      if (!clone) {
        await this.accounts.create(this.clone, original, password);
        created.push(original);
      } else if (!clone.isMarked) await this.accounts.mark(this.clone, original);
      await this.rights.align(original.host);
    }
    const aligned = await this.accounts.describe(this.clone, this.original);
    for (const original of originals) {
      const roles = aligned.find(({ host }) => host === original.host)?.defaultRoles;
      if (roles?.join() !== original.defaultRoles.join()) {
        await this.accounts.setDefaultRoles(this.clone, original.host, original.defaultRoles);
      }
      if (created.includes(original)) await this.accounts.complete(this.clone, original, undefined);
      else await this.complete(original, password, isPassword);
    }
    for (const { host } of this.strays(originals, clones)) await lock(this.connection, accountName(this.clone, host));
  }

  /** Lets the original use what its clone has made. */
  async share(): Promise<void> {
    const clones = await this.accounts.describe(this.clone, this.original);
    const hosts = await this.accounts.hosts(this.original);
    for (const { host } of clones) if (hosts.includes(host)) await this.rights.share(host);
  }

  /** @throws RightsError */
  async check(): Promise<void> {
    const originals = await this.originals();
    const clones = await this.accounts.describe(this.clone, this.original);
    const faults: string[] = [];
    for (const original of originals) {
      const name = accountName(this.clone, original.host);
      const clone = clones.find(({ host }) => host === original.host);
      if (clone) faults.push(...(await this.faults(original, clone)).map((fault) => `${name} ${fault}`));
      else faults.push(`there is no ${name}`);
    }
    faults.push(
      ...this.strays(originals, clones).map(({ host }) => `${accountName(this.clone, host)} has no original`),
    );
    if (faults.length === 0) return;
    const told = faults.slice(0, MOST_TOLD).join(', ');
    const more = faults.length > MOST_TOLD ? `, and ${faults.length - MOST_TOLD} more` : '';
    throw new RightsError(
      `"${this.clone}" is no true clone of "${this.original}" in ${at(this.connection.server)}: ${told}${more}`,
    );
  }

  private async originals(): Promise<Account[]> {
    const longest = this.accounts.longestUsername;
    const { server } = this.connection;
    if ([...this.clone].length > longest) {
      throw new ConfigurationError(
        `the user name "${this.clone}" is longer than the ${longest} characters that ${server.engine} takes; give "${this.original}" a shorter one`,
      );
    }
    const originals = await this.accounts.describe(this.original, this.original);
    if (originals.length === 0) throw new DatabaseError(`${at(server)} has no user "${this.original}"`);
    return originals;
  }

  /** Accounts of ours from hosts that the original comes from no more, and that still can log in. */
  private strays(originals: readonly Account[], clones: readonly Account[]): Account[] {
    return clones.filter(
      ({ host, isMarked, locked }) => isMarked && !locked && !originals.some((original) => original.host === host),
    );
  }

  private async complete(original: Account, password: string, isPassword: () => Promise<boolean>): Promise<void> {
    try {
      await this.accounts.complete(this.clone, original, password);
    } catch (error) {
      // By the history of passwords it may not be set again. It was, when a repeat comes here.
      if (errorNumber(error) !== ERROR.PASSWORD_HISTORY || !(await isPassword())) throw error;
      await this.accounts.complete(this.clone, original, undefined);
    }
  }

  private async faults(original: Account, clone: Account): Promise<string[]> {
    const { missing, surplus } = await this.rights.difference(original.host);
    return [
      ...missing.map((right) => `lacks ${nameOf(right)}`),
      ...surplus.map((right) => `has ${nameOf(right)} too much`),
      ...original.clauses.filter((clause) => !clone.clauses.includes(clause)).map((clause) => `lacks ${clause}`),
      ...(clone.defaultRoles.join() === original.defaultRoles.join() ? [] : ['has other default roles']),
      ...(clone.locked ? ['is locked'] : []),
    ];
  }
}
