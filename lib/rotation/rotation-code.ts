import { ENV, X_BEARER_TOKEN_BUNDLE, XInvalidateWith } from './contract';

/** How the rotation function proves to X that it may invalidate a token. */
export enum XInvalidation {
  /**
   * OAuth 1.0a with the consumer keys and the access token of the app's owner, as X documents it. Needs all four keys.
   */
  OAUTH1 = 'oauth1',

  /** HTTP Basic with the consumer keys alone. X accepts it, but does not document it. */
  BASIC = 'basic',
}

/** Settings of `RotationCode.xBearerToken`. */
export interface XBearerTokenCodeOptions {
  /**
   * How `invalidate_token` is authenticated.
   *
   * @default XInvalidation.OAUTH1
   */
  readonly invalidateWith?: XInvalidation;
}

/** What a rotation function runs, and the settings that all secrets which it rotates share. */
export class RotationCode {
  /** Rotates the app-only bearer token of an X app. */
  public static xBearerToken(options: XBearerTokenCodeOptions = {}): RotationCode {
    const invalidateWith: XInvalidateWith = `${options.invalidateWith ?? XInvalidation.OAUTH1}`;
    const id = invalidateWith === 'basic' ? 'XBearerTokenBasic' : 'XBearerToken';
    return new RotationCode(id, X_BEARER_TOKEN_BUNDLE, { [ENV.X_INVALIDATE_WITH]: invalidateWith });
  }

  private constructor(
    /** Tells one configuration from another; a part of logical ids. */
    public readonly id: string,
    /** The folder under `assets/` of this package. */
    public readonly bundle: string,
    /** Environment variables of the function. */
    public readonly environment: Record<string, string>,
  ) {}
}
