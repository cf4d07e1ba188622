import { createHash } from 'node:crypto';
import type { Principal } from '../../policy';
import type { CloudTrailRecord, Events, UserIdentity } from '../events';
import { newUuid } from '../uuid';
import type { Caller } from './caller';
import { ServiceError } from './errors';
import type { Connection } from './secrets-manager';

/** What Secrets Manager does by itself and CloudTrail records. */
export type ServiceEventName =
  | 'RotationStarted'
  | 'RotationSucceeded'
  | 'RotationFailed'
  | 'RotationAbandoned'
  | 'TestRotationStarted'
  | 'TestRotationSucceeded'
  | 'TestRotationFailed'
  | 'StartSecretVersionDelete'
  | 'CancelSecretVersionDelete'
  | 'EndSecretVersionDelete';

/** A request that has been answered. */
export interface AnsweredCall {
  readonly operation: string;
  /** The members that the operation has; what else was sent is not recorded. */
  readonly parameters: readonly string[];
  readonly input: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  readonly connection?: Connection;
  /** The secret that it was for, where there is one. */
  readonly secretArn?: string;
}

const SERVICE = 'secretsmanager.amazonaws.com';
const SOURCE = 'aws.secretsmanager';
/** As in the newest examples of AWS's documentation. */
const EVENT_VERSION = '1.10';

/** Never recorded: the values, and the token that proves a rotation's assumed role. */
const HIDDEN = new Set(['SecretString', 'SecretBinary', 'RotationToken']);
/** What answers of writing calls say; the documented examples and patterns have no more. */
const ANSWERED = ['ARN', 'Name', 'VersionId'];
const READS = /^(BatchGet|Describe|Get|List|Validate)/;

/**
 * What Secrets Manager tells CloudTrail and EventBridge, in their shapes.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/secret-event-notifications.html
 */
export class Trail {
  private readonly identities = new WeakMap<Principal, UserIdentity>();

  constructor(
    private readonly account: string,
    private readonly region: string,
    private readonly events: Events,
  ) {}

  /** Records a call and what came of it: its answer, or the error that was answered. */
  call(call: AnsweredCall, outcome: object | ServiceError): void {
    const { operation, caller, connection } = call;
    const readOnly = READS.test(operation);
    const failed = outcome instanceof ServiceError ? errorOf(outcome) : undefined;
    this.send('AWS API Call via CloudTrail', {
      userIdentity: this.identityOf(caller),
      eventName: operation,
      sourceIPAddress: connection ? '127.0.0.1' : 'AWS Internal',
      userAgent: connection ? (connection.userAgent ?? '-') : 'AWS Internal',
      ...failed,
      // What could not be read is not recorded: nobody knows what stands in it.
      requestParameters: failed?.errorCode === 'SerializationException' ? null : requestParameters(call),
      responseElements: readOnly || failed ? null : responseElements(outcome as Record<string, unknown>, call),
      requestID: connection?.requestId ?? newUuid(),
      readOnly,
      eventType: 'AwsApiCall',
    });
  }

  /** Records what the service did by itself. `errorMessage` is for a failure. */
  serviceEvent(eventName: ServiceEventName, secretArn: string, versionId: string, errorMessage?: string): void {
    this.send('AWS Service Event via CloudTrail', {
      userIdentity: { accountId: this.account, invokedBy: SERVICE },
      eventName,
      sourceIPAddress: SERVICE,
      userAgent: SERVICE,
      ...(errorMessage && { errorMessage }),
      requestParameters: null,
      responseElements: null,
      additionalEventData: { SecretId: secretArn },
      requestID: `${eventName.includes('Delete') ? 'Deletion' : 'Rotation'}-${secretArn}-${versionId}`,
      readOnly: false,
      eventType: 'AwsServiceEvent',
    });
  }

  /** Tells EventBridge, without CloudTrail, that a staging label moved. */
  labelUpdated(secret: { readonly name: string; readonly arn: string }, labelUpdated: string, versionId: string): void {
    this.events.send({
      'detail-type': 'Secret Label Updated',
      ...this.origin,
      resources: [secret.arn],
      detail: { name: secret.name, labelUpdated, versionId },
    });
  }

  private send(type: 'AWS API Call via CloudTrail' | 'AWS Service Event via CloudTrail', what: Particulars): void {
    this.events.send({
      'detail-type': type,
      ...this.origin,
      // CloudTrail's events leave this empty: rules look for the ARN in the detail.
      resources: [],
      detail: {
        ...what,
        eventVersion: EVENT_VERSION,
        eventTime: this.events.time(),
        eventSource: SERVICE,
        awsRegion: this.region,
        eventID: newUuid(),
        managementEvent: true,
        recipientAccountId: this.account,
        eventCategory: 'Management',
      },
    });
  }

  private get origin(): { source: string; account: string; region: string } {
    return { source: SOURCE, account: this.account, region: this.region };
  }

  private identityOf({ principal }: Caller): UserIdentity {
    const known = this.identities.get(principal);
    if (known) return known;
    const identity = userIdentity(principal);
    this.identities.set(principal, identity);
    return identity;
  }
}

type Particulars = Omit<
  CloudTrailRecord,
  | 'eventVersion'
  | 'eventTime'
  | 'eventSource'
  | 'awsRegion'
  | 'eventID'
  | 'managementEvent'
  | 'recipientAccountId'
  | 'eventCategory'
>;

function userIdentity(principal: Principal): UserIdentity {
  if (principal.kind === 'service') return { type: 'AWSService', invokedBy: principal.service };
  const { account: accountId, arn } = principal;
  if (principal.kind === 'account') return { type: 'Root', principalId: accountId, arn, accountId };
  const [, userName, session] = principal.sessionArn.split('/');
  const roleId = `AROA${createHash('sha256').update(arn).digest('hex').slice(0, 17).toUpperCase()}`;
  return {
    type: 'AssumedRole',
    principalId: `${roleId}:${session}`,
    arn: principal.sessionArn,
    accountId,
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId: roleId, arn, accountId, userName },
      attributes: { mfaAuthenticated: 'false' },
    },
  };
}

/** CloudTrail shortens the name of one error; the others it writes as they were answered. */
function errorOf({ type, message }: ServiceError): { errorCode: string; errorMessage: string } {
  return { errorCode: type === 'AccessDeniedException' ? 'AccessDenied' : type, errorMessage: message };
}

function requestParameters({ parameters, input }: AnsweredCall): Record<string, unknown> | null {
  const sent = parameters.filter((name) => !HIDDEN.has(name) && input[name] !== undefined && input[name] !== null);
  if (sent.length === 0) return null;
  return Object.fromEntries(sent.map((name) => [lowerFirst(name), lowerMembers(input[name])]));
}

/** Answers without an ARN, as TagResource gives one, are recorded with it all the same: AWS's own patterns look for it there. */
function responseElements(answer: Record<string, unknown>, { secretArn }: AnsweredCall): Record<string, unknown> {
  const elements = ANSWERED.map((name) => [name === 'ARN' ? 'arn' : lowerFirst(name), answer[name]]);
  if (answer.ARN === undefined) elements.push(['arn', secretArn]);
  if (typeof answer.DeletionDate === 'number') elements.push(['deletionDate', longDate(answer.DeletionDate)]);
  return Object.fromEntries(elements.filter(([, value]) => value !== undefined));
}

function lowerMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerMembers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [lowerFirst(name), lowerMembers(member)]));
}

const lowerFirst = (name: string) => name[0].toLowerCase() + name.slice(1);

/** `May 3, 2018, 5:51:02 PM`, as CloudTrail writes dates of answers, without the comma after the year. */
function longDate(seconds: number): string {
  const date = new Date(seconds * 1000);
  const day = date.toLocaleDateString('en-US', { dateStyle: 'medium', timeZone: 'UTC' });
  const time = date.toLocaleTimeString('en-US', { timeStyle: 'medium', timeZone: 'UTC' });
  return `${day} ${time.replaceAll('\u202f', ' ')}`;
}
