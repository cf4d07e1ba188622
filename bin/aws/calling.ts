/** A call to AWS that failed, in our words. The message is for a person, names the cure, and never holds a value. */
export class CallError extends Error {
  override readonly name = 'CallError';
}

/** A call, as far as its error must tell. */
export interface Call {
  /** As policies name it: `secretsmanager:DescribeSecret`. */
  readonly action: string;
  /** Name or ARN. */
  readonly resource: string;
  /** What to do when the action is not allowed. */
  readonly cure: string;
}

/** By the prefix of an action: how the service is called, and what to say when it does not know the resource. */
const SERVICES: Record<string, { readonly name: string; readonly unknown: (resource: string) => string }> = {
  secretsmanager: {
    name: 'Secrets Manager',
    unknown: (resource) =>
      `there is no secret ${resource} in this account and Region. Check the name and --region; cdk deploy makes the secret`,
  },
  lambda: {
    name: 'Lambda',
    unknown: (resource) => `there is no function ${resource}: it was deleted outside the app. Deploy the app again`,
  },
};

const REFUSED_CREDENTIALS = [
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'UnrecognizedClientException',
];

/** Runs one call, and says in our words why it failed. @throws CallError */
export async function calling<T>(call: Call, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new CallError(explain(call, error), { cause: error });
  }
}

function explain({ action, resource, cure }: Call, { name, message, code }: NodeJS.ErrnoException): string {
  const service = SERVICES[action.split(':')[0]];
  if (name === 'CredentialsProviderError') {
    return `no AWS credentials were found (${message}). Set AWS_PROFILE, or log in with: aws sso login`;
  }
  if (message === 'Region is missing') return 'no Region is set. Give --region, or set AWS_REGION';
  if (REFUSED_CREDENTIALS.includes(name)) return `AWS refused the credentials (${name}: ${message}). Log in again`;
  if (name === 'ResourceNotFoundException') return service.unknown(resource);
  if (name === 'AccessDeniedException') return `${action} on ${resource} is not allowed (${message}). Cure: ${cure}`;
  // An answer that was cut off. The parser quotes what it stumbles over, which may be the value.
  if (name === 'SyntaxError') return `${action} on ${resource} failed: ${service.name} gave no complete answer`;
  // A refused connection to several addresses (AggregateError) has an empty message.
  if (code) return `${service.name} cannot be reached: ${message || code}`;
  return `${action} on ${resource} failed: ${name}: ${message}`;
}
