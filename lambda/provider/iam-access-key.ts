import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  IAMClient,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { IAM_ID_FIELD, IAM_USER_PARAMETER } from '../../lib/rotation/contract';
import { askAws, REQUEST_LIMITS } from '../protocol/aws-call';
import { Deadline } from '../protocol/deadline';
import { SecretFields, textField } from '../protocol/secret-fields';
import { IssuerBusyError, IssuerNoAnswerError, IssuerRefusedError } from './errors';
import { IssuerSession, KeyIssuer, ListedKey, NewKey } from './key-issuer';
import { Probe } from './probe';

/** What STS answers to an access key that does not exist, is inactive, or has another secret. */
const REJECTED = ['InvalidClientTokenId', 'SignatureDoesNotMatch', 'UnrecognizedClientException'];

/** What IAM answers when it was asked too often, or while somebody else changes the user, and has done nothing. */
const BUSY = ['Throttling', 'ThrottlingException', 'RequestLimitExceeded', 'ConcurrentModificationException'];

/**
 * Access keys of an IAM user. A user has two at most, each with an id and without a name, so the user belongs to the rotation alone.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export class IamAccessKey implements KeyIssuer {
  readonly name = 'IAM';
  readonly credentialFields = [];
  readonly parameterNames = [IAM_USER_PARAMETER];
  readonly idField = IAM_ID_FIELD;
  readonly limit = 2;
  readonly hasNames = false;

  private readonly client = new IAMClient({ requestHandler: REQUEST_LIMITS });
  /** Without the SDK's repeats: a second CreateAccessKey, after an answer that was lost, would make a second key. */
  private readonly creating = new IAMClient({ requestHandler: REQUEST_LIMITS, maxAttempts: 1 });

  /**
   * @param settle how long IAM may take to make a new key known everywhere, in seconds
   * @param grace how long the key of AWSPREVIOUS works on, in seconds; until the next rotation when left out
   */
  constructor(
    readonly settle: number,
    readonly grace?: number,
  ) {}

  async issue({ parameters, deadline, hide }: IssuerSession): Promise<NewKey> {
    const UserName = parameters[IAM_USER_PARAMETER];
    const { AccessKey } = await ask('IAM', `CreateAccessKey for ${UserName}`, deadline, async (options) => {
      return await this.creating.send(new CreateAccessKeyCommand({ UserName }), options);
    });
    hide(AccessKey?.SecretAccessKey);
    if (!AccessKey?.AccessKeyId || !AccessKey.SecretAccessKey) {
      throw new IssuerNoAnswerError(`IAM answered CreateAccessKey for ${UserName} without a key`);
    }
    return { id: AccessKey.AccessKeyId, key: AccessKey.SecretAccessKey, fields: {} };
  }

  /** Inactive ones, too: they count for the limit. */
  async list({ parameters, deadline }: IssuerSession): Promise<ListedKey[]> {
    const UserName = parameters[IAM_USER_PARAMETER];
    const { AccessKeyMetadata = [] } = await ask('IAM', `ListAccessKeys of ${UserName}`, deadline, async (options) => {
      return await this.client.send(new ListAccessKeysCommand({ UserName }), options);
    });
    return AccessKeyMetadata.flatMap(({ AccessKeyId: id, CreateDate: createdAt }) => (id ? [{ id, createdAt }] : []));
  }

  /** Deactivates the key first, as AWS advises: whoever still uses it is seen, and between the two calls it can be made active again. */
  async revoke({ parameters, deadline }: IssuerSession, AccessKeyId: string): Promise<void> {
    const key = { UserName: parameters[IAM_USER_PARAMETER], AccessKeyId };
    const of = `${AccessKeyId} of ${key.UserName}`;
    try {
      await ask('IAM', `UpdateAccessKey ${of}`, deadline, async (options) => {
        return await this.client.send(new UpdateAccessKeyCommand({ ...key, Status: 'Inactive' }), options);
      });
      await ask('IAM', `DeleteAccessKey ${of}`, deadline, async (options) => {
        return await this.client.send(new DeleteAccessKeyCommand(key), options);
      });
    } catch (error) {
      if (!isNoSuchKey(error as Error, AccessKeyId)) throw error;
    }
  }

  /** Asks STS whose the key is, which no policy can forbid. */
  async probe({ deadline, field }: IssuerSession, version: SecretFields): Promise<Probe> {
    const [accessKeyId, secretAccessKey] = [textField(version, IAM_ID_FIELD), textField(version, field)];
    if (!accessKeyId || !secretAccessKey) return { verdict: 'rejected', detail: `"${IAM_ID_FIELD}" is missing` };
    const client = new STSClient({ requestHandler: REQUEST_LIMITS, credentials: { accessKeyId, secretAccessKey } });
    try {
      await ask('STS', `GetCallerIdentity with ${accessKeyId}`, deadline, async (options) => {
        return await client.send(new GetCallerIdentityCommand({}), options);
      });
      return { verdict: 'valid', detail: `STS knows ${accessKeyId}` };
    } catch (error) {
      const verdict = REJECTED.includes(refusalOf(error as Error)) ? 'rejected' : 'unknown';
      return { verdict, detail: (error as Error).message };
    } finally {
      client.destroy();
    }
  }
}

/** Tells a refusal, a plea to come again later, and a call whose outcome is not known apart. */
async function ask<T>(
  service: string,
  what: string,
  deadline: Deadline,
  send: (options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  try {
    return await askAws({ service, what, error: IssuerNoAnswerError }, deadline, send);
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { $fault?: string } };
    const name = refusalOf(error as Error);
    if (BUSY.includes(name)) throw new IssuerBusyError(message, { cause });
    if (cause?.$fault === 'client') throw new IssuerRefusedError(message, { cause });
    throw error;
  }
}

function refusalOf(error: Error): string {
  return (error.cause as Error | undefined)?.name ?? '';
}

/** Not when it is the user that does not exist. */
function isNoSuchKey(error: Error, id: string): boolean {
  const { name, message } = error.cause as Error;
  return name === 'NoSuchEntityException' && message.includes(id);
}
