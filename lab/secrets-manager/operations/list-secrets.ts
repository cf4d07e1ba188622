import type { Operation } from '../request';
import { description, stagesByVersion } from './describe-secret';
import { page } from './paging';

/** Every secret of the account and Region, in the order in which they were made. */
export const listSecrets: Operation = {
  parameters: ['MaxResults', 'NextToken', 'IncludePlannedDeletion'],
  run(request) {
    const withDeleted = request.input.flag('IncludePlannedDeletion');
    request.authorize({ arn: '*' });

    const secrets = request.service.store.all().filter((secret) => withDeleted || !secret.deletesAt);
    const { items, nextToken } = page(request.input, secrets);
    const list = items.map((secret) => ({ ...description(secret), SecretVersionsToStages: stagesByVersion(secret) }));
    return { SecretList: list, NextToken: nextToken };
  },
};
