import { Lab } from '../../../lab';
import { deploy, inlineFunction, roleWith } from '../assemblies';
import { cluster } from './databases';

let lab: Lab;
beforeAll(async () => void (lab = await Lab.start()));
afterAll(async () => await lab.stop());

const ec2 = (type: string, Properties: object = {}) => ({ Type: `AWS::EC2::${type}`, Properties });
const group = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'GroupId'] });
const Connect = inlineFunction(
  `const socket = require('node:net').connect(event);
  return await new Promise((resolve) => socket
    .once('connect', () => resolve('connected'))
    .once('error', ({ message }) => resolve(message))).finally(() => socket.destroy());`,
  { VpcConfig: { SubnetIds: [{ Ref: 'Subnet' }], SecurityGroupIds: [group('OfFunction')] } },
);
const RESOURCES = {
  Vpc: ec2('VPC', { CidrBlock: '10.0.0.0/16' }),
  Subnet: ec2('Subnet', { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/18' }),
  OfFunction: ec2('SecurityGroup', { VpcId: { Ref: 'Vpc' } }),
  OfDatabase: ec2('SecurityGroup', { VpcId: { Ref: 'Vpc' } }),
  ...cluster({ VpcSecurityGroupIds: [group('OfDatabase')] }),
  Role: roleWith(),
  Function: Connect,
};
const Rule = ec2('SecurityGroupIngress', {
  GroupId: group('OfDatabase'),
  SourceSecurityGroupId: group('OfFunction'),
  IpProtocol: 'tcp',
  FromPort: { 'Fn::GetAtt': ['Cluster', 'Endpoint.Port'] },
  ToPort: { 'Fn::GetAtt': ['Cluster', 'Endpoint.Port'] },
});

test('a function reaches the database of a template as long as the security groups let it', async () => {
  await deploy(lab, { Resources: { ...RESOURCES, Rule } });
  const [{ host, port }] = lab.databases;
  const hosts = [host, host.replace('orders.cluster-', 'writer.')];
  const connect = async () =>
    await Promise.all(hosts.map(async (each) => await lab.invoke('example', { host: each, port })));
  expect(await connect()).toEqual(['connected', 'connected']);

  await deploy(lab, { Resources: RESOURCES });

  expect(await connect()).toEqual(
    hosts.map((each) =>
      expect.stringMatching(`^connect ETIMEDOUT ${each}:5432: no rule of sg-\\w+ lets the function in on port 5432$`),
    ),
  );
});
