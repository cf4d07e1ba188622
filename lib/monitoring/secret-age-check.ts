import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledgeAnySecret, anySecret } from '../rotation/any-secret';
import { bundlePath } from '../rotation/bundle-path';
import { DUE_EVENT, SECRET_AGE_BUNDLE, SecretAgeInput, TAG } from '../rotation/contract';
import { SecretRounds } from '../rotation/secret-rounds';

type AgedSecret = SecretAgeInput['Secrets'][number];

/**
 * A function that looks at the age of the hand-set secrets of a stack once a day, and sends an event for each that is due.
 * It reads no value: Secrets Manager tells it when each version was made.
 */
export class SecretAgeCheck extends Construct {
  /** The one of the stack; made with the first secret. */
  public static shared(scope: Construct): SecretAgeCheck {
    const stack = Stack.of(scope);
    const id = 'KeyturnSecretAge';
    return (stack.node.tryFindChild(id) as SecretAgeCheck | undefined) ?? new SecretAgeCheck(stack, id);
  }

  private readonly rounds: SecretRounds<AgedSecret>;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    const description = 'Reminds of secrets whose value is put in by hand';
    const logGroup = new logs.LogGroup(this, 'Logs', {
      retention: logs.RetentionDays.SIX_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const role = new iam.Role(this, 'Role', {
      description,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { Age: new iam.PolicyDocument({ statements: this.statements(logGroup) }) },
    });
    acknowledgeAnySecret(
      role,
      'a condition leaves those secrets only whose value is put in by hand, and no value is read',
    );
    const check = new lambda.Function(this, 'Function', {
      description,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      code: lambda.Code.fromAsset(bundlePath(SECRET_AGE_BUNDLE)),
      handler: 'index.handler',
      role,
      logGroup,
      timeout: Duration.seconds(60),
      memorySize: 256,
      environment: { NODE_OPTIONS: '--enable-source-maps' },
    });
    this.rounds = new SecretRounds<AgedSecret>(this, 'Daily', {
      function: check,
      every: Duration.days(1),
      description: 'Looks at the age of secrets whose value is put in by hand',
      input: (secrets) => ({ At: events.EventField.time, Secrets: secrets }),
    });
  }

  /** Has the function look at a secret. */
  public add(secret: AgedSecret): void {
    this.rounds.add(secret);
  }

  /**
   * A tag stands for the secrets, so that the policy does not grow with them.
   *
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
   */
  private statements({ logGroupArn }: logs.LogGroup): iam.PolicyStatement[] {
    return [
      new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroupArn] }),
      new iam.PolicyStatement({
        actions: ['secretsmanager:ListSecretVersionIds'],
        resources: [anySecret(this)],
        conditions: { Null: { [`aws:ResourceTag/${TAG.MAX_AGE_DAYS}`]: 'false' } },
      }),
      new iam.PolicyStatement({
        actions: ['events:PutEvents'],
        resources: [Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' })],
        conditions: { StringEquals: { 'events:source': DUE_EVENT.SOURCE } },
      }),
    ];
  }
}
