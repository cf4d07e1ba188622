import type { GetSecretValueCommandOutput, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** What the reader needs of an AWS SDK client: `new SecretsManagerClient()` has it. */
export type SecretsClient = Pick<SecretsManagerClient, 'send'>;

/** Asks Secrets Manager once. `VersionStage` is always sent: policies that allow AWSCURRENT only can then name it. */
export type GetSecretValue = (secretId: string, stage: string) => Promise<GetSecretValueCommandOutput>;

/**
 * The call on the given client, or on one made at the first call. The SDK is imported then, so that a program which never reads a
 * secret does not pay for loading it.
 */
export function getSecretValueWith(given: SecretsClient | undefined): GetSecretValue {
  let client = given;
  return async (secretId, stage) => {
    const sdk = await loadSdk();
    // A silent service must cost seconds, not the function's whole time-out: a value that is served stale waits for this.
    client ??= new sdk.SecretsManagerClient({
      requestHandler: { connectionTimeout: 2_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
    });
    return await client.send(new sdk.GetSecretValueCommand({ SecretId: secretId, VersionStage: stage }));
  };
}

/** `import` serves bundles in ESM format; `require` serves jest, and a layer that is found by NODE_PATH, where `import` does not look. */
async function loadSdk(): Promise<typeof import('@aws-sdk/client-secrets-manager')> {
  try {
    return await import('@aws-sdk/client-secrets-manager');
  } catch {
    try {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
      return require('@aws-sdk/client-secrets-manager');
    } catch (cause) {
      const cure = 'npm install @aws-sdk/client-secrets-manager';
      throw new Error(`SecretReader needs the AWS SDK, and could not load it. Install it with: ${cure}`, { cause });
    }
  }
}
