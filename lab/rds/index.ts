export { OPERATIONS as RDS_OPERATIONS } from './api/operations';
export { rdsApi } from './api/rds-api';
export type { Database, DbCluster, DbInstance, DbProxy } from './database';
export { engineNamed } from './engines';
export { type LabDatabase, newResourceId, Rds } from './rds';
