import { randomBytes } from 'node:crypto';
import { expectedSignature, oauthParameters, percentDecode, type SignedRequest } from './oauth1';
import { coded } from './x-answers';

/** An app as its owner finds it in X's developer portal. */
export interface XAppKeys {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  /** The owner's own pair: `invalidate_token` is signed with it. */
  readonly accessToken: string;
  readonly accessTokenSecret: string;
  /** `invalidate_token` takes the app's own pair too, by Basic authentication, which X does not document. @default false */
  readonly acceptsBasic?: boolean;
}

/** X refuses a signed request whose clock is further off. */
const TIMESTAMP_TOLERANCE_SECONDS = 5 * 60;

/** The state of one app: it has one live bearer token at most, the same until it is invalidated. */
export class XApp {
  /** Every token ever issued, the live one last. */
  readonly issued: string[] = [];
  /** The token that X accepts; undefined before the first and after an invalidation. */
  live?: string;
  private readonly nonces = new Set<string>();

  constructor(readonly keys: XAppKeys) {}

  /** The live token; a new one when there is none. */
  token(): string {
    if (this.live === undefined) {
      this.live = newToken();
      this.issued.push(this.live);
    }
    return this.live;
  }

  /** Whether a request names the token. Tokens come percent-encoded, and are sent back so: a query decodes that. */
  holds(decodedToken: string): boolean {
    return this.live !== undefined && percentDecode(this.live) === decodedToken;
  }

  /** @throws XRefusal 401 with code 32, 89 or 135 unless the app and its owner have signed the request, now and not before */
  verifySignature(request: SignedRequest): void {
    const oauth = oauthParameters(request.authorization);
    const { consumerSecret, accessToken, accessTokenSecret } = this.keys;
    if (oauth.oauth_token !== accessToken) throw coded(401, 89, 'Invalid or expired token.');
    const signature = expectedSignature(request, consumerSecret, accessTokenSecret);
    const nonce = `${oauth.oauth_timestamp} ${oauth.oauth_nonce}`;
    const repeated = !oauth.oauth_nonce || this.nonces.has(nonce);
    if (oauth.oauth_signature_method !== 'HMAC-SHA1' || oauth.oauth_signature !== signature || repeated) {
      throw coded(401, 32, 'Could not authenticate you.');
    }
    // Functions sign by the machine's clock, not by the lab's.
    const off = Math.abs(Number(oauth.oauth_timestamp) - Date.now() / 1000);
    if (!(off <= TIMESTAMP_TOLERANCE_SECONDS)) throw coded(401, 135, 'Timestamp out of bounds.');
    this.nonces.add(nonce);
  }
}

/** Looks like X's: a run of A, then random text with percent-encoded characters in it. */
function newToken(): string {
  const random = (length: number) => randomBytes(length).toString('hex').slice(0, length);
  return `${'A'.repeat(21)}${random(12)}%2F${random(16)}%2B${random(10)}%3D${random(50)}`;
}
