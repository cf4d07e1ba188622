import { KeyListPaging } from './key-list-paging';

/** Methods of HTTP. */
export enum HttpMethod {
  GET = 'GET',
  POST = 'POST',
  PUT = 'PUT',
  PATCH = 'PATCH',
  DELETE = 'DELETE',
}

/** Which answers of an issuer something holds for. */
export interface AnswerRule {
  /** The statuses, each from 200 to 599: at least one. */
  readonly statuses: number[];

  /**
   * A place in the answer's JSON, as a JSON pointer: `/result/status`. The rule holds where one of `values` stands
   * there.
   *
   * @see https://www.rfc-editor.org/rfc/rfc6901
   * @default - the statuses alone decide
   */
  readonly pointer?: string;

  /**
   * What may stand at `pointer`: texts, numbers, true, false or null.
   *
   * @default - anything but null and an empty text
   */
  readonly values?: unknown[];
}

/** A request to an issuer. */
export interface IssuerRequest {
  /**
   * The method.
   *
   * @default - POST for a request with effects, GET for a list or a probe, DELETE for one that ends a key
   */
  readonly method?: HttpMethod;

  /**
   * The URL: `https://`, one of the issuer's `hosts` and a path. Values of `IssuerValue` may stand after the host; they
   * are percent-encoded.
   */
  readonly url: string;

  /**
   * Further headers, by name. `Content-Type` and `Accept` are set already.
   *
   * @default - none
   */
  readonly headers?: Record<string, string>;

  /**
   * The body, sent as application/json. Values of `IssuerValue` may stand in any text of it.
   *
   * @default - no body
   */
  readonly json?: unknown;

  /**
   * The body, sent as application/x-www-form-urlencoded.
   *
   * @default - no body
   */
  readonly form?: Record<string, string>;

  /**
   * The answers that mean that it was done.
   *
   * @default - every status from 200 to 299
   */
  readonly done?: AnswerRule[];
}

/** A request that is answered with a key. */
export interface IssueRequest extends IssuerRequest {
  /** Where the key stands in the answer's JSON, as a JSON pointer: `/data/attributes/key`. */
  readonly key: string;

  /**
   * Where the id of the key stands.
   *
   * @default - keys have no ids
   */
  readonly id?: string;

  /**
   * Further fields of the secret, by their names: where each stands in the same answer.
   *
   * @default - none
   */
  readonly fields?: Record<string, string>;
}

/** A request that lists the keys which live, without their values. */
export interface ListRequest extends IssuerRequest {
  /** Where the array of keys stands in the answer's JSON, as a JSON pointer; empty when the answer is that array. */
  readonly keys: string;

  /** Where the id stands in one of them. */
  readonly id: string;

  /**
   * Where the name stands in one of them. Keys must be issued with `IssuerValue.keyName()` then.
   *
   * @default - keys have no names, and `createdAt` is required
   */
  readonly name?: string;

  /**
   * Where the time of creation stands in one of them: a time in ISO 8601, or in seconds since 1970.
   *
   * @default - none; required where keys have no names
   */
  readonly createdAt?: string;

  /**
   * How the next page is asked for.
   *
   * @default - there is one page
   */
  readonly paging?: KeyListPaging;
}

/** A request that shows whether a key works, and changes nothing. */
export interface ProbeRequest extends IssuerRequest {
  /**
   * The answers to a key that works.
   *
   * @default - every status from 200 to 299
   */
  readonly valid?: AnswerRule[];

  /**
   * The answers to a key that does not work; they are looked at before `valid`. Every other answer proves nothing, and then nothing is changed.
   *
   * @default - status 401
   */
  readonly rejected?: AnswerRule[];
}

/** A request that ends a key. */
export interface RevokeRequest extends IssuerRequest {
  /**
   * The answers that say that the key is gone already.
   *
   * @default - statuses 404 and 410
   */
  readonly gone?: AnswerRule[];

  /**
   * A request that must come before it, such as one that deactivates the key.
   *
   * @default - none
   */
  readonly before?: IssuerRequest;
}

/** A request for the access token that the other requests are made with. */
export interface SignInRequest extends IssuerRequest {
  /**
   * Where the access token stands in the answer's JSON, as a JSON pointer.
   *
   * @default '/access_token'
   */
  readonly accessToken?: string;
}
