import { EventsApi } from './eventbridge/events-api';
import type { Events } from './events';
import type { AccessKeys } from './iam/access-keys';
import { iamApi } from './iam/iam-api';
import type { Identities } from './identities';
import { LambdaApi } from './lambda-api/lambda-api';
import { type Rds, rdsApi } from './rds';
import { REGIONS } from './regions';
import type { FunctionRunner } from './runner';
import type { OtherService } from './secrets-manager';
import type { ApiOptions } from './signed-request';
import { stsApi } from './sts/sts-api';

/** The hosts of all services that the lab plays: of Secrets Manager in every Region, of the others in its own, and those of no Region. */
export function serviceHosts(region: string): string[] {
  const regions = [...new Set([region, ...REGIONS])];
  const others = ['rds', 'sts', 'lambda', 'events'];
  return [
    ...regions.map((each) => `secretsmanager.${each}.amazonaws.com`),
    ...others.map((service) => `${service}.${region}.amazonaws.com`),
    'iam.amazonaws.com',
    'sts.amazonaws.com',
  ];
}

/** What the APIs beside that of Secrets Manager work on. */
export interface ServiceParts {
  readonly rds: Rds;
  readonly identities: Identities;
  readonly accessKeys: AccessKeys;
  readonly runner: FunctionRunner;
  readonly events: Events;
}

/** Who answers for the services beside Secrets Manager, by the name in a request's signature. */
export function otherServices(
  { rds, identities, accessKeys, runner, events }: ServiceParts,
  options: ApiOptions,
): Record<string, OtherService> {
  const apis = {
    rds: rdsApi(rds, options),
    iam: iamApi({ account: options.account, identities, accessKeys }, options),
    sts: stsApi(options),
    lambda: new LambdaApi(runner, options),
    events: new EventsApi(events, options),
  };
  const services = Object.entries<{ serve: OtherService }>(apis);
  return Object.fromEntries(services.map(([id, api]) => [id, async (...request) => await api.serve(...request)]));
}
