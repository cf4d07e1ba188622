import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct, IDependable } from 'constructs';
import { RotationCode } from './rotation-code';
import { acknowledgeAnySecret, anySecret } from './any-secret';

/** Settings of a `RotationFunction` beside its code. */
export interface RotationFunctionOptions {
  /**
   * The longest time for one step of a rotation: 1 second to 15 minutes. The function gives up before it, with an error
   * that names what it waited for.
   *
   * @default Duration.seconds(60)
   */
  readonly timeout?: Duration;

  /**
   * Memory in MB: 128 to 10,240. CPU grows with it.
   *
   * @default 256
   */
  readonly memorySize?: number;

  /**
   * How long the log lines are kept.
   *
   * @default RetentionDays.SIX_MONTHS
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * What happens to the log group when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE - kept, and emptied by its retention
   */
  readonly logRemovalPolicy?: RemovalPolicy;

  /**
   * The most that the role of the function may ever do.
   *
   * @default - no permissions boundary
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;
}

/** Settings of a `RotationFunction`. */
export interface RotationFunctionProps extends RotationFunctionOptions {
  /** What the function runs. */
  readonly code: RotationCode;
}

/**
 * The function that Secrets Manager calls to rotate secrets: any number of them in this account and region, in any
 * stack.
 *
 * Its role may touch exactly those secrets whose rotation names this function, by a condition key, so its policy does
 * not grow with them. Most apps never make one: a rotation without one shares that of its stack.
 */
export class RotationFunction extends Construct {
  /**
   * The function that rotations of a stack share when they run the same code with the same settings and name no
   * function of their own.
   */
  public static shared(scope: Construct, code: RotationCode): RotationFunction {
    const stack = Stack.of(scope);
    const id = `Keyturn${code.id}Rotation`;
    return (stack.node.tryFindChild(id) as RotationFunction | undefined) ?? new RotationFunction(stack, id, { code });
  }

  /** What the function runs. */
  public readonly code: RotationCode;

  /** The function itself. */
  public readonly function: lambda.Function;

  /** Its role. What a secret needs beyond the rotation itself is attached to it from the stack of the secret. */
  public readonly role: iam.Role;

  /** Its log group. */
  public readonly logGroup: logs.LogGroup;

  /** What must be in place before a secret can name this function: Secrets Manager tries it at once. */
  public readonly ready: IDependable[];

  constructor(scope: Construct, id: string, props: RotationFunctionProps) {
    super(scope, id);
    this.code = props.code;
    this.logGroup = new logs.LogGroup(this, 'Logs', {
      retention: props.logRetention ?? logs.RetentionDays.SIX_MONTHS,
      removalPolicy: props.logRemovalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.role = new iam.Role(this, 'Role', {
      description: `Rotates secrets: ${props.code.id}`,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      permissionsBoundary: props.permissionsBoundary,
      inlinePolicies: { Logs: this.writeLogs() },
    });
    this.function = new lambda.Function(this, 'Function', {
      description: `Rotates secrets: ${props.code.id}`,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      code: lambda.Code.fromAsset(bundlePath(props.code)),
      handler: 'index.handler',
      role: this.role,
      logGroup: this.logGroup,
      timeout: props.timeout ?? Duration.seconds(60),
      memorySize: props.memorySize ?? 256,
      environment: { ...props.code.environment, NODE_OPTIONS: '--enable-source-maps' },
    });
    this.ready = [this.letSecretsManagerInvoke(), this.letRoleRotate()];
  }

  private writeLogs(): iam.PolicyDocument {
    return new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [this.logGroup.logGroupArn],
        }),
      ],
    });
  }

  /** For secrets of this account only; without SourceAccount a secret of any account could name the function. */
  private letSecretsManagerInvoke(): IDependable {
    return new lambda.CfnPermission(this, 'Invocation', {
      action: 'lambda:InvokeFunction',
      functionName: this.function.functionArn,
      principal: 'secretsmanager.amazonaws.com',
      sourceAccount: Stack.of(this).account,
    });
  }

  /**
   * Beside the role and not below it: the function waits for all that is below its role, and this policy names the
   * function.
   */
  private letRoleRotate(): IDependable {
    const policy = new iam.Policy(this, 'Rotation', {
      roles: [this.role],
      statements: [
        new iam.PolicyStatement({
          actions: [
            'secretsmanager:DescribeSecret',
            'secretsmanager:GetSecretValue',
            'secretsmanager:PutSecretValue',
            'secretsmanager:UpdateSecretVersionStage',
          ],
          resources: [anySecret(this)],
          conditions: { StringEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': this.function.functionArn } },
        }),
      ],
    });
    acknowledgeAnySecret(policy, 'a condition leaves those secrets only whose rotation names this function');
    return policy;
  }
}

/** `npm run bundle` makes the bundles, and the published package holds them. */
function bundlePath(code: RotationCode): string {
  const path = join(__dirname, '..', '..', 'assets', code.bundle);
  if (!existsSync(path))
    throw new Error(`the code of the rotation function is not at ${path}; make it with npm run bundle`);
  return path;
}
