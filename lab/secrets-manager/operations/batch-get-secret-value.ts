import { invalidParameter, ServiceError } from '../errors';
import type { Operation, Request } from '../request';
import { readFilters } from '../secret-filters';
import { getSecretValue } from './get-secret-value';
import { page } from './paging';

const MOST = 20;

/** AWSCURRENT of up to 20 secrets, by name or by filters. What cannot be read is in Errors. */
export const batchGetSecretValue: Operation = {
  parameters: ['SecretIdList', 'Filters', 'MaxResults', 'NextToken'],
  run(request) {
    const { input, service } = request;
    const ids = input.texts('SecretIdList', [1, MOST], [1, 2048]);
    const matches = input.has('Filters') ? readFilters(input) : undefined;
    if ((ids === undefined) === (matches === undefined)) {
      throw invalidParameter("Either 'SecretIdList' or 'Filters' must be provided, but not both.");
    }
    if (ids && input.has('MaxResults')) {
      throw invalidParameter(
        "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided.",
      );
    }
    request.authorize({ arn: '*' });
    if (ids) return read(request, ids);

    request.authorize({ arn: '*' }, 'ListSecrets');
    const found = service.store.all().filter((secret) => !secret.deletesAt && matches!(secret));
    const { items, nextToken } = page(input, found, MOST);
    return {
      ...read(
        request,
        items.map(({ arn }) => arn),
      ),
      NextToken: nextToken,
    };
  },
};

/** Each is read as by GetSecretValue, with the permissions that this needs. */
function read(request: Request, ids: readonly string[]): { SecretValues: object[]; Errors: object[] } {
  const values: object[] = [];
  const errors: object[] = [];
  for (const SecretId of ids) {
    try {
      values.push(getSecretValue.run(request.part('GetSecretValue', { SecretId })));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      errors.push({ SecretId, ErrorCode: error.type, Message: error.message });
    }
  }
  return { SecretValues: values, Errors: errors };
}
