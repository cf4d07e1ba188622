import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Deadline } from '../protocol/deadline';
import { rdsHost } from './rds-host';

/** More hops than any name in use takes. */
const LONGEST_CHAIN = 8;

/** How long to wait for a name server, in milliseconds. */
const PATIENCE_MS = 2_000;

/** The name that a host name is an alias of; undefined when it is none, or when nobody can tell. */
export type AliasOf = (host: string, deadline: Deadline) => Promise<string | undefined>;

/** Asks DNS for a CNAME record. */
export const aliasInDns: AliasOf = async (host, deadline) => {
  const timeout = Math.max(1, Math.min(PATIENCE_MS, deadline.remaining()));
  try {
    return (await new Resolver({ timeout, tries: 1 }).resolveCname(host))[0];
  } catch {
    return undefined;
  }
};

/** Follows aliases until they lead to a host of RDS; undefined when they do not. */
export async function rdsHostBehind(host: string, aliasOf: AliasOf, deadline: Deadline): Promise<string | undefined> {
  let name: string | undefined = host;
  for (let hops = 0; name !== undefined && hops <= LONGEST_CHAIN; hops++) {
    if (rdsHost(name)) return name;
    name = isIP(name) ? undefined : await aliasOf(name, deadline);
  }
  return undefined;
}
