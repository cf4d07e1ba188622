import { ServiceError } from '../../secrets-manager';

export const instanceNotFound = (identifier: string) =>
  new ServiceError('DBInstanceNotFound', `DBInstance ${identifier} not found.`, 404);

export const clusterNotFound = (identifier: string) =>
  new ServiceError('DBClusterNotFoundFault', `DBCluster ${identifier} not found.`, 404);

export const proxyNotFound = (name: string) =>
  new ServiceError('DBProxyNotFoundFault', `DBProxy ${name} not found.`, 404);

export const proxyEndpointNotFound = (name: string) =>
  new ServiceError('DBProxyEndpointNotFoundFault', `DBProxyEndpoint ${name} not found.`, 404);

export const targetGroupNotFound = (name: string) =>
  new ServiceError('DBProxyTargetGroupNotFoundFault', `DBProxyTargetGroup ${name} not found.`, 404);

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
  MissingAuthenticationTokenException: ['MissingAuthenticationToken', 403],
  UnrecognizedClientException: ['InvalidClientTokenId', 403],
};
