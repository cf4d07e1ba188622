import type { QueryOperation, QueryRequest } from '../query-protocol/query-api';
import { ServiceError } from '../secrets-manager';
import type { Identities } from '../identities';
import type { AccessKeys } from './access-keys';

/** What the operations work on. */
export interface IamParts {
  readonly account: string;
  readonly identities: Identities;
  readonly accessKeys: AccessKeys;
}

type IamRequest = QueryRequest & IamParts;

/** What the lab's IAM can be asked: users and their policies are made by templates only. */
export const OPERATIONS: ReadonlyMap<string, QueryOperation<IamParts>> = new Map(
  Object.entries<QueryOperation<IamParts>>({
    CreateAccessKey: {
      parameters: ['UserName'],
      run(request) {
        const { createdAt: CreateDate, ...key } = request.accessKeys.create(userOf(request));
        const { userName: UserName, accessKeyId: AccessKeyId, status: Status, secretAccessKey: SecretAccessKey } = key;
        return { AccessKey: { UserName, AccessKeyId, Status, SecretAccessKey, CreateDate } };
      },
    },
    ListAccessKeys: {
      parameters: ['UserName', 'Marker', 'MaxItems'],
      run(request) {
        // Two keys at most: never more than a page.
        const keys = request.accessKeys.of(userOf(request));
        const member = keys.map((key) => {
          const { userName: UserName, accessKeyId: AccessKeyId, status: Status, createdAt: CreateDate } = key;
          return { UserName, AccessKeyId, Status, CreateDate };
        });
        return { IsTruncated: false, AccessKeyMetadata: { member } };
      },
    },
    UpdateAccessKey: {
      parameters: ['UserName', 'AccessKeyId', 'Status'],
      run(request) {
        const [userName, id, status] = [userOf(request), idOf(request), request.query.text('Status')];
        if (status !== 'Active' && status !== 'Inactive') {
          throw validationError(`Status must be Active or Inactive, got ${status ?? 'nothing'}.`);
        }
        request.accessKeys.setStatus(userName, id, status);
      },
    },
    DeleteAccessKey: {
      parameters: ['UserName', 'AccessKeyId'],
      run(request) {
        request.accessKeys.delete(userOf(request), idOf(request));
      },
    },
  }),
);

/** The user that a request names, or that signed it. Who may not do this to it does not learn whether it exists. */
function userOf({ query, caller, account, identities, authorize }: IamRequest): string {
  const name = query.text('UserName') ?? (caller.principal.kind === 'user' ? caller.name : undefined);
  if (name === undefined) throw validationError('Must specify userName when calling with non-User credentials');
  const user = identities.findUser(name);
  authorize(user?.arn ?? `arn:aws:iam::${account}:user/${name}`, user?.tags);
  if (user?.name === name) return name;
  throw new ServiceError('NoSuchEntity', `The user with name ${name} cannot be found.`, 404);
}

function idOf({ query }: IamRequest): string {
  const id = query.text('AccessKeyId');
  if (id) return id;
  throw validationError('AccessKeyId must not be empty.');
}

const validationError = (message: string) => new ServiceError('ValidationError', message);
