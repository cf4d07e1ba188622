import { contains, overlap } from './address-range';
import { type Rule, SecurityGroups } from './security-groups';

/** A part of a network as its template describes it. */
export interface NetworkPart {
  /** Type behind `AWS::EC2::`: `Subnet`. */
  readonly type: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each type has the properties that CloudFormation defines for it
  readonly properties: any;
}

/** Where a function stands: its VpcConfig. */
export interface Place {
  readonly securityGroups: readonly string[];
  readonly subnets: readonly string[];
}

/** What must be known of a database. */
export interface GuardedDatabase {
  readonly port: number;
  readonly securityGroups: readonly string[];
  /** Whether it has a public address. */
  readonly isPublic: boolean;
}

const HTTPS = 443;
/** An address of AWS's, for the question whether a range reaches out there. */
const PUBLIC_ADDRESS = '52.94.0.1';
/** Targets of a route that may lead to AWS. An internet gateway does not: a function has no public address. */
const WAYS_OUT = ['NatGatewayId', 'TransitGatewayId', 'VpcPeeringConnectionId', 'NetworkInterfaceId', 'InstanceId'];

/**
 * The networks of the deployed templates, as far as they decide who reaches whom: security groups, routes out of subnets, and interface
 * endpoints. What no template has made is not known and is no hindrance. Network ACLs and the policies of endpoints are not looked at.
 */
export class Network {
  /** By the ids that their templates know them by. */
  readonly parts = new Map<string, NetworkPart>();
  private readonly groups = new SecurityGroups(this.parts);

  /** Why nothing gets from a place to a database; undefined when it does. @param place undefined for a function outside of all VPCs */
  obstacleToDatabase(place: Place | undefined, database: GuardedDatabase): string | undefined {
    const { port, securityGroups, isPublic } = database;
    const known = this.groups.allKnown(securityGroups);
    if (!place) {
      return known && !isPublic ? 'the database stands in a VPC, and the function in none' : undefined;
    }
    const range = this.rangeOf(place);
    const reaches = (rule: Rule): boolean => this.leadsTo(rule, securityGroups, range);
    if (!this.groups.some(place.securityGroups, 'egress', port, reaches)) {
      return `no rule of ${place.securityGroups.join(', ')} lets the function out to the database on port ${port}`;
    }
    const comes = (rule: Rule): boolean => this.leadsTo(rule, place.securityGroups, range);
    if (!known || this.groups.some(securityGroups, 'ingress', port, comes)) return undefined;
    return `no rule of ${securityGroups.join(', ')} lets the function in on port ${port}`;
  }

  /** The same for an API of AWS. @param service with its Region, as the name of its endpoint service ends: `us-east-1.secretsmanager` */
  obstacleToApi(place: Place | undefined, service: string): string | undefined {
    const vpc = place && this.vpcOf(place);
    if (!place || !vpc) return undefined;
    const range = this.rangeOf(place);
    const endpoint = this.endpointOf(vpc, service);
    if (!endpoint) {
      if (!place.subnets.every((subnet) => this.leadsOut(subnet))) {
        return `no route leads out of ${place.subnets.join(', ')}, and ${vpc} has no endpoint with private DNS for ${service}`;
      }
      const out = (rule: Rule): boolean => rule.range !== undefined && contains(rule.range, PUBLIC_ADDRESS);
      if (this.groups.some(place.securityGroups, 'egress', HTTPS, out)) return undefined;
      return `no rule of ${place.securityGroups.join(', ')} lets the function out to ${service} on port ${HTTPS}`;
    }
    const groups: string[] = endpoint.SecurityGroupIds ?? [];
    if (!this.groups.some(place.securityGroups, 'egress', HTTPS, (rule) => this.leadsTo(rule, groups, range))) {
      return `no rule of ${place.securityGroups.join(', ')} lets the function out to the endpoint of ${service}`;
    }
    if (!this.groups.allKnown(groups)) return undefined;
    if (this.groups.some(groups, 'ingress', HTTPS, (rule) => this.leadsTo(rule, place.securityGroups, range))) {
      return undefined;
    }
    return `no rule of ${groups.join(', ')} lets the function in to the endpoint of ${service}`;
  }

  /** Whether a rule is about one of these groups, or about addresses of the VPC. */
  private leadsTo({ group, range }: Rule, groups: readonly string[], ofVpc: string | undefined): boolean {
    if (group !== undefined) return groups.includes(group);
    return range !== undefined && (ofVpc === undefined || overlap(range, ofVpc));
  }

  private vpcOf({ subnets }: Place): string | undefined {
    const made = subnets.every((subnet) => this.parts.has(subnet));
    return made ? this.parts.get(subnets[0])?.properties.VpcId : undefined;
  }

  private rangeOf(place: Place): string | undefined {
    return this.parts.get(this.vpcOf(place) ?? '')?.properties.CidrBlock;
  }

  private endpointOf(vpc: string, service: string) {
    return this.of('VPCEndpoint').find(
      ({ VpcId, VpcEndpointType, PrivateDnsEnabled, ServiceName }) =>
        VpcId === vpc &&
        VpcEndpointType === 'Interface' &&
        String(PrivateDnsEnabled) === 'true' &&
        String(ServiceName).endsWith(`.${service}`),
    );
  }

  private leadsOut(subnet: string): boolean {
    const tables = this.of('SubnetRouteTableAssociation').filter(({ SubnetId }) => SubnetId === subnet);
    return this.of('Route').some(
      ({ RouteTableId, DestinationCidrBlock = '', ...route }) =>
        tables.some((table) => table.RouteTableId === RouteTableId) &&
        contains(DestinationCidrBlock, PUBLIC_ADDRESS) &&
        WAYS_OUT.some((way) => route[way] !== undefined),
    );
  }

  private of(type: string) {
    return [...this.parts.values()].filter((part) => part.type === type).map(({ properties }) => properties);
  }
}
