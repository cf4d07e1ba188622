/** What a call with a key showed. `unknown` proves nothing, so nothing may be changed because of it. */
export interface Probe {
  readonly verdict: 'valid' | 'rejected' | 'unknown';
  /** The answer it was read from, for log and errors: `api.x.com answered GET /2/usage/tweets with 401`. */
  readonly detail: string;
}
