import type { Database } from '../rds';
import type { Network, Place } from './network';

/** An API of AWS by its host and port. */
const API = /^(secretsmanager|rds|sts|lambda|events)\.([a-z0-9-]+)\.amazonaws\.com:443$/;
/** Those of no Region: the endpoint for IAM is named without one, and there is none for the old host of STS. */
const GLOBAL_APIS: Readonly<Record<string, string>> = {
  'iam.amazonaws.com:443': 'iam',
  'sts.amazonaws.com:443': 'sts.amazonaws.com',
};

/**
 * Which routes of the lab are closed to whoever stands at that place, and why. Everything that is neither a database nor an API of AWS can be
 * reached from everywhere.
 * @param databaseBehind by host and port
 */
export function obstaclesFrom(
  place: Place | undefined,
  routes: readonly string[],
  network: Network,
  databaseBehind: (route: string) => Database | undefined,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const route of routes) {
    const database = databaseBehind(route);
    const [, service, region] = API.exec(route) ?? [];
    const api = service ? `${region}.${service}` : GLOBAL_APIS[route];
    const obstacle = database ? network.obstacleToDatabase(place, database) : api && network.obstacleToApi(place, api);
    if (obstacle) found[route] = obstacle;
  }
  return found;
}
