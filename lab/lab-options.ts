import type { Credentials } from './identities';

/** How a lab is started. */
export interface LabOptions {
  /** The account of the lab, 12 digits. @default '123456789012' */
  readonly account?: string;
  /** @default 'us-east-1' */
  readonly region?: string;
  /** How often Secrets Manager begins a rotation before it counts as failed. @default 5 */
  readonly rotationAttempts?: number;
  /** Port of the endpoint for AWS SDKs; 0 for one that is free. @default 0 */
  readonly port?: number;
  /** The administrator's access key, such as `WELL_KNOWN_ADMINISTRATOR`. @default - made anew for each lab */
  readonly administrator?: Credentials;
  /**
   * Whether the commands `keyturn lab ...` can reach this lab, below `/_lab/` of its port. Every program on this machine can then do with it
   * what this object can. @default false
   */
  readonly control?: boolean;
}
