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
