import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Lab } from '../../lab';
import { SecretReader } from '../../lambda/reader';
import { atMost, type Measurement } from './measurement';

const READS = 50;

export async function reader(): Promise<Measurement[]> {
  const lab = await Lab.start();
  const client = new SecretsManagerClient(lab.client());
  try {
    const { administrator } = lab.identities;
    await lab.secretsManager.handle('CreateSecret', { Name: 'key', SecretString: 'value' }, administrator);
    const cold = new SecretReader({ client });
    await Promise.all(Array.from({ length: READS }, async () => await cold.getString('key')));
    const calls = lab.calls.all.filter(({ operation }) => operation === 'GetSecretValue').length;
    return [atMost(1, `reader: ${READS} reads at once`, calls, 'calls')];
  } finally {
    client.destroy();
    await lab.stop();
  }
}
