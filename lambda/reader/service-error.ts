import {
  AccessDeniedError,
  NoValueError,
  SecretError,
  SecretsManagerUnavailableError,
  UnknownSecretError,
} from './errors';

const NETWORK = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
];
const SLOW_DOWN = ['ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded'];

/** Says in our words what GetSecretValue threw. Only SecretsManagerUnavailableError is a reason to serve an earlier value. */
export function toSecretError(secretId: string, stage: string, thrown: unknown): SecretError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));

  // An answer that was cut off or is no JSON. The parser quotes what it read, which may be the value: its error goes no further.
  if (error instanceof SyntaxError) return new SecretsManagerUnavailableError(secretId, 'its answer was incomplete');
  if (isOutage(error)) {
    // A refused connection to several addresses (AggregateError) has an empty message.
    return new SecretsManagerUnavailableError(secretId, error.message || codeOf(error) || error.name, error);
  }
  if (error.name === 'ResourceNotFoundException') {
    // The service tells the two cases apart by the text only: "... the specified secret." and "... the specified secret value for ...".
    return /secret value/.test(error.message)
      ? new NoValueError(secretId, stage, error)
      : new UnknownSecretError(secretId, error);
  }
  if (error.name === 'AccessDeniedException')
    return new AccessDeniedError(secretId, deniedAction(error.message), error);
  return new SecretError(secretId, `secret ${secretId} cannot be read: ${error.name}: ${error.message}`, error);
}

function isOutage(error: Error): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
  if (status >= 500 || status === 429) return true;
  // The credentials of a role are renewed every few hours: a failed renewal is no answer of Secrets Manager either.
  if (['TimeoutError', 'CredentialsProviderError'].includes(error.name)) return true;
  return SLOW_DOWN.includes(error.name) || NETWORK.includes(codeOf(error));
}

function codeOf(error: Error): string {
  return String((error as NodeJS.ErrnoException).code ?? '');
}

/** "... is not authorized to perform: ACTION on resource ..." names it; a missing kms:Decrypt reads "Access to KMS is not allowed". */
function deniedAction(message: string): string {
  const named = /to perform: ([a-z0-9-]+:\w+)/i.exec(message)?.[1];
  return named ?? (/KMS/.test(message) ? 'kms:Decrypt' : 'secretsmanager:GetSecretValue');
}
