import type { Operation } from '../request';
import type { Secret } from '../secret';
import { readFilters } from '../secret-filters';
import { description, stagesByVersion } from './describe-secret';
import { page } from './paging';

const SORTED_BY = {
  'created-date': (secret: Secret) => secret.createdAt.getTime(),
  'last-accessed-date': (secret: Secret) => secret.accessedAt?.getTime() ?? 0,
  'last-changed-date': (secret: Secret) => secret.changedAt.getTime(),
  name: (secret: Secret) => secret.name,
};

/** The secrets of the account and Region that pass the filters; sorted by the date of their creation unless told otherwise. */
export const listSecrets: Operation = {
  parameters: ['MaxResults', 'NextToken', 'IncludePlannedDeletion', 'Filters', 'SortOrder', 'SortBy'],
  run(request) {
    const { input, service } = request;
    const withDeleted = input.flag('IncludePlannedDeletion');
    const matches = readFilters(input);
    const order = input.choice('SortOrder', ['asc', 'desc']) ?? 'asc';
    const by = input.choice('SortBy', Object.keys(SORTED_BY) as (keyof typeof SORTED_BY)[]);
    request.authorize({ arn: '*' });

    const secrets = service.store.all().filter((secret) => (withDeleted || !secret.deletesAt) && matches(secret));
    // They are in the order of their creation already, to less than the millisecond that dates have.
    if (by && by !== 'created-date') sort(secrets, SORTED_BY[by]);
    if (order === 'desc') secrets.reverse();
    const { items, nextToken } = page(input, secrets);
    const list = items.map((secret) => ({ ...description(secret), SecretVersionsToStages: stagesByVersion(secret) }));
    return { SecretList: list, NextToken: nextToken };
  },
};

function sort(secrets: Secret[], keyOf: (secret: Secret) => number | string): void {
  secrets.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : keyOf(one) > keyOf(other) ? 1 : 0));
}
