import type { IncomingMessage } from 'node:http';
import type { NamedPolicy, Principal } from '../../policy';

/** Who makes a request. */
export interface Caller {
  readonly principal: Principal;
  /** Name of the role or user, for the record of calls. */
  readonly name: string;
  /** ARN of the function whose code asks. */
  readonly functionArn?: string;
}

/**
 * Who signed a request, by its access key; undefined for one that the lab does not know.
 * @throws InvalidSignatureException when it knows the key, and the signature was made with another secret
 */
export type CallerOf = (
  accessKeyId: string,
  request: IncomingMessage,
  body: string,
) => Caller | undefined | Promise<Caller | undefined>;

/** What a request is for: the ARN that policies name, its account, and the secret's own policy. */
export interface AuthorizedResource {
  readonly arn: string;
  readonly account: string;
  readonly policy?: NamedPolicy;
}

/** Returns when the policies allow the action, throws `AccessDeniedException` (see `accessDenied`) when they do not. */
export type Authorize = (
  caller: Caller,
  action: string,
  resource: AuthorizedResource,
  context: Record<string, string | string[]>,
) => void;

/** `kms:Encrypt` is asked for where a secret is replicated to. */
export type KeyUse = 'kms:Decrypt' | 'kms:GenerateDataKey' | 'kms:Encrypt';

/**
 * Returns when the caller may use the key for that secret, throws `AccessDeniedException` when not. `keyId` is what the secret names as
 * its key: an ARN, an id or an alias; undefined stands for `aws/secretsmanager`.
 */
export type UseKey = (caller: Caller, action: KeyUse, keyId: string | undefined, secretArn: string) => void;
