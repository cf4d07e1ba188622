import { Deadline } from '../protocol/deadline';

/** Where a database server listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** A database server, as whoever runs it knows it. */
export interface Server {
  /** ARN of the instance or the cluster that takes the changes: two names with the same one lead to the same users. */
  readonly arn: string;
  /** Where to log in under the name that was asked for; another host when that name is an alias, or of a proxy. */
  readonly endpoint: Endpoint;
  /** Where changes are taken. */
  readonly writer: Endpoint;
  /** The host names of `arn`. */
  readonly hosts: readonly string[];
}

/** Knows which host names belong to one server. */
export interface Servers {
  /** Undefined when the host is of no server that is known here. */
  named(host: string, deadline: Deadline): Promise<Server | undefined>;
  /** The server of the instance or the cluster; undefined when there is none. */
  withArn(arn: string, deadline: Deadline): Promise<Server | undefined>;
}
