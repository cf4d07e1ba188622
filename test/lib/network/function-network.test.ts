import { Annotations as CdkAnnotations, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { DatabaseRotation, DatabaseTarget, ManagedSecret } from '../../../lib';
import { ISOLATED, MYSQL, POSTGRES, appUser, cluster, endpoint, isolatedVpc } from '../databases';
import { ACCOUNT, FLAGS, REGION, app, stack } from '../stacks';

const SECRETS_MANAGER = { service: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER };

/** A single user of an endpoint in a VPC, with the function in these subnets. */
function rotated(scope: Stack, vpc: ec2.IVpc, vpcSubnets?: ec2.SubnetSelection) {
  return appUser(scope, { target: endpoint({ vpc }), rotation: DatabaseRotation.singleUser({ vpcSubnets }) });
}

/** The one of a type that is ours: with some feature flags, the VPC has functions of its own. */
const ours = (template: Template, type: string) =>
  Object.entries(template.findResources(type)).filter(([id]) => id.startsWith('Keyturn'));
const functionIn = (template: Template) => ours(template, 'AWS::Lambda::Function')[0][1];
const groupOf = (template: Template) => ours(template, 'AWS::EC2::SecurityGroup')[0];

describe.each(FLAGS)('in the VPC of a database, with %s', (_name, flags) => {
  const setUp = () => {
    const { scope, vpc, database, target } = cluster(stack(app(flags)));
    appUser(scope, { target, rotation: DatabaseRotation.singleUser() });
    return { scope, vpc, database, template: Template.fromStack(scope) };
  };

  test('the function stands in the subnets of the VPC under a security group of its own', () => {
    const { scope, vpc, template } = setUp();

    const [id] = groupOf(template);
    expect(functionIn(template).Properties.VpcConfig).toEqual({
      SubnetIds: vpc.isolatedSubnets.map(({ subnetId }) => scope.resolve(subnetId)),
      SecurityGroupIds: [{ 'Fn::GetAtt': [id, 'GroupId'] }],
    });
  });

  test('the group of the database lets it in by one rule, at the port of the database', () => {
    const { scope, database, template } = setUp();

    const group = { 'Fn::GetAtt': [groupOf(template)[0], 'GroupId'] };
    const port = scope.resolve(database.clusterEndpoint.port);
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress'));
    expect(rules.map(({ Properties }) => Properties)).toEqual([
      {
        Description: 'rotates secrets',
        GroupId: scope.resolve(database.connections.securityGroups[0].securityGroupId),
        SourceSecurityGroupId: group,
        IpProtocol: 'tcp',
        FromPort: port,
        ToPort: port,
      },
    ]);
  });

  test('it may connect to the database, and to addresses of the VPC by HTTPS, and to nothing else', () => {
    const { scope, vpc, database, template } = setUp();

    const [id, group] = groupOf(template);
    expect(group.Properties.SecurityGroupEgress).toEqual([
      {
        CidrIp: scope.resolve(vpc.vpcCidrBlock),
        Description: 'to the APIs of AWS',
        IpProtocol: 'tcp',
        FromPort: 443,
        ToPort: 443,
      },
    ]);
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupEgress'));
    expect(rules.map(({ Properties }) => [Properties.GroupId, Properties.DestinationSecurityGroupId])).toEqual([
      [{ 'Fn::GetAtt': [id, 'GroupId'] }, scope.resolve(database.connections.securityGroups[0].securityGroupId)],
    ]);
  });

  test('the schedule waits for the rules, because Secrets Manager tries the function at once', () => {
    const { template } = setUp();

    const [schedule] = Object.values(template.findResources('AWS::SecretsManager::RotationSchedule'));
    expect(schedule.DependsOn).toEqual(
      expect.arrayContaining([
        ...Object.keys(template.findResources('AWS::EC2::SecurityGroupIngress')),
        ...Object.keys(template.findResources('AWS::EC2::SecurityGroupEgress')),
      ]),
    );
  });

  test('the schedule waits for no rule of another database', () => {
    const { scope, vpc, target } = cluster(stack(app(flags)));
    const other = new ec2.SecurityGroup(scope, 'Other', { vpc, description: 'of another server' });
    const rotation = DatabaseRotation.singleUser();
    appUser(scope, { target: endpoint({ vpc, securityGroups: [other] }), rotation });

    const secret = appUser(scope, { id: 'Second', target, rotation });

    const rules = secret.node
      .findChild('RotationSchedule')
      .node.dependencies.filter(
        (one) => one instanceof ec2.CfnSecurityGroupIngress || one instanceof ec2.CfnSecurityGroupEgress,
      );
    expect(rules).toHaveLength(2);
  });

  test('Lambda may connect it, and its code may not use that', () => {
    const { template } = setUp();

    const connecting = [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ];
    template.hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: Match.absent(),
      Policies: Match.arrayWith([
        {
          PolicyName: 'Vpc',
          PolicyDocument: Match.objectLike({ Statement: [{ Effect: 'Allow', Action: connecting, Resource: '*' }] }),
        },
      ]),
    });
    const [[name]] = ours(template, 'AWS::Lambda::Function');
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          {
            Effect: 'Deny',
            Action: connecting,
            Resource: '*',
            Condition: { ArnEquals: { 'lambda:SourceFunctionArn': { 'Fn::GetAtt': [name, 'Arn'] } } },
          },
        ]),
      }),
    });
  });
});

describe('the place of the function', () => {
  const functions = (scope: Stack) => Object.keys(Template.fromStack(scope).findResources('AWS::Lambda::Function'));

  test('is outside every VPC when the target names none', () => {
    const scope = stack();

    appUser(scope, { target: endpoint(), rotation: DatabaseRotation.singleUser() });

    Template.fromStack(scope).hasResourceProperties('AWS::Lambda::Function', { VpcConfig: Match.absent() });
    Template.fromStack(scope).resourceCountIs('AWS::EC2::SecurityGroup', 0);
  });

  test('is in private subnets with a route out, where the VPC has them', () => {
    const scope = stack();
    const vpc = new ec2.Vpc(scope, 'Vpc', { natGateways: 1, maxAzs: 2 });

    rotated(scope, vpc);

    expect(functionIn(Template.fromStack(scope)).Properties.VpcConfig.SubnetIds).toEqual(
      vpc.privateSubnets.map(({ subnetId }) => scope.resolve(subnetId)),
    );
  });

  test('can be other subnets and other groups', () => {
    const scope = stack();
    const vpc = new ec2.Vpc(scope, 'Vpc', {
      natGateways: 1,
      maxAzs: 2,
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
        { name: 'One', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
        { name: 'Two', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      ],
    });
    const group = new ec2.SecurityGroup(scope, 'Group', { vpc, description: 'of the user' });
    const vpcSubnets = { subnetGroupName: 'Two' };

    appUser(scope, {
      target: endpoint({ vpc }),
      rotation: DatabaseRotation.singleUser({ vpcSubnets, securityGroups: [group] }),
    });

    const template = Template.fromStack(scope);
    template.resourceCountIs('AWS::EC2::SecurityGroup', 1);
    expect(functionIn(template).Properties.VpcConfig).toEqual({
      SubnetIds: vpc.selectSubnets(vpcSubnets).subnetIds.map((id) => scope.resolve(id)),
      SecurityGroupIds: [scope.resolve(group.securityGroupId)],
    });
  });

  test('is not public', () => {
    const scope = stack();
    const vpc = new ec2.Vpc(scope, 'Vpc', { maxAzs: 2 });

    expect(() => rotated(scope, vpc, { subnetType: ec2.SubnetType.PUBLIC })).toThrow(
      '`vpcSubnets` must be private or isolated, got public subnets',
    );
  });

  test('has a security group', () => {
    const scope = stack();
    const rotation = DatabaseRotation.singleUser({ securityGroups: [] });

    expect(() => appUser(scope, { target: endpoint({ vpc: isolatedVpc(scope) }), rotation })).toThrow(
      '`securityGroups` must name at least one group, got none',
    );
  });

  test('needs a VPC for subnets and groups', () => {
    const rotation = DatabaseRotation.singleUser({ vpcSubnets: ISOLATED });

    expect(() => appUser(stack(), { target: endpoint(), rotation })).toThrow(
      '`vpc` is required with `vpcSubnets` and `securityGroups`',
    );
  });

  test('is shared by databases of one VPC, each of which lets it in', () => {
    const { scope, vpc, target } = cluster();
    const other = new rds.DatabaseCluster(scope, 'Other', {
      engine: POSTGRES,
      vpc,
      vpcSubnets: ISOLATED,
      writer: rds.ClusterInstance.serverlessV2('Writer'),
    });

    for (const [id, its] of [
      ['One', target],
      ['Two', target],
      ['Three', DatabaseTarget.cluster(other)],
    ] as const) {
      appUser(scope, { id, target: its, rotation: DatabaseRotation.singleUser() });
    }

    expect(functions(scope)).toHaveLength(1);
    Template.fromStack(scope).resourceCountIs('AWS::EC2::SecurityGroupIngress', 2);
  });

  test.each([
    ['of another VPC', (scope: Stack) => ({ vpc: new ec2.Vpc(scope, 'OtherVpc', { natGateways: 1 }) })],
    ['outside every VPC', () => ({})],
  ])('is not shared with databases %s', (_description, other) => {
    const scope = stack();
    rotated(scope, isolatedVpc(scope));

    appUser(scope, { id: 'Other', target: endpoint(other(scope)), rotation: DatabaseRotation.singleUser() });

    expect(functions(scope)).toHaveLength(2);
  });

  test('is not shared by other subnets of the VPC', () => {
    const scope = stack();
    const vpc = isolatedVpc(scope);
    rotated(scope, vpc);
    const rotation = DatabaseRotation.singleUser({ vpcSubnets: { subnets: vpc.isolatedSubnets.slice(0, 1) } });

    appUser(scope, { id: 'Other', target: endpoint({ vpc }), rotation });

    expect(functions(scope)).toHaveLength(2);
  });

  test('has the same name in each synth', () => {
    const make = () => {
      const scope = stack();
      rotated(scope, isolatedVpc(scope));
      return functions(scope);
    };

    expect(make()).toEqual(make());
  });
});

test('an endpoint lets the function in by the groups that are named', () => {
  const scope = stack();
  const vpc = isolatedVpc(scope);
  const group = new ec2.SecurityGroup(scope, 'Server', { vpc, description: 'of the server' });

  const target = endpoint({ vpc, port: 6432, securityGroups: [group] });
  appUser(scope, { target, rotation: DatabaseRotation.singleUser() });

  Template.fromStack(scope).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    GroupId: scope.resolve(group.securityGroupId),
    FromPort: 6432,
    ToPort: 6432,
  });
});

describe('an imported database', () => {
  const imported = (scope: Stack) =>
    rds.DatabaseCluster.fromDatabaseClusterAttributes(scope, 'Imported', {
      clusterIdentifier: 'imported',
      engine: MYSQL,
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(scope, 'Group', 'sg-0123456789abcdef0')],
    });

  test('lets the function in at the port of its engine, when it does not say another', () => {
    const scope = stack();
    const target = DatabaseTarget.cluster(imported(scope), { vpc: isolatedVpc(scope) });

    appUser(scope, { target, rotation: DatabaseRotation.singleUser() });

    Template.fromStack(scope).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: 'sg-0123456789abcdef0',
      FromPort: 3306,
    });
    Annotations.fromStack(scope).hasNoWarning('*', Match.anyValue());
  });

  test('of which nothing says the VPC is a warning', () => {
    const scope = stack();

    appUser(scope, { target: DatabaseTarget.cluster(imported(scope)), rotation: DatabaseRotation.singleUser() });

    Annotations.fromStack(scope).hasWarning(
      '/Stack/AppUser',
      Match.stringLikeRegexp('nothing says in which VPC Stack/Imported is, so the rotation function stands outside'),
    );
  });
});

describe('a way to Secrets Manager', () => {
  const NO_WAY = 'nothing in this app leads from there to Secrets Manager';
  const isolated = (scope: Stack) => new ec2.Vpc(scope, 'Vpc', { natGateways: 0, maxAzs: 2 });

  test('must lead out of a VPC of this app', () => {
    const scope = stack();

    rotated(scope, isolated(scope));

    expect(() => Template.fromStack(scope)).toThrow(
      new RegExp(
        `Stack/Vpc/IsolatedSubnet1, Stack/Vpc/IsolatedSubnet2: the rotation function stands there, and ${NO_WAY}; ` +
          'give Stack/Vpc an interface endpoint with private DNS, vpc.addInterfaceEndpoint.*SECRETS_MANAGER.*, ' +
          'or name subnets with a route to a NAT gateway as `vpcSubnets`',
      ),
    );
  });

  test.each<[string, (scope: Stack) => ec2.Vpc]>([
    ['an interface endpoint', (scope) => isolatedVpc(scope)],
    ['a NAT gateway', (scope) => new ec2.Vpc(scope, 'Vpc', { natGateways: 1 })],
  ])('may be %s', (_way, make) => {
    const scope = stack();

    rotated(scope, make(scope));

    expect(() => Template.fromStack(scope)).not.toThrow();
  });

  test('may be made after the secret', () => {
    const scope = stack();
    const vpc = isolated(scope);
    rotated(scope, vpc);

    vpc.addInterfaceEndpoint('SecretsManager', SECRETS_MANAGER);

    expect(() => Template.fromStack(scope)).not.toThrow();
  });

  test('may be made in another stack', () => {
    const application = app();
    const network = stack(application, 'Network');
    const vpc = isolated(network);
    const scope = stack(application, 'Databases');
    rotated(scope, vpc);

    new ec2.InterfaceVpcEndpoint(stack(application, 'Endpoints'), 'SecretsManager', { vpc, ...SECRETS_MANAGER });

    expect(() => Template.fromStack(scope)).not.toThrow();
  });

  test.each([
    ['a NAT instance', ec2.RouterType.INSTANCE],
    ['a firewall', ec2.RouterType.VPC_ENDPOINT],
    ['a transit gateway, though nothing shows where it ends', ec2.RouterType.TRANSIT_GATEWAY],
    ['another VPC, though nothing shows where it ends', ec2.RouterType.VPC_PEERING_CONNECTION],
    ['a virtual private gateway', ec2.RouterType.GATEWAY],
  ])('may be a route to %s', (_way, routerType) => {
    const scope = stack();
    const vpc = isolated(scope);
    rotated(scope, vpc);

    for (const subnet of vpc.isolatedSubnets as ec2.Subnet[])
      subnet.addRoute('Out', { routerType, routerId: 'some-id' });

    expect(() => Template.fromStack(scope)).not.toThrow();
  });

  test.each<[string, (vpc: ec2.Vpc, scope: Stack) => void]>([
    [
      'an endpoint without private DNS',
      (vpc) => vpc.addInterfaceEndpoint('E', { ...SECRETS_MANAGER, privateDnsEnabled: false }),
    ],
    [
      'an endpoint of another service',
      (vpc) => vpc.addInterfaceEndpoint('E', { service: ec2.InterfaceVpcEndpointAwsService.RDS }),
    ],
    ['a gateway endpoint', (vpc) => vpc.addGatewayEndpoint('E', { service: ec2.GatewayVpcEndpointAwsService.S3 })],
    [
      'an endpoint of another VPC',
      (_vpc, scope) => new ec2.Vpc(scope, 'Other', { natGateways: 0 }).addInterfaceEndpoint('E', SECRETS_MANAGER),
    ],
    [
      'a route to the internet gateway, which takes no private address',
      (vpc) =>
        (vpc.isolatedSubnets as ec2.Subnet[]).forEach((subnet) =>
          subnet.addRoute('Out', { routerType: ec2.RouterType.GATEWAY, routerId: vpc.internetGatewayId! }),
        ),
    ],
    [
      'a route out of one of two subnets',
      (vpc) =>
        (vpc.isolatedSubnets as ec2.Subnet[])[0].addRoute('Out', {
          routerType: ec2.RouterType.NAT_GATEWAY,
          routerId: 'nat-1',
        }),
    ],
  ])('is not %s', (_way, add) => {
    const scope = stack();
    const vpc = isolated(scope);
    rotated(scope, vpc);

    add(vpc, scope);

    expect(() => Template.fromStack(scope)).toThrow(NO_WAY);
  });

  test('by a NAT gateway needs HTTPS to anywhere', () => {
    const scope = stack();

    rotated(scope, new ec2.Vpc(scope, 'Vpc', { natGateways: 1, maxAzs: 2 }));

    const [, group] = groupOf(Template.fromStack(scope));
    expect(group.Properties.SecurityGroupEgress).toMatchObject([{ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 }]);
  });

  test('by an endpoint needs HTTPS to anywhere, when the VPC has a second range in which the endpoint may be', () => {
    const scope = stack();
    const vpc = isolatedVpc(scope);

    new ec2.CfnVPCCidrBlock(scope, 'Second', { vpcId: vpc.vpcId, cidrBlock: '10.1.0.0/16' });
    rotated(scope, vpc);

    const [, group] = groupOf(Template.fromStack(scope));
    expect(group.Properties.SecurityGroupEgress).toMatchObject([{ CidrIp: '0.0.0.0/0' }]);
  });
});

describe('a way to the RDS API', () => {
  const asksRds = (scope: Stack, vpc: ec2.IVpc) => {
    const arn = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:admin-AbCdEf`;
    const masterSecret = ManagedSecret.fromSecretCompleteArn(scope, 'Admin', arn);
    appUser(scope, { target: endpoint({ vpc }), rotation: DatabaseRotation.alternatingUsers({ masterSecret }) });
  };

  test('must be there when hosts are resolved', () => {
    const scope = stack();

    asksRds(scope, isolatedVpc(scope));

    expect(() => Template.fromStack(scope)).toThrow('nothing in this app leads from there to the RDS API');
  });

  test('may be an interface endpoint', () => {
    const scope = stack();

    asksRds(scope, isolatedVpc(scope, ['SECRETS_MANAGER', 'RDS']));

    expect(() => Template.fromStack(scope)).not.toThrow();
  });
});

describe('an imported VPC', () => {
  const imported = (scope: Stack) =>
    ec2.Vpc.fromVpcAttributes(scope, 'Imported', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['us-east-1a'],
      privateSubnetIds: ['subnet-0123456789abcdef0'],
      privateSubnetRouteTableIds: ['rtb-0123456789abcdef0'],
    });
  const WARNING = Match.stringLikeRegexp('nothing in this app leads from there to Secrets Manager');

  test('is a warning, because its routes cannot be seen', () => {
    const scope = stack();

    rotated(scope, imported(scope));

    Annotations.fromStack(scope).hasWarning('*', WARNING);
  });

  test('is none when the warning is acknowledged', () => {
    const scope = stack();
    rotated(scope, imported(scope));

    acknowledge(scope);

    Annotations.fromStack(scope).hasNoWarning('*', WARNING);
  });

  test('is none when this app gives it an endpoint', () => {
    const scope = stack();
    const vpc = imported(scope);
    rotated(scope, vpc);

    vpc.addInterfaceEndpoint('SecretsManager', { ...SECRETS_MANAGER, open: false });

    Annotations.fromStack(scope).hasNoWarning('*', WARNING);
  });
});

function acknowledge(scope: Stack): void {
  CdkAnnotations.of(scope).acknowledgeWarning('cdk-keyturn:api-route', 'a proxy of the company leads out');
}
