import type { Lab } from '../lab';

/** A server that plays a service outside AWS: it serves HTTPS on loopback under the host's own name. */
export interface StandIn {
  /** Host and port that functions connect to, as `api.x.com:443`. */
  readonly host: string;
  /** Starts it with a certificate for its host; answers the loopback port. */
  start(lab: Pick<Lab, 'authority' | 'calls' | 'clock'>): Promise<number>;
  stop(): Promise<void>;
}
