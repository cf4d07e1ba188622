import { ServiceError } from '../secrets-manager';

export const invalidValue = (message: string) => new ServiceError('InvalidParameterValue', message);

/** In the words of AWS's query APIs, which differ from those of Secrets Manager. */
export function inQueryTerms(error: unknown): ServiceError {
  if (!(error instanceof ServiceError)) {
    // A fault of the lab itself says what it is. Not with AWS's 500, at which every SDK would try again.
    return new ServiceError('InternalFailure', error instanceof Error ? error.message : String(error));
  }
  const [type, status] = TERMS[error.type] ?? [error.type, error.status];
  return type === error.type ? error : new ServiceError(type, error.message, status);
}

const TERMS: Readonly<Record<string, [type: string, status: number]>> = {
  AccessDeniedException: ['AccessDenied', 403],
  IncompleteSignatureException: ['IncompleteSignature', 400],
  InvalidSignatureException: ['SignatureDoesNotMatch', 403],
  MissingAuthenticationTokenException: ['MissingAuthenticationToken', 403],
  UnrecognizedClientException: ['InvalidClientTokenId', 403],
};
