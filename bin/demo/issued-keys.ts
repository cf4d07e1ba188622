import {
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { IssuedKey } from '../../lab';
import type { Timeline } from './timeline';

/** A key that its issuer accepts. */
export interface LiveKey {
  readonly name: string;
  /** The labels of the version whose value it is; none when no version has it. */
  readonly labels: string[];
}

/** The keys that an issuer accepts, each with the labels of the version of a secret that holds it. */
export async function liveKeys(
  client: SecretsManagerClient,
  SecretId: string,
  field: string,
  live: readonly IssuedKey[],
): Promise<LiveKey[]> {
  const { Versions = [] } = await client.send(new ListSecretVersionIdsCommand({ SecretId }));
  const stored = await Promise.all(
    Versions.map(async ({ VersionId, VersionStages = [] }) => {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId, VersionId }));
      return { value: (JSON.parse(SecretString!) as Record<string, string>)[field], labels: VersionStages };
    }),
  );
  return live.map(({ name = '', value }) => ({
    name,
    labels: stored.filter((version) => version.value === value).flatMap(({ labels }) => labels),
  }));
}

/** Shows keys before and after something, those that are gone among them. */
export function showKeys(timeline: Timeline, before: readonly LiveKey[], after: readonly LiveKey[]): void {
  const names = [...new Set([...before, ...after].map(({ name }) => name))];
  timeline.table(
    names.map((name) => {
      const [was, is] = [before, after].map((keys) => keys.find((key) => key.name === name));
      return [short(name), was ? told(was) : 'not there yet', is ? told(is) : 'revoked'];
    }),
    ['key at its issuer', 'before', 'after'],
  );
}

function told({ labels }: LiveKey): string {
  return `works, ${labels.join(' ') || 'in no version'}`;
}

/** Without most of the version id that it ends with. */
function short(name: string): string {
  return name.replace(/([0-9a-f]{8})(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, '$1...');
}
