import { Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledgeAnySecret, anySecret } from '../rotation/any-secret';
import { bundlePath } from '../rotation/bundle-path';
import { DUE_EVENT, SECRET_AGE_BUNDLE, SecretAgeInput, TAG } from '../rotation/contract';

type AgedSecret = SecretAgeInput['Secrets'][number];

/**
 * An input has at most 8192 characters. A secret takes up to 640 of them: a name has up to 512, and is not known at synth.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html
 */
const SECRETS_PER_TARGET = 12;

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const TARGETS_PER_RULE = 5;

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

  private readonly function: lambda.Function;
  private readonly secrets: AgedSecret[] = [];

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
    this.function = new lambda.Function(this, 'Function', {
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
  }

  /** Has the function look at a secret. */
  public add(secret: AgedSecret): void {
    if (this.secrets.length % (SECRETS_PER_TARGET * TARGETS_PER_RULE) === 0) this.addRule();
    this.secrets.push(secret);
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

  /** For as many secrets as one rule has room for, from the next one on. */
  private addRule(): void {
    const first = this.secrets.length;
    const number = first / (SECRETS_PER_TARGET * TARGETS_PER_RULE) + 1;
    const rule = new events.CfnRule(this, `Daily${number}`, {
      description: 'Looks at the age of secrets whose value is put in by hand',
      scheduleExpression: 'rate(1 day)',
      targets: Lazy.any({ produce: () => this.targets(first) }),
    });
    new lambda.CfnPermission(this, `Invocation${number}`, {
      action: 'lambda:InvokeFunction',
      functionName: this.function.functionArn,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    });
  }

  private targets(first: number): events.CfnRule.TargetProperty[] {
    const starts = Array.from({ length: TARGETS_PER_RULE }, (_, index) => first + index * SECRETS_PER_TARGET);
    return starts
      .map((start) => this.secrets.slice(start, start + SECRETS_PER_TARGET))
      .filter((secrets) => secrets.length > 0)
      .map((secrets, index) => ({
        id: `Target${index}`,
        arn: this.function.functionArn,
        inputTransformer: {
          inputPathsMap: { time: '$.time' },
          inputTemplate: `{"At":<time>,"Secrets":${Stack.of(this).toJsonString(secrets)}}`,
        },
      }));
  }
}
