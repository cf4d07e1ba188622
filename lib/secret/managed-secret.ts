import { Arn, ArnFormat, Fn, Lazy, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { keyItself } from '../access/encryption-key';
import { GrantedSecret } from '../access/granted-secret';
import { grantRead } from '../access/read-grant';
import { grantWrite } from '../access/write-grant';
import { rememberAttachment } from './attachment';
import { importByArn, importByName, withOurGrants } from './imported-secret';
import { SecretKey } from './secret-key';
import { checkSecretName } from './secret-name';

/** Settings that every kind of secret has. */
export interface ManagedSecretOptions {
  /**
   * The key that encrypts the secret. A key of another kind than `SecretKey` must let principals of the account use it
   * by their identity policies, as the policy that CDK gives to a `kms.Key` does; it is not changed. An alias stands
   * for its key; an alias that is imported by its name is refused, because policies cannot name a key by it.
   *
   * @default - one `SecretKey` for all secrets of the stack that name none
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The name of the secret: 1 to 512 letters, digits and `/_+=.@-`, not ending in a hyphen and six characters.
   *
   * A deleted secret keeps its name for 7 to 30 days.
   *
   * @default - CloudFormation makes a name
   */
  readonly secretName?: string;

  /**
   * What the secret is for, as the console shows it. Never a part of the value.
   *
   * @default - none
   */
  readonly description?: string;

  /**
   * What happens to the secret, and to its resource policy, when they leave the stack.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE - kept, except when the very deployment that creates it fails: a
   * name that is left behind would make the next attempt fail
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** Settings of a `ManagedSecret`. */
export interface ManagedSecretProps extends ManagedSecretOptions {
  /**
   * Lets Secrets Manager make the first value. Each later change of this setting makes a new one, over whatever is
   * stored by then.
   *
   * @default - the secret starts without a value, and the template never holds one
   */
  readonly generateSecretString?: secretsmanager.SecretStringGenerator;
}

/** Settings of a secret that is imported. */
export interface ImportedSecretOptions {
  /**
   * The key that encrypts the secret. Without it, grants hold for a secret under the key `aws/secretsmanager` only.
   *
   * @default - the AWS managed key `aws/secretsmanager`
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * A secret under a key of its own, kept when the stack goes, whose grants name one secret, one key and one stage.
 *
 * It is a `secretsmanager.Secret`: whatever takes one (ECS, RDS, `SecretValue`) takes this.
 */
export class ManagedSecret extends secretsmanager.Secret {
  /**
   * A secret of this account and region by its name. For a name that ends in a hyphen and six characters use its
   * complete ARN.
   */
  public static fromSecretName(
    scope: Construct,
    id: string,
    secretName: string,
    options: ImportedSecretOptions = {},
  ): secretsmanager.ISecret {
    return importByName(scope, id, secretName, options.encryptionKey);
  }

  /** The same as `fromSecretName` without options, under CDK's name. */
  public static override fromSecretNameV2(scope: Construct, id: string, secretName: string): secretsmanager.ISecret {
    return importByName(scope, id, secretName);
  }

  /** A secret under the key `aws/secretsmanager` by its ARN with the six characters that Secrets Manager appends. */
  public static override fromSecretCompleteArn(
    scope: Construct,
    id: string,
    secretCompleteArn: string,
  ): secretsmanager.ISecret {
    return importByArn(scope, id, { secretCompleteArn });
  }

  /** A secret under the key `aws/secretsmanager` by its ARN without the six characters that Secrets Manager appends. */
  public static override fromSecretPartialArn(
    scope: Construct,
    id: string,
    secretPartialArn: string,
  ): secretsmanager.ISecret {
    return importByArn(scope, id, { secretPartialArn });
  }

  /** A secret by its complete or partial ARN and its key. */
  public static override fromSecretAttributes(
    scope: Construct,
    id: string,
    attrs: secretsmanager.SecretAttributes,
  ): secretsmanager.ISecret {
    return importByArn(scope, id, attrs);
  }

  /** The key that encrypts the secret. */
  public override readonly encryptionKey?: kms.IKey;

  /** The name of the secret without the six characters that end its ARN, whatever the feature flags say. */
  public override readonly secretName: string;

  private readonly removalPolicy: RemovalPolicy;

  constructor(scope: Construct, id: string, props: ManagedSecretProps = {}) {
    if (props.secretName !== undefined) checkSecretName(props.secretName, 'choose a name that ends otherwise');
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    // Without the key: given it, CDK writes two more statements into the key policy.
    super(scope, id, {
      secretName: props.secretName,
      description: props.description,
      generateSecretString: props.generateSecretString,
      removalPolicy,
    });
    this.removalPolicy = removalPolicy;
    this.encryptionKey = props.encryptionKey ? keyItself(props.encryptionKey) : SecretKey.shared(this);
    // Few ask for it, and taking an ARN apart costs more than all else here.
    this.secretName = props.secretName ?? Lazy.string({ produce: () => generatedName(this.secretArn) });

    const resource = this.node.defaultChild as secretsmanager.CfnSecret;
    resource.kmsKeyId = this.encryptionKey.keyArn;
    // CDK generates a random text when it is told nothing.
    if (!props.generateSecretString) resource.generateSecretString = undefined;
  }

  /**
   * Lets a principal of this account read the value and the description of this secret, through its own policy: the
   * resource policy and the key policy stay as they are, so reader and secret can stand in different stacks.
   *
   * @param grantee a role, a user, a group, or what has one, such as a function
   * @param versionStages the staging labels that may be read, AWSCURRENT when left out; callers that send no label read
   * AWSCURRENT
   */
  public override grantRead(grantee: iam.IGrantable, versionStages?: string[]): iam.Grant {
    return grantRead(this.granted, grantee, versionStages);
  }

  /**
   * Lets a principal of this account store a new version of this secret and read its description, but not its value.
   *
   * @param grantee a role, a user, a group, or what has one, such as a function
   */
  public override grantWrite(grantee: iam.IGrantable): iam.Grant {
    return grantWrite(this.granted, grantee);
  }

  /**
   * Adds a statement to the resource policy. A policy that lets everybody in is refused when it is deployed
   * (`BlockPublicPolicy`).
   */
  public override addToResourcePolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    const result = super.addToResourcePolicy(statement);
    const policy = this.node.findChild('Policy').node.defaultChild as secretsmanager.CfnResourcePolicy;
    policy.blockPublicPolicy = true;
    policy.applyRemovalPolicy(this.removalPolicy);
    return result;
  }

  /**
   * Lets RDS write host, port and engine of a database into the value, beside what stands in it. The constructs of
   * databases call this for the secret that they take their credentials from.
   *
   * @returns the same secret, for whoever must wait until the value is complete
   */
  public override attach(target: secretsmanager.ISecretAttachmentTarget): secretsmanager.ISecret {
    const attachment = withOurGrants(super.attach(target), {
      addToResourcePolicy: (statement) => this.addToResourcePolicy(statement),
      addRotationSchedule: (id, options) => this.addRotationSchedule(id, options),
    });
    rememberAttachment(attachment, this, target);
    return attachment;
  }

  /**
   * Always throws: CDK's schedule adds statements for each secret to the key policy and to the role of the function,
   * and ties their stacks together. Rotate by the `rotation` of an `ApiKeySecret` or a `DatabaseSecret`.
   */
  public override addRotationSchedule(
    _id: string,
    _options: secretsmanager.RotationScheduleOptions,
  ): secretsmanager.RotationSchedule {
    throw new Error(
      '`addRotationSchedule` would add statements for each secret to the key policy and to the role of the function; ' +
        'pass `rotation` to an ApiKeySecret or a DatabaseSecret, or accept them with new secretsmanager.RotationSchedule(...)',
    );
  }

  private get granted(): GrantedSecret {
    return {
      arn: this.arnForPolicies,
      account: this.env.account,
      region: this.env.region,
      encryptionKey: this.encryptionKey,
    };
  }
}

/** The ARN ends in the name, a hyphen and six characters; a name that CloudFormation makes has one hyphen. */
function generatedName(secretArn: string): string {
  const nameAndSuffix = Arn.split(secretArn, ArnFormat.COLON_RESOURCE_NAME).resourceName!;
  const parts = Fn.split('-', nameAndSuffix);
  return Fn.join('-', [Fn.select(0, parts), Fn.select(1, parts)]);
}
