import { Duration, IResolvable, IResolveContext, Token, Tokenization } from 'aws-cdk-lib';
import { RunTimeValue, Text } from '../rotation/issuer-contract';

/** How a time is written. */
export enum TimeFormat {
  /** `2026-11-24` */
  DATE = 'date',

  /** `2026-11-24T06:30:00Z` */
  DATE_TIME = 'date-time',

  /** Seconds since 1970: a number where it is all that stands in a text of a JSON body, else text. */
  UNIX = 'unix',
}

/**
 * Values that are known only when a request is made, for the texts of a declared request: put one into a template
 * string, as in `Bearer ${IssuerValue.credential('adminKey')}`.
 *
 * Each is put into its place as a value and never read as a part of the declaration: quotes, newlines, `&` and braces in
 * it arrive as they are, percent-encoded in a URL or a form, escaped in JSON. What cannot stand in a header, a line
 * break or a letter beyond ASCII, is an error before anything is sent; `base64` takes it.
 */
export class IssuerValue {
  /** A field of the secret that holds the issuer's own credential. */
  public static credential(field: string): string {
    return placeholder({ from: 'credential', field: fieldName(field) });
  }

  /** A setting of the rotated secret, from the `parameters` of its rotation. */
  public static parameter(name: string): string {
    if (holdsToken(name) || !/^\w{1,100}$/.test(name)) {
      throw new Error(`\`name\` of a parameter must be 1 to 100 letters, digits and _, got ${name}`);
    }
    return placeholder({ from: 'parameter', name });
  }

  /** The key that a probe tries. In every other request the AWSCURRENT one. */
  public static key(): string {
    return placeholder({ from: 'key' });
  }

  /** The key that `ApplyRequest` is to make the issuer accept. */
  public static newKey(): string {
    return placeholder({ from: 'newKey' });
  }

  /** Another field of the version that `key()` is of. */
  public static field(field: string): string {
    return placeholder({ from: 'field', field: fieldName(field) });
  }

  /** The id of the key that a request revokes or, in a probe, that it tries. */
  public static keyId(): string {
    return placeholder({ from: 'keyId' });
  }

  /**
   * The name of the key to issue: 53 letters, digits and hyphens, `keyturn-`, 8 characters that stand for the secret, a
   * hyphen, and the id of the version that gets the key.
   */
  public static keyName(): string {
    return placeholder({ from: 'keyName' });
  }

  /** The access token that the `signIn` request was answered with. */
  public static accessToken(): string {
    return placeholder({ from: 'accessToken' });
  }

  /** The time so long from the moment of the request, such as the one at which a key is to expire. */
  public static timeFromNow(duration: Duration, format: TimeFormat = TimeFormat.DATE_TIME): string {
    const seconds = duration.toSeconds();
    if (Token.isUnresolved(seconds)) refuseToken('duration');
    return placeholder({ from: 'time', seconds, format: `${format}` });
  }

  /** A text in base64, with values in it: `Basic ${IssuerValue.base64(`${id}:${secret}`)}`. */
  public static base64(text: string): string {
    return placeholder({ from: 'base64', of: textOf('base64', text) });
  }

  private constructor() {}
}

/** In a template string it is a token of the CDK. It resolves to nothing: only a declared request knows what it stands for. */
class Placeholder implements IResolvable {
  public readonly creationStack = [];

  constructor(public readonly value: RunTimeValue) {}

  public resolve(_context: IResolveContext): never {
    throw new Error(
      `\`IssuerValue\` stands for a value of a request to an issuer (${this.value.from}); it cannot be used anywhere else`,
    );
  }
}

function fieldName(field: string): string {
  if (holdsToken(field) || field === '') throw new Error('`field` must be a name that is known at synth');
  return field;
}

function placeholder(value: RunTimeValue): string {
  return Token.asString(new Placeholder(value), { displayHint: `IssuerValue.${value.from}` });
}

/**
 * A text, with its values as pieces of their own.
 *
 * @param where where it stands, for the error
 */
export function textOf(where: string, text: string): Text {
  const fragments = Tokenization.reverseString(text);
  if (fragments.tokens.length === 0) return text;
  const pieces = fragments.mapTokens({
    mapToken: (token) => (token instanceof Placeholder ? [token.value] : refuseToken(where)),
  });
  return [pieces.join({ join: (left, right) => [left, right].flat() as unknown as string })].flat();
}

/** Also for the token of a number in the text, which `Token.isUnresolved` of newer CDKs overlooks. */
export function holdsToken(text: string): boolean {
  return Tokenization.reverseString(text).tokens.length > 0;
}

export function refuseToken(where: string): never {
  throw new Error(`\`${where}\` must be known at synth, but for the values of \`IssuerValue\`, got a token`);
}
