import { JsonBody, RunTimeValue, Text, TEXT_FIELD } from '../../lib/rotation/issuer-contract';
import { Credential } from '../protocol/secret-fields';
import { SecretFields, textField } from '../protocol/secret-fields';
import { IssuerRefusedError } from './errors';
import { IssuerSession } from './key-issuer';
import { percentEncode } from './oauth1';

/** What a request is about, beside what the session knows. */
export interface RequestSubject {
  /** The version whose key a probe tries; AWSCURRENT when left out. */
  readonly version?: SecretFields;
  readonly keyId?: string;
  readonly keyName?: string;
  readonly newKey?: string;
}

/** What must be read or asked for first, as far as a request needs it. */
export interface RequestSources {
  readonly credential?: Credential;
  readonly current?: SecretFields;
  /** What the sign-in was answered. */
  readonly accessToken?: string;
}

/**
 * Puts the values into the texts of a request. A value goes into its place as it is and is looked at no further: it may hold anything,
 * also what looks like a piece of a declaration.
 */
export class RequestValues {
  constructor(
    /** What the texts are for, for messages: `probe at SendGrid`. */
    private readonly what: string,
    private readonly session: IssuerSession,
    private readonly subject: RequestSubject & RequestSources,
  ) {}

  /** Every value percent-encoded, so that it stays one segment of a path or one value of a query. */
  url(text: Text): URL {
    const written = this.join(text, (value) => {
      if (value === '') throw this.refused('a value in the URL is empty');
      return percentEncode(value);
    });
    const url = new URL(written);
    // The segments `.` and `..` would be resolved, and something else would be asked for.
    if (url.href !== written) throw this.refused('a value in the URL would change its path');
    return url;
  }

  /** A value that a header cannot carry is refused: fetch would take blanks off its ends, and quote the rest in its error. */
  header(name: string, text: Text): string {
    const value = this.join(text);
    if (/^[\x21-\x7e]([\t\x20-\x7e]*[\x21-\x7e])?$/.test(value)) return value;
    throw this.refused(
      `the value of the header ${name} is empty, or has a line break, a blank at an end or a letter beyond ASCII`,
    );
  }

  form(texts: Readonly<Record<string, Text>>): string {
    return new URLSearchParams(
      Object.entries(texts).map(([name, text]): [string, string] => [name, this.join(text)]),
    ).toString();
  }

  json(body: JsonBody): string {
    return JSON.stringify(this.inJson(body));
  }

  private inJson(body: JsonBody): unknown {
    if (typeof body !== 'object' || body === null) return body;
    if (Array.isArray(body)) return body.map((each: JsonBody) => this.inJson(each));
    if (Object.hasOwn(body, TEXT_FIELD)) {
      const text = (body as { [TEXT_FIELD]: Text })[TEXT_FIELD];
      return isUnixTime(text) ? Number(this.join(text)) : this.join(text);
    }
    return Object.fromEntries(Object.entries(body).map(([name, each]) => [name, this.inJson(each)]));
  }

  private join(text: Text, encode = (value: string) => value): string {
    if (typeof text === 'string') return text;
    return text.map((piece) => (typeof piece === 'string' ? piece : encode(this.wholeValueOf(piece)))).join('');
  }

  /** Half a surrogate pair has no bytes in UTF-8: something else would arrive. */
  private wholeValueOf(piece: RunTimeValue): string {
    const value = this.valueOf(piece);
    if (Buffer.from(value).toString() === value) return value;
    throw this.refused('a value in it has half a character, which cannot be sent');
  }

  private valueOf(value: RunTimeValue): string {
    const { session, subject } = this;
    switch (value.from) {
      case 'credential':
        return subject.credential!.fields[value.field];
      case 'parameter':
        return session.parameters[value.name];
      case 'key':
        return this.required(session.field);
      case 'field':
        return this.required(value.field);
      case 'keyId':
        return this.known(subject.keyId, 'the id of the key');
      case 'keyName':
        return this.known(subject.keyName, 'the name of the key');
      case 'newKey':
        return this.known(subject.newKey, 'the new key');
      case 'accessToken':
        return this.known(subject.accessToken, 'the access token');
      case 'time':
        return time(value.seconds, value.format);
      case 'base64': {
        const encoded = Buffer.from(this.join(value.of)).toString('base64');
        session.hide(encoded);
        return encoded;
      }
    }
  }

  private required(field: string): string {
    const version = this.subject.version ?? this.subject.current;
    return this.known(textField(version, field), `"${field}" of the version that is asked with`);
  }

  private known(value: string | undefined, name: string): string {
    if (value !== undefined) return value;
    throw this.refused(`${name} is not known`);
  }

  private refused(why: string): IssuerRefusedError {
    return new IssuerRefusedError(`the request ${this.what} cannot be made: ${why}`);
  }
}

/** JSON has seconds since 1970 as a number. */
function isUnixTime(text: Text): boolean {
  const [piece, ...others] = text;
  return others.length === 0 && typeof piece === 'object' && piece.from === 'time' && piece.format === 'unix';
}

function time(seconds: number, format: 'date' | 'date-time' | 'unix'): string {
  const at = new Date(Date.now() + seconds * 1000);
  if (format === 'unix') return String(Math.floor(at.getTime() / 1000));
  const text = at.toISOString();
  return format === 'date' ? text.slice(0, 10) : `${text.slice(0, 19)}Z`;
}
