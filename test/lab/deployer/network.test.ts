import { Lab } from '../../../lab';
import { deploy, outcomes } from '../assemblies';

const ec2 = (type: string, Properties: object = {}) => ({ Type: `AWS::EC2::${type}`, Properties });
const ref = (logicalId: string) => ({ Ref: logicalId });
const id = (logicalId: string, attribute: string) => ({ 'Fn::GetAtt': [logicalId, attribute] });
const RESOURCES = {
  Vpc: ec2('VPC', { CidrBlock: '10.0.0.0/16', Tags: [{ Key: 'Name', Value: 'one' }] }),
  Subnet: ec2('Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/18', AvailabilityZone: 'us-east-1b' }),
  RouteTable: ec2('RouteTable', { VpcId: ref('Vpc') }),
  Association: ec2('SubnetRouteTableAssociation', { SubnetId: ref('Subnet'), RouteTableId: ref('RouteTable') }),
  Gateway: ec2('InternetGateway'),
  Attachment: ec2('VPCGatewayAttachment', { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') }),
  Route: ec2('Route', {
    RouteTableId: ref('RouteTable'),
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: ref('Gateway'),
  }),
  Ip: ec2('EIP', { Domain: 'vpc' }),
  Nat: ec2('NatGateway', { SubnetId: ref('Subnet'), AllocationId: id('Ip', 'AllocationId') }),
  Group: ec2('SecurityGroup', { GroupDescription: 'of the database', VpcId: ref('Vpc') }),
  Ingress: ec2('SecurityGroupIngress', { GroupId: id('Group', 'GroupId'), IpProtocol: 'tcp', FromPort: 5432 }),
  Egress: ec2('SecurityGroupEgress', { GroupId: id('Group', 'GroupId'), IpProtocol: 'tcp' }),
  Endpoint: ec2('VPCEndpoint', { VpcId: ref('Vpc'), ServiceName: 'com.amazonaws.us-east-1.secretsmanager' }),
};

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

test('networks are made by name, and nothing of them is left out', async () => {
  const { resources, leftOut } = await deploy(lab, { Resources: RESOURCES });

  expect(leftOut).toEqual([]);
  expect(Object.fromEntries(resources.map((each) => [each.logicalId, each.ref]))).toEqual({
    Vpc: expect.stringMatching(/^vpc-[0-9a-f]{17}$/),
    Subnet: expect.stringMatching(/^subnet-[0-9a-f]{17}$/),
    RouteTable: expect.stringMatching(/^rtb-/),
    Association: expect.stringMatching(/^rtbassoc-/),
    Gateway: expect.stringMatching(/^igw-/),
    Attachment: expect.any(String),
    Route: expect.any(String),
    Ip: expect.stringMatching(/^203\.0\.113\.\d+$/),
    Nat: expect.stringMatching(/^nat-/),
    Group: expect.stringMatching(/^sg-/),
    Ingress: expect.stringMatching(/^sgr-/),
    Egress: expect.stringMatching(/^sgr-/),
    Endpoint: expect.stringMatching(/^vpce-/),
  });
});

test.each([
  ['Vpc', 'VpcId', /^vpc-/],
  ['Vpc', 'CidrBlock', /^10\.0\.0\.0\/16$/],
  ['Vpc', 'DefaultSecurityGroup', /^sg-/],
  ['Vpc', 'DefaultNetworkAcl', /^acl-/],
  ['Subnet', 'SubnetId', /^subnet-/],
  ['Subnet', 'VpcId', /^vpc-/],
  ['Subnet', 'AvailabilityZone', /^us-east-1b$/],
  ['RouteTable', 'RouteTableId', /^rtb-/],
  ['Group', 'GroupId', /^sg-/],
  ['Group', 'VpcId', /^vpc-/],
  ['Nat', 'NatGatewayId', /^nat-/],
  ['Ip', 'AllocationId', /^eipalloc-/],
  ['Endpoint', 'Id', /^vpce-/],
])('Fn::GetAtt of %s: %s', async (logicalId, attribute, expected) => {
  const { outputs } = await deploy(lab, {
    Resources: RESOURCES,
    Outputs: { Out: { Value: id(logicalId, attribute) } },
  });

  expect(outputs.Out).toMatch(expected);
});

test('a change keeps the id where EC2 does, and makes another one where it does not', async () => {
  const first = await deploy(lab, { Resources: RESOURCES });
  const Group = ec2('SecurityGroup', {
    ...RESOURCES.Group.Properties,
    SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 5432, CidrIp: '10.0.0.0/16' }],
  });
  const Endpoint = ec2('VPCEndpoint', { ...RESOURCES.Endpoint.Properties, ServiceName: 'com.amazonaws.us-east-1.rds' });

  const second = await deploy(lab, { Resources: { ...RESOURCES, Group, Endpoint } });

  const refOf = ({ resources }: typeof first, logicalId: string) =>
    resources.find((each) => each.logicalId === logicalId)!.ref;
  expect(outcomes(second).filter((each) => !each.endsWith('unchanged'))).toEqual([
    'Group updated',
    'Endpoint replaced',
    'Endpoint deleted',
  ]);
  expect(refOf(second, 'Group')).toBe(refOf(first, 'Group'));
  expect(refOf(second, 'Endpoint')).not.toBe(refOf(first, 'Endpoint'));
});
