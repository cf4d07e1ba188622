import { Names, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { GrantedSecret } from '../access/granted-secret';
import { forSecrets } from '../access/key-conditions';
import { stagesOnly } from '../access/version-stages';
import { anySecret } from './any-secret';
import { RotatingFunction } from './rotating-function';

/** What RDS is asked: for instances, clusters, and what stands before them. */
const DESCRIBING = [
  'rds:DescribeDBInstances',
  'rds:DescribeDBClusters',
  'rds:DescribeDBClusterEndpoints',
  'rds:DescribeDBProxies',
  'rds:DescribeDBProxyEndpoints',
  'rds:DescribeDBProxyTargets',
];

/**
 * What the schedules of one stack add to the role of one rotation function: the keys of the secrets, and the secrets of
 * their issuers.
 *
 * It stands where the schedules stand, so the stack of the function needs to know no secret. Nothing is added per
 * secret: a key and an issuer are named once.
 */
export class RotationAccess extends Construct {
  /** The one for this stack and this function. */
  public static of(schedules: Construct, rotationFunction: RotatingFunction): RotationAccess {
    const stack = Stack.of(schedules);
    const id = `RotationAccess${Names.uniqueId(rotationFunction)}`;
    return (
      (stack.node.tryFindChild(id) as RotationAccess | undefined) ?? new RotationAccess(stack, id, rotationFunction)
    );
  }

  public readonly policy: iam.Policy;
  private readonly decrypt: iam.PolicyStatement;
  private readonly encrypt: iam.PolicyStatement;
  private readonly readIssuers: iam.PolicyStatement;
  private readonly describeIssuers: iam.PolicyStatement;
  private readonly rotateUsers = new iam.PolicyStatement({
    actions: ['iam:CreateAccessKey', 'iam:ListAccessKeys', 'iam:UpdateAccessKey', 'iam:DeleteAccessKey'],
  });
  private resolvesHosts = false;

  private constructor(scope: Construct, id: string, rotationFunction: RotatingFunction) {
    super(scope, id);
    const conditions = forSecrets(Stack.of(this).region, anySecret(this));
    this.decrypt = new iam.PolicyStatement({ actions: ['kms:Decrypt'], conditions });
    this.encrypt = new iam.PolicyStatement({ actions: ['kms:GenerateDataKey'], conditions });
    this.readIssuers = new iam.PolicyStatement({
      actions: ['secretsmanager:GetSecretValue'],
      conditions: stagesOnly(),
    });
    this.describeIssuers = new iam.PolicyStatement({ actions: ['secretsmanager:DescribeSecret'] });
    this.policy = this.policyFor(rotationFunction);
  }

  /** Lets the function store new versions under this key. */
  public addKey(key: kms.IKey): void {
    this.addResource(this.decrypt, key.keyArn);
    this.addResource(this.encrypt, key.keyArn);
  }

  /** Lets the function read AWSCURRENT of the secret that holds the credential for an issuer. */
  public addIssuer(issuer: GrantedSecret): void {
    this.addResource(this.readIssuers, issuer.arn);
    if (issuer.encryptionKey) this.addResource(this.decrypt, issuer.encryptionKey.keyArn);
  }

  /** Lets the function make, list and end the access keys of a user. */
  public addUser(user: iam.IUser): void {
    this.addResource(this.rotateUsers, user.userArn);
  }

  /**
   * Lets the function ask RDS which server a host belongs to. It cannot be narrowed: which one it is, is what is asked.
   *
   * @param issuer its tags name its database, when RDS manages it
   */
  public addHostResolution(issuer?: GrantedSecret): void {
    if (issuer) this.addResource(this.describeIssuers, issuer.arn);
    if (this.resolvesHosts) return;
    this.resolvesHosts = true;
    this.policy.addStatements(new iam.PolicyStatement({ actions: DESCRIBING, resources: ['*'] }));
    Validations.of(this.policy).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'RDS is asked which database a host belongs to: none can be named beforehand, and nothing is changed',
    });
  }

  /** In the stack of the function its own policy will do; in another one that would tie the stacks together. */
  private policyFor(rotationFunction: RotatingFunction): iam.Policy {
    if (Stack.of(this) === Stack.of(rotationFunction)) return rotationFunction._policy;
    return new iam.Policy(this, 'Policy', {
      // The logical id, which is CDK's default, would be the same in another stack, and each deployment would overwrite
      // the other's policy.
      policyName: Names.uniqueResourceName(this, { maxLength: 128 }),
      roles: [rotationFunction.role],
    });
  }

  /** A statement without resources is not valid, so it enters the policy with its first one. */
  private addResource(statement: iam.PolicyStatement, arn: string): void {
    if (statement.resources.length === 0) this.policy.addStatements(statement);
    if (!statement.resources.includes(arn)) statement.addResources(arn);
  }
}
