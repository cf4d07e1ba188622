import { randomBytes, randomInt } from 'node:crypto';
import type { Stack } from '../../../assembly';
import type { Made, Properties, ResourceType } from '../resource-type';

/** How a part of a network is known to its template. */
interface NetworkPart {
  /** What EC2's ids of this type begin with: `subnet`. */
  readonly prefix: string;
  /** Attributes whose value is the Ref. */
  readonly ids?: readonly string[];
  /** Attributes that repeat a property of the same name. */
  readonly repeats?: readonly string[];
  /** Attributes that are ids of what EC2 makes beside it, by the prefix of those. */
  readonly companions?: Readonly<Record<string, string>>;
  readonly replacedBy?: readonly string[];
  readonly takesTags?: boolean;
}

const SECURITY_GROUP_RULE = [
  'CidrIp',
  'CidrIpv6',
  'FromPort',
  'ToPort',
  'IpProtocol',
  'GroupId',
  'SourceSecurityGroupId',
  'DestinationSecurityGroupId',
];

const NETWORK_PARTS: Readonly<Record<string, NetworkPart>> = {
  EgressOnlyInternetGateway: { prefix: 'eigw', ids: ['Id'], replacedBy: ['VpcId'] },
  FlowLog: { prefix: 'fl', ids: ['Id'], replacedBy: ['ResourceId', 'TrafficType'], takesTags: true },
  InternetGateway: { prefix: 'igw', ids: ['InternetGatewayId'], takesTags: true },
  NatGateway: { prefix: 'nat', ids: ['NatGatewayId'], replacedBy: ['SubnetId', 'AllocationId'], takesTags: true },
  NetworkAcl: { prefix: 'acl', ids: ['Id'], replacedBy: ['VpcId'], takesTags: true },
  NetworkAclEntry: { prefix: 'aclentry', ids: ['Id'], replacedBy: ['NetworkAclId', 'RuleNumber', 'Egress'] },
  Route: {
    prefix: 'route',
    repeats: ['CidrBlock'],
    replacedBy: ['RouteTableId', 'DestinationCidrBlock', 'DestinationIpv6CidrBlock'],
  },
  RouteTable: { prefix: 'rtb', ids: ['RouteTableId'], replacedBy: ['VpcId'], takesTags: true },
  SecurityGroup: {
    prefix: 'sg',
    ids: ['GroupId', 'Id'],
    repeats: ['VpcId'],
    replacedBy: ['GroupDescription', 'GroupName', 'VpcId'],
    takesTags: true,
  },
  SecurityGroupEgress: { prefix: 'sgr', ids: ['Id'], replacedBy: SECURITY_GROUP_RULE },
  SecurityGroupIngress: { prefix: 'sgr', ids: ['Id'], replacedBy: SECURITY_GROUP_RULE },
  Subnet: {
    prefix: 'subnet',
    ids: ['SubnetId'],
    repeats: ['AvailabilityZone', 'CidrBlock', 'VpcId'],
    companions: { NetworkAclAssociationId: 'aclassoc' },
    replacedBy: ['AvailabilityZone', 'CidrBlock', 'VpcId'],
    takesTags: true,
  },
  SubnetNetworkAclAssociation: {
    prefix: 'aclassoc',
    ids: ['AssociationId'],
    replacedBy: ['NetworkAclId', 'SubnetId'],
  },
  SubnetRouteTableAssociation: { prefix: 'rtbassoc', ids: ['Id'], replacedBy: ['SubnetId'] },
  VPC: {
    prefix: 'vpc',
    ids: ['VpcId'],
    repeats: ['CidrBlock'],
    companions: { DefaultSecurityGroup: 'sg', DefaultNetworkAcl: 'acl' },
    replacedBy: ['CidrBlock'],
    takesTags: true,
  },
  VPCCidrBlock: { prefix: 'vpc-cidr-assoc', ids: ['Id'], replacedBy: ['CidrBlock', 'VpcId'] },
  VPCEndpoint: { prefix: 'vpce', ids: ['Id'], replacedBy: ['ServiceName', 'VpcEndpointType', 'VpcId'] },
  VPCGatewayAttachment: { prefix: 'igw-attach', replacedBy: ['VpcId'] },
};

/** The address that Ref gives, and the id by which a NAT gateway takes it. */
const elasticIp: ResourceType = {
  replacedBy: ['Domain'],
  takesTags: true,
  create() {
    const address = `203.0.113.${randomInt(1, 255)}`; // a block for documentation: RFC 5737
    return { ref: address, attributes: { PublicIp: address, AllocationId: newId('eipalloc') } };
  },
  update: (_, { made }) => made,
  delete() {},
};

/**
 * The types of AWS::EC2 that databases and functions in a VPC need beside them. Templates get the Refs and attributes that they ask for; what
 * security groups, routes and endpoints let through is decided by the lab's `Network`.
 */
export const NETWORK_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::EC2::EIP': elasticIp,
  ...Object.fromEntries(Object.entries(NETWORK_PARTS).map(([name, part]) => [`AWS::EC2::${name}`, typeOf(name, part)])),
};

function typeOf(type: string, part: NetworkPart): ResourceType {
  return {
    replacedBy: part.replacedBy ?? [],
    takesTags: part.takesTags,
    create(properties, { stack, account }) {
      const made = make(part, newId(part.prefix), properties, stack);
      account.network.parts.set(made.ref, { type, properties });
      return made;
    },
    update(properties, { made }, { account }) {
      account.network.parts.set(made.ref, { type, properties });
      return made;
    },
    delete({ made }, { account }) {
      account.network.parts.delete(made.ref);
    },
  };
}

function make(
  { ids = [], repeats = [], companions = {} }: NetworkPart,
  ref: string,
  given: Properties,
  stack: Stack,
): Made {
  const properties = { AvailabilityZone: `${stack.region}a`, ...given };
  const attributes = [
    ...ids.map((name) => [name, ref]),
    ...repeats.filter((name) => properties[name] !== undefined).map((name) => [name, String(properties[name])]),
    ...Object.entries(companions).map(([name, prefix]) => [name, newId(prefix)]),
  ];
  return { ref, attributes: Object.fromEntries(attributes) };
}

/** As EC2 makes them: `vpc-0a1b2c3d4e5f67890`. */
function newId(prefix: string): string {
  return `${prefix}-0${randomBytes(8).toString('hex')}`;
}
