import { createHash } from 'node:crypto';

/** Where a client connects. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** The host names that RDS gives in one account and Region. Each has the same twelve characters, which nobody can foresee. */
export class HostNames {
  private readonly zone: string;
  private readonly suffix: string;

  constructor(account: string, region: string) {
    const digest = createHash('sha256').update(`${account} ${region}`).digest();
    this.zone = `c${[...digest.subarray(0, 11)].map((byte) => (byte % 36).toString(36)).join('')}`;
    this.suffix = `${region}.rds.amazonaws.com`;
  }

  instance(identifier: string): string {
    return `${identifier}.${this.zone}.${this.suffix}`;
  }

  /** The one that leads to the writer. */
  cluster(identifier: string): string {
    return `${identifier}.cluster-${this.zone}.${this.suffix}`;
  }

  /** The one that leads to the readers. */
  readers(identifier: string): string {
    return `${identifier}.cluster-ro-${this.zone}.${this.suffix}`;
  }

  proxy(name: string): string {
    return `${name}.proxy-${this.zone}.${this.suffix}`;
  }

  /** Of a further endpoint of a proxy. */
  proxyEndpoint(name: string): string {
    return `${name}.endpoint.proxy-${this.zone}.${this.suffix}`;
  }
}
