import { isHost } from './request-checks';

/** The host of a tenant or of a server of one's own. */
export function ownHost(where: string, host: string, example: string): string {
  if (isHost(host)) return host;
  throw new Error(`\`${where}\` must be a lower-case host that is known at synth, such as ${example}, got ${host}`);
}
