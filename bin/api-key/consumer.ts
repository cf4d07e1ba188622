// In an app of your own: import { AuthenticationFailedError, SecretReader } from 'cdk-keyturn/reader';
import { AuthenticationFailedError, SecretReader } from '../../lambda/reader';

export interface ConsumerAnswer {
  /** The version of the secret whose key was accepted. */
  readonly versionId: string;
  /** What the key may do: `mail.send`. */
  readonly scopes: string[];
}

/** One for all invocations: it keeps the key for a second, so that two rotations in a row do not overtake it. */
const reader = new SecretReader({ ttl: 1_000 });

/** Asks SendGrid what the key may do, as a sender of mail does before its first mail. Should the key be refused, it is read and tried again. */
export async function handler(): Promise<ConsumerAnswer> {
  return await reader.withSecret(process.env.KEY_SECRET_ARN!, async (secret) => {
    const response = await fetch('https://api.sendgrid.com/v3/scopes', {
      headers: { authorization: `Bearer ${secret.field('sendGridKey')}` },
      signal: AbortSignal.timeout(5_000),
    });
    const { status, ok } = response;
    if (status === 401) {
      throw new AuthenticationFailedError(`SendGrid refused the key of version ${secret.versionId} (401)`);
    }
    if (!ok) throw new Error(`SendGrid answered ${status} to the key of version ${secret.versionId}`);
    const { scopes } = (await response.json()) as { scopes: string[] };
    return { versionId: secret.versionId, scopes };
  });
}
