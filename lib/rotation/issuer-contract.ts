/**
 * How an issuer of API keys is asked over HTTP: what `ApiKeyRotation.http` checks and writes, and its function reads from ENV.ISSUER.
 * This file imports nothing, so that both sides can import it.
 */

/** A value that is known when a request is made. It is put into its place there, and never read as a part of the declaration. */
export type RunTimeValue =
  /** A field of the secret with the issuer's own credential. */
  | { readonly from: 'credential'; readonly field: string }
  /** A setting of the secret that is rotated, from its tag `keyturn:parameter:<name>`. */
  | { readonly from: 'parameter'; readonly name: string }
  /** The key that a probe tries; in every other request the AWSCURRENT one. */
  | { readonly from: 'key' }
  /** The key that a 'chosen' issuer is to accept from now on. */
  | { readonly from: 'newKey' }
  /** Another field of the version that `key` is of. */
  | { readonly from: 'field'; readonly field: string }
  /** Id of the key that a request is about. */
  | { readonly from: 'keyId' }
  /** The name of the key to issue: `keyturn-<8 characters for the secret>-<version id>`. */
  | { readonly from: 'keyName' }
  /** What the `signIn` request was answered. */
  | { readonly from: 'accessToken' }
  /** The time so many seconds from now: `2026-11-24`, `2026-11-24T06:30:00Z`, or seconds since 1970. */
  | { readonly from: 'time'; readonly seconds: number; readonly format: 'date' | 'date-time' | 'unix' }
  /** A text in base64. */
  | { readonly from: 'base64'; readonly of: Text };

/** A text: as it is, or joined of pieces. */
export type Text = string | readonly (string | RunTimeValue)[];

/**
 * The one field of an object that stands for a text of pieces in a JSON body. A text that is nothing but one time in
 * seconds since 1970 is sent as a number.
 */
export const TEXT_FIELD = 'keyturn:text';

/** A JSON body; a text of pieces stands in it as `{ [TEXT_FIELD]: pieces }`. */
export type JsonBody = string | number | boolean | null | readonly JsonBody[] | { readonly [name: string]: JsonBody };

/** A place in an answer's JSON (RFC 6901): `/data/0/id`, or `` for all of it. */
export type JsonPointer = string;

/** Which answers something holds for: their statuses and, where `pointer` is there, one of the `values` at that place; without them, anything. */
export interface AnswerRule {
  readonly statuses: readonly number[];
  readonly pointer?: JsonPointer;
  readonly values?: readonly (string | number | boolean | null)[];
}

export interface RequestDeclaration {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Begins with `https://` and a host of `hosts`, literally. Values are percent-encoded where they stand. */
  readonly url: Text;
  readonly headers?: Readonly<Record<string, Text>>;
  /** Sent as application/json. Excludes `form`. */
  readonly json?: JsonBody;
  /** Sent as application/x-www-form-urlencoded. */
  readonly form?: Readonly<Record<string, Text>>;
  /** Answers that mean that it was done. @default - every 2xx */
  readonly done?: readonly AnswerRule[];
}

/** A request that is answered with a key. */
export interface IssueDeclaration extends RequestDeclaration {
  readonly key: JsonPointer;
  /** Left out where keys have no ids. */
  readonly id?: JsonPointer;
  /** Further fields of the secret's JSON, from the same answer. */
  readonly fields?: Readonly<Record<string, JsonPointer>>;
}

/** How the next page of a list is asked for. */
export type Paging =
  /** A query parameter with what stands at `next`, until nothing stands there. */
  | { readonly by: 'cursor'; readonly parameter: string; readonly next: JsonPointer }
  /** A query parameter that counts up from `first`, until a page is empty. */
  | { readonly by: 'number'; readonly parameter: string; readonly first: number }
  /** The header `Link` with rel="next" (RFC 8288). */
  | { readonly by: 'link' }
  /** A URL in the answer. */
  | { readonly by: 'url'; readonly next: JsonPointer };

export interface ListDeclaration extends RequestDeclaration {
  /** The array of keys. */
  readonly keys: JsonPointer;
  /** Within one of them. */
  readonly id: JsonPointer;
  /** Within one of them; left out where the issuer has no names for keys. */
  readonly name?: JsonPointer;
  /** Within one of them: a time in ISO 8601, or in seconds since 1970. Needed where keys have no names. */
  readonly createdAt?: JsonPointer;
  readonly paging?: Paging;
}

export interface ProbeDeclaration extends RequestDeclaration {
  /** Answers to a key that works. @default - every 2xx */
  readonly valid?: readonly AnswerRule[];
  /** Answers to a key that does not work. Everything else proves nothing. @default - 401 */
  readonly rejected?: readonly AnswerRule[];
}

export interface RevokeDeclaration extends RequestDeclaration {
  /** What must be asked first, such as a deactivation. */
  readonly before?: RequestDeclaration;
  /** Answers that say that the key is gone already. @default - 404 and 410 */
  readonly gone?: readonly AnswerRule[];
}

/** How the access token is got that other requests are made with. */
export interface SignInDeclaration extends RequestDeclaration {
  readonly accessToken: JsonPointer;
}

/** What an issuer says when it was asked too often, or at a bad moment, and has done nothing. */
export interface BusyDeclaration {
  /** @default - 429 */
  readonly answers?: readonly AnswerRule[];
  /** The header that says when to ask again: seconds from now, seconds since 1970, or a date of HTTP. @default 'retry-after' */
  readonly header?: string;
}

interface AnyIssuerDeclaration {
  /** For messages: `SendGrid`. */
  readonly issuer: string;
  /** The only hosts that are asked, `api.acme.com` or `api.acme.com:8443`. */
  readonly hosts: readonly string[];
  readonly signIn?: SignInDeclaration;
  readonly probe: ProbeDeclaration;
  readonly busy?: BusyDeclaration;
  /** How long a key that was just issued may be refused in some places, in seconds. @default 0 */
  readonly settle?: number;
}

/** Keys that are issued one beside the other. */
export interface IssuedKeyDeclaration extends AnyIssuerDeclaration {
  readonly kind: 'issued';
  readonly issue: IssueDeclaration;
  readonly list: ListDeclaration;
  readonly revoke: RevokeDeclaration;
  /** The field of the secret's JSON for the id of the key. */
  readonly idField: string;
  /** The most keys that the issuer lets live at once, counted as `list` lists them. */
  readonly limit?: number;
  /** How long AWSPREVIOUS works on after a rotation, in seconds. @default - until the next rotation */
  readonly grace?: number;
}

/** A key that dies when its successor is issued. */
export interface ReplacedKeyDeclaration extends AnyIssuerDeclaration {
  readonly kind: 'replaced';
  readonly replace: IssueDeclaration;
}

/** A key with a second one beside it, that takes its place when it is promoted. */
export interface TwoSlotDeclaration extends AnyIssuerDeclaration {
  readonly kind: 'two-slots';
  /** Makes the key in the second slot. */
  readonly fill: IssueDeclaration;
  /** Moves the second slot's key into the first one, which ends the key there. `gone`: nothing is in the second slot. */
  readonly promote: RevokeDeclaration;
  /** Ends the key in the second slot. `gone`: there is none. */
  readonly discard: RevokeDeclaration;
  /** How long AWSPREVIOUS works on after a rotation, in seconds. @default - until the next rotation */
  readonly grace?: number;
}

/** A key whose value we choose, and tell to the issuer. */
export interface ChosenKeyDeclaration extends AnyIssuerDeclaration {
  readonly kind: 'chosen';
  /** Makes the issuer accept `newKey` instead of the key before. */
  readonly apply: RequestDeclaration;
  /** How many letters and digits a key has. */
  readonly length: number;
}

export type IssuerDeclaration =
  IssuedKeyDeclaration | ReplacedKeyDeclaration | TwoSlotDeclaration | ChosenKeyDeclaration;
