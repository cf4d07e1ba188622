import { Annotations, Duration, RemovalPolicy, Stack, Token, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct, IDependable } from 'constructs';
import { ApiRoutes, CalledApi } from '../network/api-routes';
import { allowConnecting, denyConnectingTo, FunctionNetwork } from '../network/function-network';
import { bundlePath } from './bundle-path';
import { askCanary, letRoleRotate, letSecretsManagerInvoke } from './rotating-function';
import { RotationCode } from './rotation-code';
import { placementId, RotationPlacement } from './rotation-placement';

/** Settings of a `RotationFunction` beside its code. */
export interface RotationFunctionOptions extends RotationPlacement {
  /**
   * The longest time for one step of a rotation: 1 second to 15 minutes. The function gives up before it, with an error
   * that names what it waited for. With `settle` of an `HttpIssuer`, at least 15 seconds more than that.
   *
   * @default - 60 seconds, and `settle` of an `HttpIssuer`
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
export class RotationFunction extends Construct implements ec2.IConnectable {
  /**
   * The function that rotations of a stack share when they run the same code with the same settings in the same place
   * and name no function of their own.
   */
  public static shared(scope: Construct, code: RotationCode, placement: RotationPlacement = {}): RotationFunction {
    const stack = Stack.of(scope);
    const id = `Keyturn${code.id}Rotation${placementId(placement)}`;
    return (
      (stack.node.tryFindChild(id) as RotationFunction | undefined) ??
      new RotationFunction(stack, id, { code, ...placement })
    );
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

  /**
   * Its network connections; outside every VPC there are none to allow. The databases of its secrets let it in without
   * being told. An interface endpoint that lets nobody in by itself (`open: false`) must be told so.
   */
  public readonly connections: ec2.Connections;

  /**
   * What the role may do to secrets.
   *
   * @internal
   */
  public readonly _policy: iam.Policy;

  private readonly network?: FunctionNetwork;

  constructor(scope: Construct, id: string, props: RotationFunctionProps) {
    super(scope, id);
    this.code = props.code;
    const description = `Rotates secrets: ${props.code.id}`;
    this.logGroup = new logs.LogGroup(this, 'Logs', {
      retention: props.logRetention ?? logs.RetentionDays.SIX_MONTHS,
      removalPolicy: props.logRemovalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    if (!props.vpc && (props.vpcSubnets ?? props.securityGroups)) {
      throw new Error('`vpc` is required with `vpcSubnets` and `securityGroups`');
    }
    this.network =
      props.vpc && new FunctionNetwork(this, description, props.vpc, props.vpcSubnets, props.securityGroups);
    this.connections = this.network?.connections ?? new ec2.Connections();
    this.role = new iam.Role(this, 'Role', {
      description,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      permissionsBoundary: props.permissionsBoundary,
      inlinePolicies: this.inlinePolicies(),
    });
    this.function = new lambda.Function(this, 'Function', {
      description,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      code: lambda.Code.fromAsset(bundlePath(props.code.bundle)),
      handler: 'index.handler',
      role: this.role,
      logGroup: this.logGroup,
      timeout: timeoutOf(props),
      memorySize: props.memorySize ?? 256,
      environment: { ...props.code.environment, NODE_OPTIONS: '--enable-source-maps' },
      vpc: this.network?.vpc,
      vpcSubnets: this.network?.vpcSubnets,
      securityGroups: this.network?.securityGroups,
    });
    this._policy = letRoleRotate(this, this.role, this.function, this.code._furtherActions);
    this.ready = [letSecretsManagerInvoke(this, this.function), this._policy];
    if (this.network) this.denyConnecting();
    this.node.addValidation({ validate: () => this.checkRoutes() });
  }

  /**
   * Lets the function connect to a server, when it stands in a VPC.
   *
   * @returns the rules that say so
   * @internal
   */
  public _allowTo(scope: Construct, server: ec2.Connections, port: ec2.Port): IDependable[] {
    return this.network?.allowTo(scope, server, port) ?? [];
  }

  /**
   * Names an API that the function calls, beside Secrets Manager.
   *
   * @internal
   */
  public _calls(api: CalledApi): void {
    this.network?.calls(api);
  }

  private inlinePolicies(): Record<string, iam.PolicyDocument> {
    const writeLogs = new iam.PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [this.logGroup.logGroupArn],
    });
    const policies: Record<string, iam.PolicyDocument> = { Logs: new iam.PolicyDocument({ statements: [writeLogs] }) };
    if (this.network) policies.Vpc = new iam.PolicyDocument({ statements: [allowConnecting()] });
    if (this.code.canary) policies.Canary = new iam.PolicyDocument({ statements: [askCanary(this.code.canary)] });
    return policies;
  }

  /** The routes of an imported VPC cannot be seen, so what is missing there may be there after all. */
  private checkRoutes(): string[] {
    if (!this.network) return [];
    const problems = this.network.unreachable().map((api) => this.network!.explain(api));
    if (ApiRoutes.areKnown(this.network.vpc)) return problems;
    for (const problem of problems) Annotations.of(this.function).addWarningV2('cdk-keyturn:api-route', problem);
    return [];
  }

  private denyConnecting(): void {
    this._policy.addStatements(denyConnectingTo(this.function.functionArn));
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Lambda connects the function to its VPC by these actions; the code of the function is denied them',
    });
  }
}

/** A step that waits until a key is known everywhere tries it after that. */
function timeoutOf({ timeout, code }: RotationFunctionProps): Duration {
  if (timeout === undefined) return Duration.seconds(60 + code._settle);
  const least = code._settle === 0 ? 0 : code._settle + 15;
  const seconds = timeout.toSeconds();
  if (Token.isUnresolved(seconds) || seconds >= least) return timeout;
  throw new Error(
    `\`timeout\` must be at least ${least} seconds, as ${code.id} waits ${code._settle} before it tries a key, ` +
      `got ${timeout.toHumanString()}`,
  );
}
