import { Deadline } from '../protocol/deadline';
import { OtherServerError } from './errors';
import { isSameHost } from './rds-host';
import { Endpoint, Server, Servers } from './servers';

/** The secrets that two endpoints come from, for messages. */
export interface Secrets {
  readonly user: string;
  readonly master: string;
}

/**
 * Where the master user logs in, when it is on the same server as the user. It never goes to a host that only the user's secret names: that
 * would hand the master's password to whoever can write there.
 *
 * The same host and port need no proof. Other hosts are looked up, and the changes then go to where they are taken: the writer.
 * @throws OtherServerError when they are not, or cannot be shown to be, one server
 */
export async function masterEndpoint(
  servers: Servers,
  user: Endpoint,
  master: Endpoint,
  secrets: Secrets,
  deadline: Deadline,
): Promise<Endpoint> {
  if (isSameHost(user.host, master.host)) {
    if (user.port === master.port) return master;
    throw otherServer(user, master, secrets, 'these are two servers');
  }
  const [ofUser, ofMaster] = [await servers.named(user.host, deadline), await servers.named(master.host, deadline)];
  if (ofMaster && ofUser?.arn === ofMaster.arn) return ofMaster.writer;
  const unknown = [ofUser ? [] : user.host, ofMaster ? [] : master.host].flat();
  const finding =
    unknown.length > 0
      ? `RDS knows nothing of ${unknown.join(' and ')}`
      : `RDS has ${ofUser!.arn} and ${ofMaster!.arn}`;
  throw otherServer(user, master, secrets, finding);
}

/**
 * Where the master user of an instance or a cluster of RDS logs in, when the user is on it.
 * @throws OtherServerError when the user is not, or cannot be shown to be, on it
 */
export async function managedMasterEndpoint(
  servers: Servers,
  user: Endpoint,
  arn: string,
  secrets: Secrets,
  deadline: Deadline,
): Promise<Endpoint> {
  const server = await servers.withArn(arn, deadline);
  if (server && (await isAt(servers, user, server, deadline))) return server.writer;
  throw new OtherServerError(
    `${secrets.user} is of a user at ${user.host}:${user.port}, and RDS says that this is not ${arn}, of which ${secrets.master} is the master user`,
  );
}

async function isAt(servers: Servers, user: Endpoint, server: Server, deadline: Deadline): Promise<boolean> {
  if (server.hosts.some((host) => isSameHost(host, user.host))) return true;
  return (await servers.named(user.host, deadline))?.arn === server.arn;
}

function otherServer(user: Endpoint, master: Endpoint, secrets: Secrets, finding: string): OtherServerError {
  return new OtherServerError(
    `${secrets.user} is of a user at ${user.host}:${user.port}, and its master user in ${secrets.master} is at ` +
      `${master.host}:${master.port}: ${finding}; name the master secret of the same server, or write the host alike in both`,
  );
}
