import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { askAws, isRefusal, REQUEST_LIMITS } from './aws-call';
import { Deadline } from './deadline';
import { SecretsManagerError } from './errors';
import { StoredValue } from './secret-fields';

/** The staging labels: a rotation moves the first two, and Secrets Manager the third to where AWSCURRENT stood. */
export const CURRENT = 'AWSCURRENT';
export const PENDING = 'AWSPENDING';
export const PREVIOUS = 'AWSPREVIOUS';

/** What DescribeSecret tells, as far as a rotation needs it. */
export interface SecretDescription {
  /** Staging labels of each version that has any, by version id. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly tags: Readonly<Record<string, string | undefined>>;
  readonly createdAt?: Date;
  /** When anything of it has changed last: a value, a label, a tag. */
  readonly changedAt?: Date;
}

/** Id of the version that has a label; undefined when none has. */
export function versionWith(label: string, { labels }: SecretDescription): string | undefined {
  return Object.keys(labels).find((version) => labels[version].includes(label));
}

/**
 * A client that tries again: the version id makes storing a value repeatable, and a label that has moved is looked up.
 */
export function secretsManagerClient(): SecretsManagerClient {
  return new SecretsManagerClient({ requestHandler: REQUEST_LIMITS });
}

/** A version that a secret still has, with or without labels. */
export interface StoredVersion {
  readonly id: string;
  readonly labels: readonly string[];
  readonly createdAt: Date;
}

/** The operations of Secrets Manager that a rotation uses, each bounded by the deadline. Everything else throws SecretsManagerError. */
export class SecretStore {
  constructor(
    private readonly client: SecretsManagerClient,
    private readonly deadline: Deadline,
  ) {}

  async describe(secretId: string): Promise<SecretDescription> {
    const answer = await this.call('DescribeSecret', secretId, async (options) => {
      return await this.client.send(new DescribeSecretCommand({ SecretId: secretId }), options);
    });
    return {
      labels: answer.VersionIdsToStages ?? {},
      tags: Object.fromEntries((answer.Tags ?? []).map((tag) => [tag.Key, tag.Value])),
      createdAt: answer.CreatedDate,
      changedAt: answer.LastChangedDate,
    };
  }

  /**
   * The value under a staging label, of a version, or both: that proves that the label stands on that version.
   * Undefined when there is no such value, when the label stands elsewhere, or when the secret does not exist.
   */
  async read(secretId: string, stage?: string, versionId?: string): Promise<StoredValue | undefined> {
    try {
      const answer = await this.call('GetSecretValue', secretId, async (options) => {
        const input = { SecretId: secretId, VersionStage: stage, VersionId: versionId };
        return await this.client.send(new GetSecretValueCommand(input), options);
      });
      const value = answer.SecretString === undefined ? { binary: true as const } : { text: answer.SecretString };
      return { ...value, versionId: answer.VersionId, labels: answer.VersionStages, createdAt: answer.CreatedDate };
    } catch (error) {
      if (isAnswer(error, 'ResourceNotFoundException')) return undefined;
      // "You provided a VersionStage that is not associated to the provided VersionId."
      if (isAnswer(error, 'InvalidRequestException') && /not associated/.test(error.message)) return undefined;
      throw error;
    }
  }

  /** Every version that the secret still has, also those without a label. */
  async versions(secretId: string): Promise<StoredVersion[]> {
    const versions: StoredVersion[] = [];
    let NextToken: string | undefined;
    do {
      const command = new ListSecretVersionIdsCommand({ SecretId: secretId, IncludeDeprecated: true, NextToken });
      const answer = await this.call('ListSecretVersionIds', secretId, async (options) => {
        return await this.client.send(command, options);
      });
      for (const { VersionId: id, VersionStages: labels = [], CreatedDate: createdAt } of answer.Versions ?? []) {
        if (id && createdAt) versions.push({ id, labels, createdAt });
      }
      NextToken = answer.NextToken;
    } while (NextToken !== undefined);
    return versions;
  }

  /**
   * Stores a value as AWSPENDING of the version `token`.
   * @returns false when that version has another value already: a stored value cannot be changed
   */
  async putPending(secretId: string, token: string, value: string, rotationToken?: string): Promise<boolean> {
    try {
      await this.call('PutSecretValue', secretId, async (options) => {
        const input = { SecretId: secretId, ClientRequestToken: token, SecretString: value, VersionStages: [PENDING] };
        return await this.client.send(new PutSecretValueCommand({ ...input, RotationToken: rotationToken }), options);
      });
      return true;
    } catch (error) {
      if (isAnswer(error, 'ResourceExistsException')) return false;
      throw error;
    }
  }

  /** Moves a label. `from` makes it a compare-and-swap and must be left out when no version has the label; without `to` it is taken off. */
  async moveLabel(secretId: string, label: string, move: { from?: string; to?: string }): Promise<void> {
    try {
      await this.call('UpdateSecretVersionStage', secretId, async (options) => {
        const input = {
          SecretId: secretId,
          VersionStage: label,
          MoveToVersionId: move.to,
          RemoveFromVersionId: move.from,
        };
        return await this.client.send(new UpdateSecretVersionStageCommand(input), options);
      });
    } catch (error) {
      // A request that was sent again because its first answer got lost is refused, although the label has moved.
      if (!(error instanceof SecretsManagerError)) throw error;
      if (versionWith(label, await this.describe(secretId)) !== move.to) throw error;
    }
  }

  private async call<T>(
    operation: string,
    secretId: string,
    send: (options: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const call = { service: 'Secrets Manager', what: `${operation} on ${secretId}`, error: SecretsManagerError };
    return await askAws(call, this.deadline, send);
  }
}

function isAnswer(error: unknown, name: string): error is SecretsManagerError {
  return error instanceof SecretsManagerError && isRefusal(error, name);
}
