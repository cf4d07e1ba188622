/** What the host name of a database at RDS says by itself. It proves nothing: anybody may choose such a first label. */
export interface RdsHost {
  readonly kind: 'instance' | 'cluster' | 'cluster endpoint' | 'proxy' | 'proxy endpoint';
  readonly identifier: string;
  readonly region: string;
}

/** `x.abc.us-east-1.rds.amazonaws.com`; in China it is `x.abc.rds.cn-north-1.amazonaws.com.cn`. */
const RDS_HOST =
  /^([^.]+)\.(endpoint\.)?([^.]+)\.(?:([a-z0-9-]+)\.rds\.amazonaws\.com|rds\.([a-z0-9-]+)\.amazonaws\.com\.cn)$/;

/** Reads the host name of an endpoint of RDS; undefined for any other host. */
export function rdsHost(host: string): RdsHost | undefined {
  const [, identifier, endpoint, zone, region, chineseRegion] = RDS_HOST.exec(normalHost(host)) ?? [];
  if (identifier === undefined) return undefined;
  const kind = kindOf(zone, endpoint !== undefined);
  return kind && { kind, identifier, region: region ?? chineseRegion };
}

function kindOf(zone: string, isEndpoint: boolean): RdsHost['kind'] | undefined {
  if (zone.startsWith('proxy-')) return isEndpoint ? 'proxy endpoint' : 'proxy';
  if (isEndpoint) return undefined;
  if (zone.startsWith('cluster-custom-')) return 'cluster endpoint';
  return zone.startsWith('cluster-') ? 'cluster' : 'instance';
}

/** Whether the host is RDS Proxy's, which knows the AWSCURRENT password only: no other one can be tried through it. */
export function isRdsProxy(host: string): boolean {
  return rdsHost(host)?.kind.startsWith('proxy') ?? false;
}

/** Whether two texts are the same host name. */
export function isSameHost(one: string, other: string): boolean {
  return normalHost(one) === normalHost(other);
}

/** A host name as it is compared: in small letters, without the dot that may end it. */
function normalHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}
