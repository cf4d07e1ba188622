import { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { HttpIssuer } from '../issuer/http-issuer';
import { settleSeconds } from '../issuer/settle';
import { certificatesOf } from './certificate-authorities';
import {
  API_KEY_BUNDLE,
  DatabaseStrategyName,
  ENV,
  GOOGLE_SERVICE_ACCOUNT_KEY_BUNDLE,
  IAM_ACCESS_KEY_BUNDLE,
  X_BEARER_TOKEN_BUNDLE,
  XInvalidateWith,
} from './contract';
import { DatabaseEngine, ENGINE_FACTS } from './database-engine';
import { DatabaseStrategy } from './database-strategy';
import { graceSeconds, issuerSetting } from './issuer-setting';
import { passwordEnvironment, PasswordPolicy } from './password-policy';
import { shortHash } from './rotation-placement';

/** How the rotation function proves to X that it may invalidate a token. */
export enum XInvalidation {
  /**
   * OAuth 1.0a with the consumer keys and the access token of the app's owner, as X documents it. Needs all four keys.
   */
  OAUTH1 = 'oauth1',

  /** HTTP Basic with the consumer keys alone. X accepts it, but does not document it. */
  BASIC = 'basic',
}

/** Settings that the code of every rotation of API keys has. */
export interface ApiKeyCodeOptions {
  /**
   * The function that is asked whether a new key works, before it is published: see `ApiKeyRotationOptions`.
   *
   * @default - none
   */
  readonly canary?: lambda.IFunction;
}

/** Settings of `RotationCode.apiKey`. */
export interface HttpKeyCodeOptions extends ApiKeyCodeOptions {
  /**
   * How long the key of AWSPREVIOUS works on after a rotation: see `HttpKeyRotationProps`.
   *
   * @default - until the next rotation has published its key
   */
  readonly revokeAfter?: Duration;
}

/** Settings of `RotationCode.iamAccessKey`. */
export interface IamAccessKeyCodeOptions extends HttpKeyCodeOptions {
  /**
   * How long IAM may take to make a new key known everywhere: see `IamAccessKeyRotationProps`.
   *
   * @default Duration.seconds(15)
   */
  readonly settle?: Duration;
}

/** Settings of `RotationCode.googleServiceAccountKey`. */
export interface GoogleServiceAccountKeyCodeOptions extends HttpKeyCodeOptions {
  /**
   * How long Google may take to make a new key known everywhere: see `GoogleServiceAccountKeyRotationProps`.
   *
   * @default Duration.seconds(60)
   */
  readonly settle?: Duration;
}

/** Settings of `RotationCode.xBearerToken`. */
export interface XBearerTokenCodeOptions extends ApiKeyCodeOptions {
  /**
   * How `invalidate_token` is authenticated.
   *
   * @default XInvalidation.OAUTH1
   */
  readonly invalidateWith?: XInvalidation;
}

/** How a rotation of database users generates passwords and logs in. */
export interface DatabaseLoginOptions {
  /**
   * What generated passwords are made of.
   *
   * @default - 32 characters: letters, digits and punctuation, one at least of each
   */
  readonly passwordPolicy?: PasswordPolicy;

  /**
   * The certificates, in PEM, of the authorities that sign the certificate of the server: at most 3584 characters,
   * which are about two. They are trusted instead of the default ones.
   *
   * @default - for a host of RDS the authorities of RDS in its Region, for any other those that Node.js trusts
   */
  readonly certificateAuthorities?: string;

  /**
   * Whether PostgreSQL gets passwords as text. Without it, it gets a verifier from which no password can be read, so that
   * none stands in its logs. A server with checks that want to read a password refuses verifiers.
   *
   * With it, a password that the server refuses stands in its log, and with `log_statement` each one: set
   * `log_min_error_statement` to `panic` and `log_statement` to `none`.
   *
   * @default false
   */
  readonly passwordAsText?: boolean;
}

/** Settings of `RotationCode.databaseUsers`. */
export interface DatabaseUsersCodeOptions extends DatabaseLoginOptions {
  /** The kind of server. One function serves MySQL and MariaDB. */
  readonly engine: DatabaseEngine;

  /** Who changes the password, and what of. */
  readonly strategy: DatabaseStrategy;
}

/** What a rotation function runs, and the settings that all secrets which it rotates share. */
export class RotationCode {
  /** Rotates the app-only bearer token of an X app. */
  public static xBearerToken(options: XBearerTokenCodeOptions = {}): RotationCode {
    const invalidateWith: XInvalidateWith = `${options.invalidateWith ?? XInvalidation.OAUTH1}`;
    const id = invalidateWith === 'basic' ? 'XBearerTokenBasic' : 'XBearerToken';
    return RotationCode.ofApiKeys(
      id,
      X_BEARER_TOKEN_BUNDLE,
      { [ENV.X_INVALIDATE_WITH]: invalidateWith },
      options.canary,
    );
  }

  /** Rotates keys of an issuer that is asked over HTTP. */
  public static apiKey(issuer: HttpIssuer, options: HttpKeyCodeOptions = {}): RotationCode {
    const { text, hash } = issuerSetting(issuer, options.revokeAfter);
    const { issuer: name, settle = 0 } = issuer._declaration;
    const id = `ApiKey${name.replace(/\W/g, '')}${hash}`;
    return RotationCode.ofApiKeys(id, API_KEY_BUNDLE, { [ENV.ISSUER]: text }, options.canary, settle);
  }

  /** Rotates access keys of IAM users. */
  public static iamAccessKey(options: IamAccessKeyCodeOptions = {}): RotationCode {
    return RotationCode.ofIssuedKeys('IamAccessKey', IAM_ACCESS_KEY_BUNDLE, options, Duration.seconds(15));
  }

  /** Rotates keys of Google service accounts. */
  public static googleServiceAccountKey(options: GoogleServiceAccountKeyCodeOptions = {}): RotationCode {
    const bundle = GOOGLE_SERVICE_ACCOUNT_KEY_BUNDLE;
    return RotationCode.ofIssuedKeys('GoogleServiceAccountKey', bundle, options, Duration.seconds(60));
  }

  /** Rotates the password of database users. */
  public static databaseUsers(options: DatabaseUsersCodeOptions): RotationCode {
    const { engine, passwordAsText, certificateAuthorities } = options;
    const { bundle, title } = ENGINE_FACTS[engine];
    if (passwordAsText && engine !== DatabaseEngine.POSTGRES) {
      throw new Error(`\`passwordAsText\` is for PostgreSQL, got ${title}`);
    }
    const strategy: DatabaseStrategyName = `${options.strategy}`;
    const settings = {
      ...passwordEnvironment(options.passwordPolicy ?? {}),
      ...(certificateAuthorities !== undefined && {
        [ENV.CERTIFICATE_AUTHORITIES]: certificatesOf(certificateAuthorities),
      }),
      ...(passwordAsText && { [ENV.PASSWORD_AS_TEXT]: 'true' }),
    };
    const hash = Object.keys(settings).length === 0 ? '' : shortHash(JSON.stringify(Object.entries(settings).sort()));
    const id = `${inPascalCase(bundle)}${inPascalCase(strategy)}${hash}`;
    return new RotationCode(id, bundle, { [ENV.DATABASE_STRATEGY]: strategy, ...settings });
  }

  private static ofIssuedKeys(
    name: string,
    bundle: string,
    { revokeAfter, settle, canary }: HttpKeyCodeOptions & { readonly settle?: Duration },
    usualSettle: Duration,
  ): RotationCode {
    const seconds = settleSeconds(settle ?? usualSettle);
    const environment = {
      [ENV.SETTLE]: String(seconds),
      ...(revokeAfter && { [ENV.GRACE]: String(graceSeconds(revokeAfter)) }),
    };
    return RotationCode.ofApiKeys(
      `${name}${shortHash(JSON.stringify(environment))}`,
      bundle,
      environment,
      canary,
      seconds,
    );
  }

  private static ofApiKeys(
    id: string,
    bundle: string,
    environment: Record<string, string>,
    canary?: lambda.IFunction,
    settle = 0,
  ): RotationCode {
    if (!canary) return new RotationCode(id, bundle, environment, settle);
    const settings = { ...environment, [ENV.CANARY]: canary.functionArn };
    return new RotationCode(`${id}Canary${shortHash(canary.node.path)}`, bundle, settings, settle, canary);
  }

  /**
   * What the function must be allowed beside the four steps, on the secrets that it rotates. The password of a user who
   * changes it without help is looked for in versions that were given up, too, when no other one logs in.
   *
   * @internal
   */
  public get _furtherActions(): string[] {
    const strategy: DatabaseStrategyName = 'single-user';
    return this.environment[ENV.DATABASE_STRATEGY] === strategy ? ['secretsmanager:ListSecretVersionIds'] : [];
  }

  private constructor(
    /** Tells one configuration from another; a part of logical ids. */
    public readonly id: string,
    /** The folder under `assets/` of this package. */
    public readonly bundle: string,
    /** Environment variables of the function. */
    public readonly environment: Record<string, string>,
    /**
     * How long a step may wait for a new key to be known everywhere, in seconds.
     *
     * @internal
     */
    public readonly _settle = 0,
    /** The function that is asked whether a new key works, before it is published. */
    public readonly canary?: lambda.IFunction,
  ) {}
}

/** `AlternatingUsers` for `alternating-users`. */
function inPascalCase(words: string): string {
  return words.replace(/(?:^|-)(\w)/g, (_match, letter: string) => letter.toUpperCase());
}
