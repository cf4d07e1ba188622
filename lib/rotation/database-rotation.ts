import { Annotations, Duration, Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { grantedSecret } from '../access/granted-secret';
import { RDS } from '../network/api-routes';
import { attachmentOf } from '../secret/attachment';
import type { DatabaseSecret } from '../secret/database-secret';
import { hasKnownAuthorities, regionOfRds } from './certificate-authorities';
import { ENV, TAG } from './contract';
import { checkStrategy, checkUsername, refuseProxiesOf } from './database-checks';
import { DatabaseEngine } from './database-engine';
import { DatabaseStrategy } from './database-strategy';
import { DatabaseTarget } from './database-target';
import { checkMasterSecret, checkSpacing, mustResolveHosts, rememberRotation } from './master-secret';
import { RotationAccess } from './rotation-access';
import { DatabaseLoginOptions, RotationCode } from './rotation-code';
import { RotationFunction } from './rotation-function';
import { RotationSchedule } from './rotation-schedule';
import { addRotation } from './secret-rotation';

/** Settings that every rotation of a database user has. */
export interface DatabaseRotationOptions extends DatabaseLoginOptions {
  /**
   * When the password is replaced. The windows of a secret and of its master secret must not be open at the same time.
   *
   * @default - single user: every 30 days, within four hours after midnight UTC; with a master secret: on the first of
   * each month, within four hours after 4:00 UTC
   */
  readonly schedule?: RotationSchedule;

  /**
   * Whether a deployment that creates or changes the schedule rotates at once. The user must exist in the database by
   * then.
   *
   * @default false
   */
  readonly rotateImmediately?: boolean;

  /**
   * The subnets of the function in the VPC of the target, private or isolated, with a way to Secrets Manager.
   *
   * @default - private subnets with a route out; where there are none, isolated ones
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The security groups of the function.
   *
   * @default - a new one, which lets out what the function needs and nothing else
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * Whether the function may ask RDS which server a host belongs to. It must for a host that is an alias (CNAME) of RDS,
   * and where the `host` and `port` of the master secret are not those of the secret, letter for letter. It then needs
   * a way to the RDS API.
   *
   * @default - true behind a proxy, and where nothing in this app shows that a master secret has the same host and port
   */
  readonly resolveHosts?: boolean;

  /**
   * The function that rotates, in the same account and region. Make one to set its logs, memory, time-out, place or
   * permissions boundary, or to share it between stacks.
   *
   * @default - one function for all schedules of a stack that have the same engine, strategy, settings and place
   */
  readonly rotationFunction?: RotationFunction;

  /**
   * Where the schedule stands, with the policy that lets the function use the keys, and the function when none is named.
   * Choose it before the first deployment, as that of an API key.
   *
   * @default - the stack of the secret
   */
  readonly scheduleScope?: Construct;
}

/** Settings of a rotation that a master user takes part in. */
export interface MasterRotationOptions extends DatabaseRotationOptions {
  /**
   * The secret of a user who may change others, on the same server: a `DatabaseSecret`, the `secret` of a database, or the
   * one that RDS manages for it (`{"username": ..., "password": ...}` and no more). Its ARN, at most 256 characters,
   * stands in a tag of the secret that is rotated.
   */
  readonly masterSecret: secretsmanager.ISecret;
}

const FOUR_HOURS = Duration.hours(4);

/** How the password of a database user is rotated, by whom, and when. */
export class DatabaseRotation {
  /**
   * The user changes its own password. Until the new version is published, a moment later, AWSCURRENT holds a password
   * that the server refuses: readers must read the secret again when they are refused, as `SecretReader` does.
   */
  public static singleUser(options: DatabaseRotationOptions = {}): DatabaseRotation {
    return new DatabaseRotation(DatabaseStrategy.SINGLE_USER, options);
  }

  /**
   * A master user changes the password of the user: for users who may not change their own, and for one whose password
   * is lost. AWSCURRENT has the same moment as with `singleUser`.
   */
  public static singleUserByMaster(options: MasterRotationOptions): DatabaseRotation {
    return new DatabaseRotation(DatabaseStrategy.SINGLE_USER_BY_MASTER, options);
  }

  /**
   * Two users take turns: the one of the secret, and a clone with the same rights, called as it with `_clone` behind. A
   * rotation gives the one that is idle a new password and publishes it; the other works on until the next rotation
   * begins. AWSCURRENT works at every moment, and readers find another user name in it each time.
   */
  public static alternatingUsers(options: MasterRotationOptions): DatabaseRotation {
    return new DatabaseRotation(DatabaseStrategy.ALTERNATING_USERS, options);
  }

  /**
   * MySQL 8.0.21 or later, where users carry attributes: the user gets the new password as a second one, and the old one works on until the next
   * rotation begins. AWSCURRENT works at every moment, under the same user name.
   *
   * @see https://dev.mysql.com/doc/refman/8.4/en/password-management.html#dual-passwords
   */
  public static dualPassword(options: MasterRotationOptions): DatabaseRotation {
    return new DatabaseRotation(DatabaseStrategy.DUAL_PASSWORD, options);
  }

  private readonly masterSecret?: secretsmanager.ISecret;

  private constructor(
    /** Who changes the password, and what of. */
    public readonly strategy: DatabaseStrategy,
    private readonly options: DatabaseRotationOptions | MasterRotationOptions,
  ) {
    this.masterSecret = 'masterSecret' in options ? options.masterSecret : undefined;
  }

  /**
   * Sets the rotation of a secret up.
   *
   * @internal
   */
  public _bind(secret: DatabaseSecret, target: DatabaseTarget): void {
    checkStrategy(this.strategy, target);
    checkUsername(this.strategy, secret.username, target.engine);
    if (this.masterSecret) checkMasterSecret(this.masterSecret, secret);

    const scope = this.options.scheduleScope ?? secret;
    const rotationFunction = this.functionFor(scope, target);
    const access = RotationAccess.of(scope, rotationFunction);
    access.addKey(secret.encryptionKey!);
    const { connections, port } = target._facts;
    const rules = rotationFunction._allowTo(access, connections, port);
    if (this.masterSecret) this.useMaster(this.masterSecret, secret, access);
    if (this.options.resolveHosts ?? mustResolveHosts(target, this.masterSecret)) {
      access.addHostResolution(this.masterSecret && grantedSecret(this.masterSecret));
      rotationFunction._calls(RDS);
    }

    const { rotateImmediately } = this.options;
    addRotation(secret, scope, {
      ...{ rotationFunction, access, schedule: this.schedule, rotateImmediately },
      after: [...rules, ...this.attachmentsOf(secret), ...instancesOf(target)],
    });
    rememberRotation(secret, target, this.schedule);
    if (this.strategy === DatabaseStrategy.ALTERNATING_USERS) {
      refuseProxiesOf(secret);
    }
    this.warn(secret, target, rotationFunction);
  }

  /** What writes the hosts into the values; Secrets Manager may start as soon as the schedule is made. */
  private attachmentsOf(secret: DatabaseSecret): secretsmanager.ISecret[] {
    const both = this.masterSecret ? [secret, this.masterSecret] : [secret];
    return both.flatMap((one) => attachmentOf(one)?.attachment ?? []);
  }

  private get schedule(): RotationSchedule {
    if (this.options.schedule) return this.options.schedule;
    if (!this.masterSecret) return RotationSchedule.rate(Duration.days(30), { window: FOUR_HOURS });
    return RotationSchedule.cron({ day: '1', hour: '4', window: FOUR_HOURS });
  }

  private useMaster(masterSecret: secretsmanager.ISecret, secret: DatabaseSecret, access: RotationAccess): void {
    (secret.node.defaultChild as secretsmanager.CfnSecret).tags.setTag(TAG.MASTER_SECRET, masterSecret.secretArn);
    access.addIssuer(grantedSecret(masterSecret));
    secret.node.addValidation({ validate: () => checkSpacing(masterSecret, secret, this.schedule) });
  }

  private functionFor(scope: Construct, { engine, _facts }: DatabaseTarget): RotationFunction {
    const { rotationFunction, vpcSubnets, securityGroups } = this.options;
    const { passwordPolicy, certificateAuthorities, passwordAsText } = this.options;
    const code = this.codeFor(engine);
    if (!rotationFunction) {
      const placement = { vpc: _facts.vpc, vpcSubnets, securityGroups };
      return RotationFunction.shared(scope, code, placement);
    }
    if (vpcSubnets ?? securityGroups) {
      throw new Error('`vpcSubnets` and `securityGroups` must be left out with `rotationFunction`: it has its own');
    }
    const { bundle, environment } = rotationFunction.code;
    const suits = bundle === code.bundle && environment[ENV.DATABASE_STRATEGY] === this.strategy;
    const agrees = rotationFunction.code.id === code.id;
    const asksForMore = passwordPolicy !== undefined || certificateAuthorities !== undefined || passwordAsText;
    if (!suits || (asksForMore && !agrees)) {
      throw new Error(
        `\`rotationFunction\` must run ${code.id}, as its RotationCode says, got ${rotationFunction.code.id}`,
      );
    }
    return rotationFunction;
  }

  private codeFor(engine: DatabaseEngine): RotationCode {
    const { passwordPolicy, certificateAuthorities, passwordAsText } = this.options;
    const { strategy } = this;
    return RotationCode.databaseUsers({ engine, strategy, passwordPolicy, certificateAuthorities, passwordAsText });
  }

  private warn(secret: DatabaseSecret, target: DatabaseTarget, used: RotationFunction): void {
    const { database, endpoint, vpc } = target._facts;
    if (database && !vpc && !this.options.rotationFunction) {
      Annotations.of(secret).addWarningV2(
        'cdk-keyturn:no-vpc',
        `nothing says in which VPC ${database.node.path} is, so the rotation function stands outside every VPC and ` +
          'reaches the database only if it is publicly accessible; name the VPC as `vpc` of the target',
      );
    }
    const region = database ? Stack.of(secret).region : regionOfRds(endpoint?.host ?? '');
    if (region === undefined || Token.isUnresolved(region) || hasKnownAuthorities(region)) return;
    if (used.code.environment[ENV.CERTIFICATE_AUTHORITIES] !== undefined) return;
    Annotations.of(secret).addWarningV2(
      'cdk-keyturn:certificate-authorities',
      `the authorities of RDS in ${region} are not known here, so the rotation would not trust the database: pass those ` +
        'of https://truststore.pki.rds.amazonaws.com that sign its certificate as `certificateAuthorities`',
    );
  }
}

/** Of a cluster of this app: without an instance nobody listens at its endpoints. */
function instancesOf({ _facts: { database } }: DatabaseTarget): rds.CfnDBInstance[] {
  return database?.node.findAll().filter((child) => child instanceof rds.CfnDBInstance) ?? [];
}
