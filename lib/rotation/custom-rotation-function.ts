import { Names, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct, IDependable } from 'constructs';
import { ENV } from './contract';
import { askCanary, letRoleRotate, letSecretsManagerInvoke, RotatingFunction } from './rotating-function';

/** What a function of the user needs to rotate secrets: once beside the function, however many they are, and wherever. */
export class CustomRotationFunction extends Construct implements RotatingFunction {
  /** The one of this function; made when there is none yet. */
  public static of(rotates: lambda.IFunction, canary?: lambda.IFunction): CustomRotationFunction {
    const stack = Stack.of(rotates);
    const id = `Rotation${Names.uniqueId(rotates)}`;
    const made = stack.node.tryFindChild(id) as CustomRotationFunction | undefined;
    if (!made) return new CustomRotationFunction(stack, id, rotates, canary);
    if (made.canary === canary) return made;
    const [got, first] = [canary, made.canary].map((one) => one?.node.path ?? 'none');
    throw new Error(
      `\`canary\` must be the same for all secrets that ${rotates.node.path} rotates, got ${got} after ${first}`,
    );
  }

  public readonly function: lambda.IFunction;
  public readonly role: iam.IRole;
  public readonly ready: IDependable[];
  public readonly _policy: iam.Policy;

  private constructor(
    scope: Construct,
    id: string,
    rotates: lambda.IFunction,
    private readonly canary?: lambda.IFunction,
  ) {
    super(scope, id);
    this.function = rotates;
    this.role = roleOf(rotates);
    this._policy = letRoleRotate(this, this.role, rotates);
    this.ready = [letSecretsManagerInvoke(this, rotates), this._policy];
    if (canary) this.ask(canary);
  }

  private ask(canary: lambda.IFunction): void {
    if (!(this.function instanceof lambda.Function)) {
      throw new Error(
        `\`canary\` must be left out for ${this.function.node.path}, which is not made in this app as a lambda.Function: ` +
          `its environment variable ${ENV.CANARY} cannot be set`,
      );
    }
    this.function.addEnvironment(ENV.CANARY, canary.functionArn);
    this._policy.addStatements(askCanary(canary));
  }
}

function roleOf({ role, node }: lambda.IFunction): iam.IRole {
  if (role) return role;
  throw new Error(
    `\`rotationFunction\` must have a role that can be given permissions, got ${node.path} without one; ` +
      'import it by lambda.Function.fromFunctionAttributes, with its `role`',
  );
}
