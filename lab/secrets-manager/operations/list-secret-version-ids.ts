import type { Operation } from '../request';
import { epochSeconds } from './dates';
import { page } from './paging';

/** The versions of a secret; those without a label only with IncludeDeprecated. */
export const listSecretVersionIds: Operation = {
  parameters: ['SecretId', 'MaxResults', 'NextToken', 'IncludeDeprecated'],
  run(request) {
    const withDeprecated = request.input.flag('IncludeDeprecated');
    const secret = request.secret();

    const all = [...secret.versions.values()].map((version) => ({ version, stages: secret.stagesOf(version.id) }));
    const shown = all.filter(({ stages }) => withDeprecated || stages.length > 0);
    const { items, nextToken } = page(request.input, shown);
    const versions = items.map(({ version, stages }) => ({
      VersionId: version.id,
      VersionStages: stages.length > 0 ? stages : undefined,
      CreatedDate: epochSeconds(version.createdAt),
      LastAccessedDate: epochSeconds(secret.versionAccessedAt(version.id)),
      KmsKeyIds: [secret.keyOf(version) ?? 'DefaultEncryptionKey'],
    }));
    return { ARN: secret.arn, Name: secret.name, Versions: versions, NextToken: nextToken };
  },
};
