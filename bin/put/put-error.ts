/** What `keyturn put` says instead of storing a value. The message is for a person, names the cure, and never holds a value. */
export class PutError extends Error {
  override readonly name = 'PutError';
}

const REFUSED_CREDENTIALS = [
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'UnrecognizedClientException',
];

/** Runs one call to Secrets Manager, and says in our words why it failed. */
export async function calling<T>(action: string, secretId: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new PutError(explain(action, secretId, error), { cause: error });
  }
}

function explain(action: string, secretId: string, { name, message, code }: NodeJS.ErrnoException): string {
  if (name === 'CredentialsProviderError') {
    return `no AWS credentials were found (${message}). Set AWS_PROFILE, or log in with: aws sso login`;
  }
  if (message === 'Region is missing') return 'no Region is set. Give --region, or set AWS_REGION';
  if (REFUSED_CREDENTIALS.includes(name)) return `AWS refused the credentials (${name}: ${message}). Log in again`;
  if (name === 'ResourceNotFoundException') {
    return `there is no secret ${secretId} in this account and Region. Check the name and --region; cdk deploy makes the secret`;
  }
  if (name === 'AccessDeniedException') {
    return `${action} on ${secretId} is not allowed (${message}). Cure: secret.grantWrite(role) in the CDK app, for the role that you use`;
  }
  // An answer that was cut off. The parser quotes what it stumbles over, which may be the value.
  if (name === 'SyntaxError') return `${action} on ${secretId} failed: Secrets Manager gave no complete answer`;
  // A refused connection to several addresses (AggregateError) has an empty message.
  if (code) return `Secrets Manager cannot be reached: ${message || code}`;
  return `${action} on ${secretId} failed: ${name}: ${message}`;
}
