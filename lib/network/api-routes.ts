import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';

/** An API of AWS that a function calls. */
export interface CalledApi {
  /** For messages: `Secrets Manager`. */
  readonly title: string;
  /** As it ends the name of its endpoint service: `secretsmanager`. */
  readonly service: string;
  /** The constant of `ec2.InterfaceVpcEndpointAwsService`, for messages. */
  readonly constant: string;
}

export const SECRETS_MANAGER: CalledApi = {
  title: 'Secrets Manager',
  service: 'secretsmanager',
  constant: 'SECRETS_MANAGER',
};
export const IAM: CalledApi = { title: 'IAM', service: 'iam', constant: 'IAM' };
export const STS: CalledApi = { title: 'STS', service: 'sts', constant: 'STS' };
export const RDS: CalledApi = { title: 'the RDS API', service: 'rds', constant: 'RDS' };

/** How a place in a VPC reaches an API: by an interface endpoint, by a route out, or by nothing that this app shows. */
export type ApiRoute = 'endpoint' | 'route' | 'none';

/** What this app says of the ways from some subnets of a VPC to the APIs. To be asked when the app is complete. */
export class ApiRoutes {
  private readonly resources: IConstruct[];

  constructor(
    private readonly vpc: ec2.IVpc,
    private readonly subnets: ec2.ISubnet[],
  ) {
    this.resources = vpc.node.root.node.findAll();
  }

  /** Whether the VPC is made in this app, so that its routes can be seen. */
  public static areKnown(vpc: ec2.IVpc): boolean {
    return vpc instanceof ec2.Vpc;
  }

  public to(api: CalledApi): ApiRoute {
    if (this.resources.some((resource) => this.isEndpoint(resource, api))) return 'endpoint';
    return this.subnetsWithoutRoute().length === 0 ? 'route' : 'none';
  }

  /** Paths of the subnets out of which no route leads. */
  public subnetsWithoutRoute(): string[] {
    const internetGateway = this.vpc instanceof ec2.Vpc ? this.vpc.internetGatewayId : undefined;
    const without = this.subnets.filter(
      (subnet) => !this.resources.some((resource) => leadsOut(resource, subnet, internetGateway)),
    );
    return without.map((subnet) => subnet.node.path);
  }

  /** Whether all addresses of the VPC are in its first range. */
  public hasOneRange(): boolean {
    return !this.resources.some(
      (resource) => resource instanceof ec2.CfnVPCCidrBlock && sameText(resource, resource.vpcId, this.vpc.vpcId),
    );
  }

  private isEndpoint(resource: IConstruct, api: CalledApi): boolean {
    if (!(resource instanceof ec2.CfnVPCEndpoint) || !sameText(resource, resource.vpcId, this.vpc.vpcId)) return false;
    // Without private DNS the name that the SDK calls does not lead there.
    if (resource.vpcEndpointType !== 'Interface' || resource.privateDnsEnabled !== true) return false;
    const name = JSON.stringify(Stack.of(resource).resolve(resource.serviceName));
    return new RegExp(`\\.${api.service}"`).test(name);
  }
}

/**
 * Whether a route out of a subnet may lead to AWS. One to an internet gateway does not: Lambda gives a function no public
 * address. Where one to another network ends is not known here, so it counts.
 */
function leadsOut(resource: IConstruct, subnet: ec2.ISubnet, internetGateway?: string): boolean {
  if (!(resource instanceof ec2.CfnRoute)) return false;
  if (!sameText(resource, resource.routeTableId, subnet.routeTable.routeTableId)) return false;
  const { gatewayId, natGatewayId, networkInterfaceId, instanceId, vpcEndpointId } = resource;
  if (resource.transitGatewayId ?? resource.vpcPeeringConnectionId ?? resource.coreNetworkArn) return true;
  if (gatewayId !== undefined) return gatewayId !== internetGateway;
  if (resource.destinationCidrBlock !== '0.0.0.0/0') return false;
  return (natGatewayId ?? networkInterfaceId ?? instanceId ?? vpcEndpointId) !== undefined;
}

/** The same id, as the same text or as the same reference. */
function sameText(resource: IConstruct, one: string | undefined, other: string): boolean {
  if (one === undefined || one === other) return one === other;
  const [a, b] = [one, other].map((id) => JSON.stringify(Stack.of(resource).resolve(id)));
  return a === b;
}
