import { Duration } from 'aws-cdk-lib';
import { KEY_ID_FIELD } from '../rotation/contract';
import { IssuerDeclaration } from '../rotation/issuer-contract';
import { checkDeclaration } from './declaration-checks';
import {
  declaredBusy,
  declaredIssue,
  declaredList,
  declaredProbe,
  declaredRequest,
  declaredRevoke,
  declaredSignIn,
} from './declared-requests';
import {
  AnswerRule,
  IssueRequest,
  IssuerRequest,
  ListRequest,
  ProbeRequest,
  RevokeRequest,
  SignInRequest,
} from './issuer-requests';
import { settleSeconds } from './settle';

/** What an issuer says when it was asked too often, or at a bad moment, and has done nothing. */
export interface BusyAnswers {
  /**
   * The answers that say so.
   *
   * @default - status 429
   */
  readonly answers?: AnswerRule[];

  /**
   * The header that says when to ask again: in so many seconds, at a second since 1970, or at a date of HTTP. The
   * function waits for that where its time-out allows it; else the rotation fails, and Secrets Manager tries it again.
   *
   * @default 'Retry-After'
   */
  readonly header?: string;
}

/** What is known of every issuer that is asked over HTTP. */
export interface HttpIssuerProps {
  /** The name of the issuer, for messages: `SendGrid`. 1 to 64 printable ASCII characters. */
  readonly issuer: string;

  /**
   * The only hosts that the function sends anything to: names in lower case, `api.acme.com`, with the port where it is
   * not 443, `api.acme.com:8443`.
   */
  readonly hosts: string[];

  /** Shows whether a key works. It must hold `IssuerValue.key()`. */
  readonly probe: ProbeRequest;

  /**
   * Gets the access token that other requests hold as `IssuerValue.accessToken()`.
   *
   * @default - none
   */
  readonly signIn?: SignInRequest;

  /**
   * What it says when it was asked too often.
   *
   * @default - status 429, with `Retry-After`
   */
  readonly busy?: BusyAnswers;

  /**
   * How long a new key may be refused in some places: 0 seconds to 10 minutes. A rotation waits for so long before it
   * tests the key, and publishes it after that.
   *
   * @default Duration.seconds(0)
   */
  readonly settle?: Duration;
}

/** An issuer that lets several keys live: the old one works on beside the new one. */
export interface IssuedKeyProps extends HttpIssuerProps {
  /** Issues a key. Where keys have names it must hold `IssuerValue.keyName()`. */
  readonly issue: IssueRequest;

  /** Lists the keys: a repeat of a rotation that was cut off finds in it what it has issued before. */
  readonly list: ListRequest;

  /** Ends the key of the id `IssuerValue.keyId()`. */
  readonly revoke: RevokeRequest;

  /**
   * The most keys that may live at once, counted as `list` lists them: at least 2.
   *
   * @default - the issuer has no such limit
   */
  readonly limit?: number;

  /**
   * The field of the secret for the id of the key.
   *
   * @default 'keyid'
   */
  readonly idField?: string;
}

/** An issuer that ends the old key when it makes the new one. */
export interface ReplacedKeyProps extends HttpIssuerProps {
  /** Makes a new key, and ends the one before. */
  readonly replace: IssueRequest;
}

/** An issuer with a second place for a key. */
export interface TwoSlotProps extends HttpIssuerProps {
  /** Makes the key in the second slot. */
  readonly fill: IssueRequest;

  /** Moves the key of the second slot into the first, which ends the one there. */
  readonly promote: RevokeRequest;

  /** Ends the key in the second slot. */
  readonly discard: RevokeRequest;
}

/** An issuer that takes a key which we choose. */
export interface ChosenKeyProps extends HttpIssuerProps {
  /** Makes it accept `IssuerValue.newKey()` instead of the key before. */
  readonly apply: IssuerRequest;

  /**
   * How many letters and digits a key has: 32 to 256.
   *
   * @default 64
   */
  readonly keyLength?: number;
}

/**
 * An issuer of API keys that is asked by declared requests. What cannot work is an error at synth.
 *
 * Which kind it is decides the order of a rotation, and with it what a crash can cost.
 */
export class HttpIssuer {
  /**
   * Several keys live at once. The best kind: the old key works on, so there is no moment without a key that works. A
   * rotation issues a key, stores it, tests it and publishes it; the key of the version before AWSPREVIOUS is revoked
   * then.
   */
  public static issued(props: IssuedKeyProps): HttpIssuer {
    const { limit, idField = KEY_ID_FIELD } = props;
    if (limit !== undefined && (!Number.isInteger(limit) || limit < 2)) {
      throw new Error(
        `\`limit\` must be a whole number of at least 2, got ${limit}; with one key at a time use HttpIssuer.replacedInPlace`,
      );
    }
    return new HttpIssuer({
      kind: 'issued',
      ...common(props),
      issue: declaredIssue('issue', props.issue),
      list: declaredList('list', props.list),
      revoke: declaredRevoke('revoke', 'DELETE', props.revoke),
      idField,
      limit,
    });
  }

  /**
   * One key lives, and it ends when its successor is made: readers are cut off from then until that is published, and an
   * answer that gets lost takes the only key with it. Use it only where the issuer has nothing better.
   *
   * The request is never repeated blindly: before each one the AWSCURRENT key is probed. When that is dead already, an
   * earlier answer was lost; then the request is made again only if it does not depend on that key.
   */
  public static replacedInPlace(props: ReplacedKeyProps): HttpIssuer {
    return new HttpIssuer({ kind: 'replaced', ...common(props), replace: declaredIssue('replace', props.replace) });
  }

  /**
   * A second key lives beside the first until it is promoted to its place. A rotation fills the second slot, stores the
   * key, tests and publishes it; the promotion, which ends the key before, comes late: after `revokeAfter` of the
   * rotation, or when the next one begins. The second slot must belong to the rotation alone.
   */
  public static twoSlots(props: TwoSlotProps): HttpIssuer {
    return new HttpIssuer({
      kind: 'two-slots',
      ...common(props),
      fill: declaredIssue('fill', props.fill),
      promote: declaredRevoke('promote', 'POST', props.promote),
      discard: declaredRevoke('discard', 'DELETE', props.discard),
    });
  }

  /**
   * One key lives, and we choose it: it is stored before the issuer hears of it, so none is ever lost. Readers are cut
   * off from the moment in which the issuer takes it until it is published, unless they read AWSPENDING then.
   */
  public static chosen(props: ChosenKeyProps): HttpIssuer {
    const { keyLength = 64 } = props;
    if (!Number.isInteger(keyLength) || keyLength < 32 || keyLength > 256) {
      throw new Error(`\`keyLength\` must be between 32 and 256, got ${keyLength}`);
    }
    return new HttpIssuer({
      kind: 'chosen',
      ...common(props),
      apply: declaredRequest('apply', 'POST', props.apply),
      length: keyLength,
    });
  }

  private constructor(
    /** @internal */
    public readonly _declaration: IssuerDeclaration,
  ) {
    checkDeclaration(_declaration);
  }
}

function common({ issuer, hosts, probe, signIn, busy, settle = Duration.seconds(0) }: HttpIssuerProps) {
  return {
    issuer,
    hosts,
    probe: declaredProbe('probe', probe),
    signIn: signIn && declaredSignIn('signIn', signIn),
    busy: busy && declaredBusy('busy', busy),
    settle: settleSeconds(settle) || undefined,
  };
}
