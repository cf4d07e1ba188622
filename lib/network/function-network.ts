import { Lazy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { ApiRoutes, CalledApi, SECRETS_MANAGER } from './api-routes';

const HTTPS = ec2.Port.tcp(443);
const ANYWHERE = '0.0.0.0/0';

/** What Lambda does in the name of a function's role to connect the function to a VPC. */
const CONNECTING = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/** Lets Lambda connect a function to a VPC; most of these actions can be narrowed to no resource. */
export function allowConnecting(): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions: CONNECTING, resources: ['*'] });
}

/**
 * Keeps what only Lambda needs from the code of the function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-best-practice
 */
export function denyConnectingTo(functionArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    effect: iam.Effect.DENY,
    actions: CONNECTING,
    resources: ['*'],
    conditions: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn } },
  });
}

/** Where a function stands in a VPC, and which ways lead out of there. */
export class FunctionNetwork {
  public readonly securityGroups: ec2.ISecurityGroup[];
  public readonly connections: ec2.Connections;
  private readonly subnets: ec2.ISubnet[];
  private readonly apis = new Set<CalledApi>([SECRETS_MANAGER]);

  constructor(
    scope: Construct,
    description: string,
    public readonly vpc: ec2.IVpc,
    public readonly vpcSubnets?: ec2.SubnetSelection,
    securityGroups?: ec2.ISecurityGroup[],
  ) {
    const selected = vpc.selectSubnets(vpcSubnets);
    if (selected.hasPublic) {
      throw new Error(
        '`vpcSubnets` must be private or isolated, got public subnets: Lambda gives a function no public address, so ' +
          `it would reach no API from there; subnets of ${vpc.node.path} with a route to a NAT gateway will do, or ` +
          'isolated ones with an interface endpoint for Secrets Manager',
      );
    }
    if (securityGroups?.length === 0) throw new Error('`securityGroups` must name at least one group, got none');
    this.subnets = selected.subnets;
    this.securityGroups = securityGroups ?? [
      new ec2.SecurityGroup(scope, 'SecurityGroup', {
        vpc,
        description,
        allowAllOutbound: false,
      }),
    ];
    this.connections = new ec2.Connections({ securityGroups: this.securityGroups });
    const addresses = Lazy.string({ produce: () => this.addressesOfApis() });
    this.connections.allowTo(ec2.Peer.ipv4(addresses), HTTPS, 'to the APIs of AWS');
  }

  /** Names an API that the function calls, beside Secrets Manager. */
  public calls(api: CalledApi): void {
    this.apis.add(api);
  }

  /**
   * Lets the function connect to a server, by one rule in each security group of either.
   *
   * @param scope where rules stand that name groups of two stacks: in a stack that may depend on both
   * @returns the rules, for whatever must wait for them
   */
  public allowTo(scope: Construct, server: ec2.Connections, port: ec2.Port): IConstruct[] {
    const own = this.securityGroups.map((group, index) => groupIn(scope, group, index));
    new ec2.Connections({ securityGroups: own }).allowTo(server, port, 'rotates secrets');
    const [ours, theirs] = [own, server.securityGroups].map((groups) => groups.map((group) => group.securityGroupId));
    const between = (from?: string, to?: string) => ours.includes(from!) && theirs.includes(to!);
    return [...own, ...server.securityGroups]
      .flatMap(({ node }) => node.children)
      .filter(
        (rule) =>
          (rule instanceof ec2.CfnSecurityGroupEgress && between(rule.groupId, rule.destinationSecurityGroupId)) ||
          (rule instanceof ec2.CfnSecurityGroupIngress && between(rule.sourceSecurityGroupId, rule.groupId)),
      );
  }

  /** APIs that nothing in this app leads to; when the app is complete. */
  public unreachable(): CalledApi[] {
    const routes = new ApiRoutes(this.vpc, this.subnets);
    return [...this.apis].filter((api) => routes.to(api) === 'none');
  }

  /** What to say of an API that nothing in this app leads to. */
  public explain({ title, service, constant }: CalledApi): string {
    const subnets = this.subnets.map(({ node }) => node.path).join(', ');
    return (
      `${subnets}: the rotation function stands there, and nothing in this app leads from there to ${title}; ` +
      `give ${this.vpc.node.path} an interface endpoint with private DNS, ` +
      `vpc.addInterfaceEndpoint('${service}', { service: ec2.InterfaceVpcEndpointAwsService.${constant} }), ` +
      'or name subnets with a route to a NAT gateway as `vpcSubnets`'
    );
  }

  /** Those of the VPC when each API has an endpoint in it. */
  private addressesOfApis(): string {
    const routes = new ApiRoutes(this.vpc, this.subnets);
    if (![...this.apis].every((api) => routes.to(api) === 'endpoint') || !routes.hasOneRange()) return ANYWHERE;
    try {
      return this.vpc.vpcCidrBlock;
    } catch {
      return ANYWHERE; // an imported VPC that does not say it
    }
  }
}

/** CDK puts a rule between two stacks into that of the one group, and its stack would then depend on the other. */
function groupIn(scope: Construct, group: ec2.ISecurityGroup, index: number): ec2.ISecurityGroup {
  if (Stack.of(scope) === Stack.of(group)) return group;
  const id = `SecurityGroup${index}`;
  const { securityGroupId, allowAllOutbound } = group;
  return (
    (scope.node.tryFindChild(id) as ec2.ISecurityGroup | undefined) ??
    ec2.SecurityGroup.fromSecurityGroupId(scope, id, securityGroupId, { allowAllOutbound })
  );
}
