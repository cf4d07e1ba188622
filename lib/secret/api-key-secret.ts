import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { ApiKeyRotation } from '../rotation/api-key-rotation';
import { METRIC, TAG } from '../rotation/contract';
import { ManagedSecret, ManagedSecretOptions } from './managed-secret';

/** Settings of an `ApiKeySecret`. */
export interface ApiKeySecretProps extends ManagedSecretOptions {
  /**
   * The JSON fields that a value has, such as `['TwitterAPIKey']`: at least one, each of letters, digits, `_`, `.` and
   * `-`, none twice, and together at most 256 characters with a space between two, because they stand in a tag.
   */
  readonly fields: string[];

  /**
   * How the key is replaced, and when.
   *
   * @default - no rotation
   */
  readonly rotation?: ApiKeyRotation;
}

/**
 * A secret with the API keys of somebody else's service, as JSON with named fields.
 *
 * It is created empty: the value is put in after the deployment (`npx keyturn put`) or comes from the first rotation.
 * No template holds it, and no change of a template writes over it.
 */
export class ApiKeySecret extends ManagedSecret {
  /** The JSON fields that a value has. */
  public readonly fields: string[];

  constructor(scope: Construct, id: string, props: ApiKeySecretProps) {
    checkFields(props.fields);
    super(scope, id, {
      encryptionKey: props.encryptionKey,
      secretName: props.secretName,
      description: props.description,
      removalPolicy: props.removalPolicy,
    });
    this.fields = props.fields;
    (this.node.defaultChild as secretsmanager.CfnSecret).tags.setTag(TAG.FIELDS, props.fields.join(' '));
    props.rotation?._bind(this);
  }

  /**
   * How many keys of this secret should be revoked and are not, because the issuer did not do it. They are tried again
   * until it does. Counted after each rotation, and at least once a day beside that; only where keys are revoked after
   * their rotation, as with `HttpIssuer.issued` and `HttpIssuer.twoSlots`.
   *
   * An alarm at more than 0 for one period goes off when a key lives on that should not, and ends within a day of its
   * revocation. The period is a day, unless `props` say otherwise: a shorter one may have no value at all.
   */
  public metricUnrevokedKeys(props: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRIC.UNREVOKED, props);
  }

  /**
   * How many keys the issuer lists, those of others included: compare it with the most that the issuer allows. Counted
   * when `metricUnrevokedKeys` is, and with the same period, where the issuer lists its keys.
   */
  public metricLiveKeys(props: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRIC.LIVE, props);
  }

  private metric(metricName: string, props: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: METRIC.NAMESPACE,
      metricName,
      statistic: cloudwatch.Stats.MAXIMUM,
      period: Duration.days(1),
      ...props,
      dimensionsMap: { ...props.dimensionsMap, [METRIC.SECRET]: this.secretArn },
    }).attachTo(this);
  }
}

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Tag.html */
function checkFields(fields: string[]): void {
  if (fields.length === 0) throw new Error('`fields` must name at least one field, got none');
  for (const field of fields) {
    if (!/^[A-Za-z0-9_.-]+$/.test(field)) {
      throw new Error(`\`fields\` must consist of letters, digits, _, . and -, got "${field}"`);
    }
  }
  const twice = fields.find((field, index) => fields.indexOf(field) < index);
  if (twice !== undefined) throw new Error(`\`fields\` must name each field once, got ${twice} twice`);
  const length = fields.join(' ').length;
  if (length > 256) throw new Error(`\`fields\` must have at most 256 characters together, got ${length}`);
}
