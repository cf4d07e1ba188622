import type { Principal } from '../../policy';
import type { CloudTrailRecord, Events, UserIdentity } from '../events';
import { newUuid } from '../uuid';
import { type AnsweredCall, errorOf, requestParameters, responseElements } from './answered-call';
import type { Caller } from './caller';
import { ServiceError } from './errors';
import { userIdentity } from './user-identity';

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

interface BatchAnswer {
  readonly SecretValues: readonly { readonly ARN: string }[];
  readonly Errors: readonly { readonly SecretId: string; readonly ErrorCode: string; readonly Message: string }[];
}

const SERVICE = 'secretsmanager.amazonaws.com';
const SOURCE = 'aws.secretsmanager';
/** As in the newest examples of AWS's documentation. */
const EVENT_VERSION = '1.10';

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
    if (operation === 'BatchGetSecretValue' && !failed) this.partsOf(call, outcome as BatchAnswer);
  }

  /**
   * Of a batch, each secret is recorded as if it had been asked for by itself.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
   */
  private partsOf(batch: AnsweredCall, { SecretValues, Errors }: BatchAnswer): void {
    const part = (SecretId: string, outcome: object | ServiceError) =>
      this.call({ ...batch, operation: 'GetSecretValue', parameters: ['SecretId'], input: { SecretId } }, outcome);
    for (const { ARN } of SecretValues) part(ARN, {});
    for (const { SecretId, ErrorCode, Message } of Errors) part(SecretId, new ServiceError(ErrorCode, Message));
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
