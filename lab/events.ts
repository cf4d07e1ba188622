import { Clock } from './clock';

/** What Secrets Manager announces about a secret, under the names that CloudTrail and EventBridge give it. */
export type LabEventName =
  | 'RotationStarted'
  | 'RotationSucceeded'
  | 'RotationFailed'
  | 'RotationAbandoned'
  | 'TestRotationStarted'
  | 'TestRotationSucceeded'
  | 'TestRotationFailed'
  | 'Secret Label Updated';

/** One event, as a rule on the account's event bus would see it. */
export interface LabEvent {
  readonly name: LabEventName;
  readonly secretArn: string;
  /** The version it is about: the token of a rotation, or the version that a label moved to. */
  readonly versionId: string;
  /** The staging label that moved; `Secret Label Updated` only. */
  readonly label?: string;
  readonly at: Date;
}

/** Every event that the lab's services announced, in order. */
export class Events {
  readonly all: LabEvent[] = [];

  constructor(private readonly clock: Clock) {}

  record(event: Omit<LabEvent, 'at'>): void {
    this.all.push({ ...event, at: this.clock.now() });
  }
}
