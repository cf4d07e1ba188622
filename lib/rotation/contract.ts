/**
 * What a construct, its rotation function and the `keyturn` command must agree on.
 * This file imports nothing, so that all three sides can import it.
 */

/** Environment variables of the rotation functions. */
export const ENV = {
  /** How the X function authenticates `invalidate_token`: `oauth1` (documented) or `basic`. */
  X_INVALIDATE_WITH: 'KEYTURN_X_INVALIDATE_WITH',
} as const;

/**
 * Tags on a secret: what must be known before, or without, reading its value.
 * Changing a tag never makes a new version of the secret; changing a body in a template does.
 */
export const TAG = {
  /** The JSON fields a value must have, separated by spaces. */
  FIELDS: 'keyturn:fields',
  /** The JSON field that a rotation replaces. */
  ROTATED_FIELD: 'keyturn:rotated-field',
  /** ARN of the secret that holds the issuer's own credential. */
  ISSUER_SECRET: 'keyturn:issuer-secret',
  /** ARN of a second such secret, for another app at the same issuer: the two take turns. */
  ALTERNATE_ISSUER_SECRET: 'keyturn:alternate-issuer-secret',
} as const;

/** JSON field in which a rotated value names the secret of the issuer that made it, as `masterarn` does for databases. */
export const ISSUER_ARN_FIELD = 'issuerarn';

/** The four fields of a secret with the keys of an X app: the app's own pair, and the pair of the app's owner that `invalidate_token` is signed with. */
export const X_CONSUMER_FIELDS = ['consumerKey', 'consumerSecret', 'accessToken', 'accessTokenSecret'] as const;

/** How `invalidate_token` is authenticated. */
export type XInvalidateWith = 'oauth1' | 'basic';

/** The folder under assets/ with the bundle that rotates an X app-only bearer token. */
export const X_BEARER_TOKEN_BUNDLE = 'x-bearer-token';
