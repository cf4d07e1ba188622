import { Account } from '../account';

/** Puts values in as `keyturn put` does: JSON keys that are no fields stay, and AWSPENDING comes off the version that it has been published with. */
export async function put(account: Account, SecretId: string, values: object): Promise<void> {
  const { AWSCURRENT } = await account.state(SecretId);
  await account.handle('PutSecretValue', { SecretId, SecretString: JSON.stringify({ ...AWSCURRENT, ...values }) });
  const pending = Object.entries(await account.labels(SecretId)).find(([, labels]) => labels.includes('AWSPENDING'));
  if (!pending) return;
  const move = { VersionStage: 'AWSPENDING', RemoveFromVersionId: pending[0] };
  await account.handle('UpdateSecretVersionStage', { SecretId, ...move });
}
