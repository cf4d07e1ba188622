import { Network, obstaclesFrom, type Place } from '../../../lab/network';

const SECRETS_MANAGER = 'us-east-1.secretsmanager';
const PLACE: Place = { securityGroups: ['sg-function'], subnets: ['subnet-a', 'subnet-b'] };
const DATABASE = { port: 5432, securityGroups: ['sg-database'], isPublic: false };
const ANYWHERE = { IpProtocol: '-1', CidrIp: '0.0.0.0/0' };
/** What the CDK writes into a group that is to let nothing out. */
const NOTHING = { IpProtocol: 'icmp', FromPort: 252, ToPort: 86, CidrIp: '255.255.255.255/32' };

/** A VPC with two subnets, a group for functions that lets everything out, and one for databases that lets nothing in. */
function network(parts: Record<string, [type: string, properties: object]> = {}): Network {
  const made = new Network();
  const all: typeof parts = {
    'vpc-1': ['VPC', { CidrBlock: '10.0.0.0/16' }],
    'subnet-a': ['Subnet', { VpcId: 'vpc-1' }],
    'subnet-b': ['Subnet', { VpcId: 'vpc-1' }],
    'sg-function': ['SecurityGroup', {}],
    'sg-database': ['SecurityGroup', {}],
    ...parts,
  };
  for (const [id, [type, properties]] of Object.entries(all)) made.parts.set(id, { type, properties });
  return made;
}

const ingress = (rule: object): [string, object] => [
  'SecurityGroupIngress',
  { GroupId: 'sg-database', IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, ...rule },
];
const FROM_FUNCTION = { SourceSecurityGroupId: 'sg-function' };

describe('a function in a VPC reaches a database', () => {
  test.each<[string, Parameters<typeof network>[0]]>([
    ['by a rule for its group', { rule: ingress(FROM_FUNCTION) }],
    [
      'by a rule in the group',
      { 'sg-database': ['SecurityGroup', { SecurityGroupIngress: [ingress(FROM_FUNCTION)[1]] }] },
    ],
    ['by a rule for the addresses of its VPC', { rule: ingress({ CidrIp: '10.0.0.0/16' }) }],
    ['by a rule for a range of ports', { rule: ingress({ ...FROM_FUNCTION, FromPort: '5000', ToPort: '6000' }) }],
    ['by a rule for everything', { rule: ingress({ ...FROM_FUNCTION, IpProtocol: '-1', FromPort: undefined }) }],
    [
      'with one rule to go out and one to come in',
      {
        'sg-function': ['SecurityGroup', { SecurityGroupEgress: [NOTHING] }],
        out: [
          'SecurityGroupEgress',
          {
            GroupId: 'sg-function',
            DestinationSecurityGroupId: 'sg-database',
            IpProtocol: 'tcp',
            FromPort: 5432,
            ToPort: 5432,
          },
        ],
        rule: ingress(FROM_FUNCTION),
      },
    ],
  ])('%s', (_, parts) => {
    expect(network(parts).obstacleToDatabase(PLACE, DATABASE)).toBeUndefined();
  });

  test('whose group is not known', () => {
    expect(network().obstacleToDatabase(PLACE, { ...DATABASE, securityGroups: ['sg-imported'] })).toBeUndefined();
    expect(network().obstacleToDatabase(PLACE, { ...DATABASE, securityGroups: [] })).toBeUndefined();
  });
});

describe('a function in a VPC does not reach a database', () => {
  const IN = 'no rule of sg-database lets the function in on port 5432';
  const OUT = 'no rule of sg-function lets the function out to the database on port 5432';

  test.each<[string, Parameters<typeof network>[0], string]>([
    ['without a rule', {}, IN],
    ['by a rule for another group', { rule: ingress({ SourceSecurityGroupId: 'sg-other' }) }, IN],
    ['by a rule for other addresses', { rule: ingress({ CidrIp: '10.1.0.0/16' }) }, IN],
    ['by a rule for another port', { rule: ingress({ ...FROM_FUNCTION, FromPort: 3306, ToPort: 3306 }) }, IN],
    ['by a rule for another protocol', { rule: ingress({ ...FROM_FUNCTION, IpProtocol: 'udp' }) }, IN],
    ['by a rule of another group', { rule: ingress({ ...FROM_FUNCTION, GroupId: 'sg-other' }) }, IN],
    [
      'when it may not go out',
      { 'sg-function': ['SecurityGroup', { SecurityGroupEgress: [NOTHING] }], rule: ingress(FROM_FUNCTION) },
      OUT,
    ],
  ])('%s', (_, parts, obstacle) => {
    expect(network(parts).obstacleToDatabase(PLACE, DATABASE)).toBe(obstacle);
  });
});

describe('a function outside of all VPCs', () => {
  test.each([
    [false, 'the database stands in a VPC, and the function in none'],
    [true, undefined],
  ])('reaches a database with a public address only (%s)', (isPublic, obstacle) => {
    expect(network().obstacleToDatabase(undefined, { ...DATABASE, isPublic })).toBe(obstacle);
  });

  test('reaches every API', () => {
    expect(network().obstacleToApi(undefined, SECRETS_MANAGER)).toBeUndefined();
  });
});

describe('a function in a VPC and an API', () => {
  const route = (table: string, target: object): [string, object] => [
    'Route',
    { RouteTableId: table, DestinationCidrBlock: '0.0.0.0/0', ...target },
  ];
  const association = (SubnetId: string, RouteTableId: string): [string, object] => [
    'SubnetRouteTableAssociation',
    { SubnetId, RouteTableId },
  ];
  const associations = { a: association('subnet-a', 'rtb-a'), b: association('subnet-b', 'rtb-b') };
  const nat = { NatGatewayId: 'nat-1' };
  const endpoint = (properties: object = {}): [string, object] => [
    'VPCEndpoint',
    {
      VpcId: 'vpc-1',
      VpcEndpointType: 'Interface',
      PrivateDnsEnabled: true,
      ServiceName: 'com.amazonaws.us-east-1.secretsmanager',
      SecurityGroupIds: ['sg-endpoint'],
      ...properties,
    },
  ];
  const open: [string, object] = [
    'SecurityGroup',
    { SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/16' }] },
  ];

  test.each<[string, Parameters<typeof network>[0], Place]>([
    ['by a NAT gateway', { ...associations, one: route('rtb-a', nat), two: route('rtb-b', nat) }, PLACE],
    ['by an endpoint', { endpoint: endpoint(), 'sg-endpoint': open }, PLACE],
    ['by an endpoint whose group is not known', { endpoint: endpoint() }, PLACE],
    ['by ways that are not known', {}, { ...PLACE, subnets: ['subnet-imported'] }],
  ])('meet %s', (_, parts, place) => {
    expect(network(parts).obstacleToApi(place, SECRETS_MANAGER)).toBeUndefined();
  });

  test.each<[string, Parameters<typeof network>[0], RegExp]>([
    [
      'without a way',
      {},
      /^no route leads out of subnet-a, subnet-b, and vpc-1 has no endpoint with private DNS for us-/,
    ],
    ['when one subnet has no route', { ...associations, one: route('rtb-a', nat) }, /^no route leads out/],
    [
      'by an internet gateway',
      { ...associations, one: route('rtb-a', { GatewayId: 'igw-1' }), two: route('rtb-b', { GatewayId: 'igw-1' }) },
      /^no route leads out/,
    ],
    [
      'by the endpoint of another service',
      { endpoint: endpoint({ ServiceName: 'com.amazonaws.us-east-1.rds' }) },
      /^no route/,
    ],
    ['by the endpoint of another VPC', { endpoint: endpoint({ VpcId: 'vpc-2' }) }, /^no route/],
    ['by an endpoint without private DNS', { endpoint: endpoint({ PrivateDnsEnabled: false }) }, /^no route/],
    [
      'by an endpoint that lets nobody in',
      { endpoint: endpoint(), 'sg-endpoint': ['SecurityGroup', {}] },
      /^no rule of sg-endpoint lets the function in to the endpoint of us-east-1\.secretsmanager$/,
    ],
    [
      'by an endpoint to which it may not go',
      {
        endpoint: endpoint(),
        'sg-endpoint': open,
        'sg-function': ['SecurityGroup', { SecurityGroupEgress: [NOTHING] }],
      },
      /^no rule of sg-function lets the function out to the endpoint/,
    ],
    [
      'by a NAT gateway when it may go to its VPC only',
      {
        ...associations,
        one: route('rtb-a', nat),
        two: route('rtb-b', nat),
        'sg-function': ['SecurityGroup', { SecurityGroupEgress: [{ ...ANYWHERE, CidrIp: '10.0.0.0/16' }] }],
      },
      /^no rule of sg-function lets the function out to us-east-1\.secretsmanager on port 443$/,
    ],
  ])('do not meet %s', (_, parts, obstacle) => {
    expect(network(parts).obstacleToApi(PLACE, SECRETS_MANAGER)).toMatch(obstacle);
  });
});

test('obstacles are told by route; what is neither a database nor an API has none', () => {
  const routes = ['db.example:5432', 'secretsmanager.us-east-1.amazonaws.com:443', 'api.x.com:443'];
  const database = { ...DATABASE } as never;

  const obstacles = obstaclesFrom(PLACE, routes, network(), (route) => (route === routes[0] ? database : undefined));

  expect(Object.keys(obstacles)).toEqual(routes.slice(0, 2));
});

test.each([
  ['sts.us-east-1.amazonaws.com:443', 'com.amazonaws.us-east-1.sts'],
  ['lambda.us-east-1.amazonaws.com:443', 'com.amazonaws.us-east-1.lambda'],
  ['events.us-east-1.amazonaws.com:443', 'com.amazonaws.us-east-1.events'],
  ['iam.amazonaws.com:443', 'com.amazonaws.iam'],
])('%s is behind the endpoint %s', (route, ServiceName) => {
  const properties = { VpcId: 'vpc-1', VpcEndpointType: 'Interface', PrivateDnsEnabled: true, ServiceName };
  const withEndpoint = network({ endpoint: ['VPCEndpoint', properties] });
  const closed = (made: Network) => Object.keys(obstaclesFrom(PLACE, [route], made, () => undefined));

  expect(closed(network())).toEqual([route]);
  expect(closed(withEndpoint)).toEqual([]);
});
