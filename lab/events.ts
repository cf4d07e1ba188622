import type { Clock } from './clock';
import { type EventPattern, matchesPattern } from './event-pattern';
import { addToNewest } from './newest';
import { newUuid } from './uuid';

/** What CloudTrail records of one call of an API, or of something that a service did by itself. */
export interface CloudTrailRecord {
  readonly eventVersion: string;
  readonly userIdentity: UserIdentity;
  /** By the lab's clock, to the second. */
  readonly eventTime: string;
  /** `secretsmanager.amazonaws.com` */
  readonly eventSource: string;
  /** `PutSecretValue`, `RotationFailed` */
  readonly eventName: string;
  readonly awsRegion: string;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  /** `AccessDenied`, `ResourceNotFoundException`; only of a call that failed. */
  readonly errorCode?: string;
  readonly errorMessage?: string;
  /** What the caller sent, `secretId` as the caller wrote it, without secret values. */
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  /** `arn`, `name`, `versionId` of a call that writes; null for one that reads, and for one that failed. */
  readonly responseElements: Readonly<Record<string, unknown>> | null;
  /** `SecretId`, an ARN, of what the service did by itself. */
  readonly additionalEventData?: Readonly<Record<string, unknown>>;
  readonly requestID: string;
  readonly eventID: string;
  readonly readOnly: boolean;
  readonly eventType: 'AwsApiCall' | 'AwsServiceEvent';
  readonly managementEvent: true;
  readonly recipientAccountId: string;
  readonly eventCategory: 'Management';
}

/** Who did it, as CloudTrail writes it: a session of a role, a user, the account itself, or a service. */
export interface UserIdentity {
  readonly type?: 'AssumedRole' | 'IAMUser' | 'Root' | 'AWSService';
  readonly principalId?: string;
  readonly arn?: string;
  readonly accountId?: string;
  readonly accessKeyId?: string;
  readonly userName?: string;
  readonly sessionContext?: {
    readonly sessionIssuer: Readonly<Record<'type' | 'principalId' | 'arn' | 'accountId' | 'userName', string>>;
    readonly attributes: Readonly<Record<string, string>>;
  };
  readonly invokedBy?: string;
}

interface Envelope<Type extends string, Detail> {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': Type;
  /** `aws.secretsmanager`; that of an application does not begin with `aws.`. */
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Detail;
}

/** What comes to EventBridge by way of CloudTrail: in AWS only where a trail logs management events in the Region. */
export type CloudTrailEvent = Envelope<
  'AWS API Call via CloudTrail' | 'AWS Service Event via CloudTrail',
  CloudTrailRecord
>;

/** An interface, which no `CustomEvent` is: so the types of events can be told apart. */
interface LabelUpdate {
  readonly name: string;
  readonly labelUpdated: string;
  readonly versionId: string;
}

/** A staging label moved to a version. Secrets Manager sends this itself, with or without a trail; its ARN is in `resources`. */
export type SecretLabelUpdated = Envelope<'Secret Label Updated', LabelUpdate>;

/** What an application sent by PutEvents: source, detail type and detail are its own. */
export type CustomEvent = Envelope<string, Readonly<Record<string, unknown>>>;

/** An event on the account's default event bus. */
export type LabEvent = CloudTrailEvent | SecretLabelUpdated | CustomEvent;

/** States of an EventBridge rule that let events through. */
export type RuleState = 'ENABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

/** Without what every event has. The time is now unless the event says otherwise. */
type Sent<Event extends LabEvent> = Event extends LabEvent
  ? Omit<Event, 'version' | 'id' | 'time'> & { readonly time?: string }
  : never;

/** Every event that came to EventBridge, in order, from the lab's services and from applications: the newest 10,000 at least. No service puts a secret value into one. */
export class Events {
  readonly all: LabEvent[] = [];
  private readonly watchers = new Set<(event: LabEvent) => void>();

  constructor(private readonly clock: Clock) {}

  /** The events of that name that services sent: an API call (`PutSecretValue`), a service event (`RotationFailed`), or `Secret Label Updated`. */
  named(name: 'Secret Label Updated'): SecretLabelUpdated[];
  named(name: string): CloudTrailEvent[];
  named(name: string): LabEvent[] {
    return this.all.filter((event) => !isCustomEvent(event) && nameOf(event) === name);
  }

  /** What applications sent by PutEvents. */
  get custom(): CustomEvent[] {
    return this.all.filter(isCustomEvent);
  }

  /** Is told of each event that comes. Call what this returns to hear no more. */
  watch(watcher: (event: LabEvent) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /**
   * The events that a rule with this pattern gets. A rule that is just `ENABLED` gets no calls whose names begin with Describe, Get or List.
   *
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
   * @throws for a pattern that EventBridge would refuse, or a filter that the lab does not know
   */
  matching(pattern: EventPattern, state: RuleState = 'ENABLED'): LabEvent[] {
    return this.all.filter((event) => reachesRule(event, pattern, state));
  }

  /** Sends an event: what every event has is added to it. Answers its id. */
  send(event: Sent<LabEvent>): string {
    const sent = { version: '0', id: newUuid(), time: this.time(), ...event } as LabEvent;
    addToNewest(this.all, sent);
    for (const watcher of this.watchers) watcher(sent);
    return sent.id;
  }

  /** The lab's time as events have it, to the second. */
  time(): string {
    return `${this.clock.now().toISOString().slice(0, 19)}Z`;
  }
}

/** Whether a rule with this pattern gets the event. @throws as `Events.matching` does */
export function reachesRule(event: LabEvent, pattern: EventPattern, state: RuleState): boolean {
  // Matched first: a faulty pattern is to be found with every event.
  return matchesPattern(pattern, event) && (state !== 'ENABLED' || !isReadOnlyCall(event));
}

/** Whether an application sent it: sources of AWS are closed to PutEvents. */
export function isCustomEvent(event: LabEvent): event is CustomEvent {
  return !event.source.startsWith('aws.');
}

/** The name by which people speak of an event: that of CloudTrail, or the detail type of one that did not come through it. */
export function nameOf(event: LabEvent): string {
  if (isCustomEvent(event)) return event['detail-type'];
  return event['detail-type'] === 'Secret Label Updated' ? event['detail-type'] : event.detail.eventName;
}

/**
 * Whether only rules in the state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS get this event. It is the name that counts:
 * BatchGetSecretValue reads too, and reaches every rule.
 */
export function isReadOnlyCall(event: LabEvent): boolean {
  if (isCustomEvent(event)) return false;
  return event['detail-type'] === 'AWS API Call via CloudTrail' && /^(Describe|Get|List)/.test(event.detail.eventName);
}
