/**
 * The parent of every error that SecretReader makes, and what it throws when none of the others fits, such as a secret that is
 * marked for deletion. The original error is in `cause`. No error holds a value, or a part of one.
 */
export class SecretError extends Error {
  // Names are written out, because a minifier renames classes.
  override readonly name: string = 'SecretError';

  constructor(
    /** Name or ARN of the secret, as the caller gave it. */
    readonly secretId: string,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

/** There is no secret of that name in this account and Region. */
export class UnknownSecretError extends SecretError {
  override readonly name = 'UnknownSecretError';

  constructor(secretId: string, cause: unknown) {
    super(
      secretId,
      `Secrets Manager knows no secret ${secretId} in this account and Region. ` +
        'Check the name and the Region; a secret of another account is named by its complete ARN',
      cause,
    );
  }
}

/** The caller's role may not read the secret, or may not decrypt with its key. */
export class AccessDeniedError extends SecretError {
  override readonly name = 'AccessDeniedError';

  constructor(
    secretId: string,
    /** What is missing: `secretsmanager:GetSecretValue` or `kms:Decrypt`. */
    readonly action: string,
    cause: Error,
  ) {
    super(
      secretId,
      `${action} is not allowed for secret ${secretId}: ${cause.message} ` +
        'Cure: secret.grantRead(role) in the CDK app, with the stage that is asked for',
      cause,
    );
  }
}

/** The secret exists, and no version of it carries the stage that was asked for. */
export class NoValueError extends SecretError {
  override readonly name = 'NoValueError';

  constructor(secretId: string, stage: string, cause: unknown) {
    super(
      secretId,
      `secret ${secretId} has no value for ${stage} yet. ` +
        `Put one in with: npx keyturn put ${secretId} - or wait for the first rotation of a secret that is rotated`,
      cause,
    );
  }
}

/** The secret holds bytes, not text. */
export class BinarySecretError extends SecretError {
  override readonly name = 'BinarySecretError';

  constructor(secretId: string) {
    super(secretId, `secret ${secretId} holds binary data (SecretBinary), and SecretReader reads text (SecretString)`);
  }
}

/**
 * The secret's text is not a JSON object. The parser's own error is left out on purpose: it quotes the text.
 */
export class NotJsonError extends SecretError {
  override readonly name = 'NotJsonError';

  constructor(secretId: string) {
    super(
      secretId,
      `secret ${secretId} does not hold a JSON object. Read it with getString, or put in an object of fields`,
    );
  }
}

/** The secret's JSON has no such field. */
export class MissingFieldError extends SecretError {
  override readonly name = 'MissingFieldError';

  constructor(
    secretId: string,
    readonly field: string,
    /** The fields that it has. */
    readonly fields: string[],
  ) {
    super(secretId, `secret ${secretId} has no field ${field}. It has: ${fields.join(', ') || 'none'}`);
  }
}

/**
 * Secrets Manager does not answer, or answers 5xx or "slow down", or no credentials are there to ask it with; and no earlier value is there
 * to be served.
 */
export class SecretsManagerUnavailableError extends SecretError {
  override readonly name = 'SecretsManagerUnavailableError';

  constructor(secretId: string, reason: string, cause?: unknown) {
    super(secretId, `Secrets Manager cannot be reached for secret ${secretId}: ${reason}`, cause);
  }
}

/**
 * What the secret opens refused it, and no newer version came within the time allowed. `cause` is the first refusal, as `use` threw it.
 */
export class CredentialRefusedError extends SecretError {
  override readonly name = 'CredentialRefusedError';

  constructor(secretId: string, versions: string[], looks: number, milliseconds: number, cause: unknown) {
    super(
      secretId,
      `secret ${secretId} was refused with version ${versions.join(', then ')}; ` +
        `looked ${looks} times for a newer version within ${milliseconds} ms. ` +
        'Was the credential changed outside Secrets Manager, or did a rotation stop half way?',
      cause,
    );
  }
}
