import { Names, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct, IConstruct, IDependable } from 'constructs';
import { acknowledgeAnySecret, anySecret } from './any-secret';

/** A function that Secrets Manager may call to rotate secrets, and that may do it: ours, or one of the user. */
export interface RotatingFunction extends IConstruct {
  readonly function: lambda.IFunction;
  readonly role: iam.IRole;
  /** What must be in place before a secret can name this function: Secrets Manager tries it at once. */
  readonly ready: IDependable[];
  /** What the role may do to secrets. */
  readonly _policy: iam.Policy;
}

/** For secrets of this account only; without SourceAccount a secret of any account could name the function. */
export function letSecretsManagerInvoke(scope: Construct, rotates: lambda.IFunction): IDependable {
  return new lambda.CfnPermission(scope, 'Invocation', {
    action: 'lambda:InvokeFunction',
    functionName: rotates.functionArn,
    principal: 'secretsmanager.amazonaws.com',
    sourceAccount: Stack.of(scope).account,
  });
}

/**
 * Lets a role take the four steps, for any number of secrets in any stack.
 *
 * @param scope beside the role and not below it: a function waits for all that is below its role, and this policy names
 * the function
 */
export function letRoleRotate(
  scope: Construct,
  role: iam.IRole,
  rotates: lambda.IFunction,
  furtherActions: string[] = [],
): iam.Policy {
  const policy = new iam.Policy(scope, 'Rotation', {
    // The logical id, which is CDK's default, would be the same for another function of the role in another stack.
    policyName: Names.uniqueResourceName(scope, { maxLength: 128 }),
    roles: [role],
    statements: [
      new iam.PolicyStatement({
        actions: [
          'secretsmanager:DescribeSecret',
          'secretsmanager:GetSecretValue',
          'secretsmanager:PutSecretValue',
          'secretsmanager:UpdateSecretVersionStage',
          ...furtherActions,
        ],
        resources: [anySecret(scope)],
        conditions: { StringEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': rotates.functionArn } },
      }),
    ],
  });
  acknowledgeAnySecret(policy, 'a condition leaves those secrets only whose rotation names this function');
  return policy;
}

/** Lets the function ask whether a new key works. */
export function askCanary({ functionArn }: lambda.IFunction): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] });
}
