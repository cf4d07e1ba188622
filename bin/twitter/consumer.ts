// In an app of your own: import { AuthenticationFailedError, SecretReader } from 'cdk-keyturn/reader';
import { AuthenticationFailedError, Secret, SecretReader } from '../../lambda/reader';

/** What to look up; the user name of the environment when it is left out. */
export interface ConsumerEvent {
  readonly username?: string;
}

export interface ConsumerAnswer {
  /** HTTP status that X answered. */
  readonly status: number;
  readonly username: string;
  /** The display name that belongs to it. */
  readonly name: string;
  /** Milliseconds between the first refusal of the token and this answer; 0 when the token was accepted at once. */
  readonly waitedMs: number;
}

interface XUser {
  data?: { username: string; name: string };
}

/** One for all invocations: it keeps the token between them. It may wait for a new one as long as the time-out of 29 s leaves room. */
const reader = new SecretReader({ maxWait: 20_000 });

/** Looks a user up on X with the app's bearer token. While the token is being rotated, it waits for the new one. */
export async function handler(event: ConsumerEvent = {}): Promise<ConsumerAnswer> {
  const { TOKEN_SECRET_ARN, X_USERNAME } = process.env;
  const username = event.username ?? X_USERNAME!;
  let refusedAt: number | undefined;

  return await reader.withSecret(TOKEN_SECRET_ARN!, async (secret) => {
    const response = await askX(username, secret.field('TwitterAPIKey'));
    if (response.status === 401) {
      refusedAt ??= Date.now();
      throw new AuthenticationFailedError(`X refused the token of version ${secret.versionId} (401)`);
    }
    const user = await readUser(username, response, secret);
    return { status: response.status, ...user, waitedMs: refusedAt === undefined ? 0 : Date.now() - refusedAt };
  });
}

async function askX(username: string, token: string): Promise<Response> {
  try {
    return await fetch(`https://api.x.com/2/users/by/username/${encodeURIComponent(username)}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(5_000),
    });
  } catch (error) {
    // fetch keeps the reason in `cause`. What it says of a header that it refuses repeats the token, so it goes no further.
    const { cause, name } = error as { cause?: NodeJS.ErrnoException; name: string };
    const otherwise = name === 'TimeoutError' ? 'no answer within 5 seconds' : 'the token cannot stand in a header';
    throw new Error(`api.x.com cannot be asked: ${cause ? cause.message || cause.code : otherwise}`);
  }
}

async function readUser(username: string, response: Response, { versionId }: Secret) {
  // The body of a refusal is left out: it is X's, and nobody promises that it does not repeat the request.
  if (!response.ok)
    throw new Error(`X answered ${response.status} for ${username} with the token of version ${versionId}`);
  const { data } = (await response.json().catch(() => ({}))) as XUser;
  if (!data) throw new Error(`X answered ${response.status} without a user ${username}`);
  return { username: data.username, name: data.name };
}
