import { Lab } from '../../../lab';
import { allow, ask, deploy, inlineFunction, roleWith } from '../assemblies';
import { cluster } from './databases';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

/** What Lambda does in the name of a role to connect a function. */
const CONNECTING = ['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DeleteNetworkInterface'];
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
  Role: roleWith(allow(CONNECTING)),
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

describe('the role of a function in a VPC', () => {
  const { Vpc, Subnet, OfFunction, Function } = RESOURCES;
  const withRole = (...statements: object[]) => ({
    Resources: { Vpc, Subnet, OfFunction, Role: roleWith(...statements), Function },
  });

  test.each(CONNECTING)('must allow %s by the time the function is made', async (action) => {
    const others = CONNECTING.filter((each) => each !== action);

    await expect(deploy(lab, withRole(allow(others)))).rejects.toThrow(
      `The provided execution role does not have permissions to call ${action.slice(4)} on EC2: User: arn:aws:sts::123456789012:`,
    );
  });

  test('may have the policy that AWS has for it', async () => {
    const ManagedPolicyArns = ['arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole'];
    const { Type, Properties } = roleWith();
    const Role = { Type, Properties: { ...Properties, ManagedPolicyArns } };

    await expect(deploy(lab, { Resources: { Vpc, Subnet, OfFunction, Role, Function } })).resolves.toBeDefined();
  });

  test('may refuse the same to the code of the function', async () => {
    const arn = 'arn:aws:lambda:us-east-1:123456789012:function:example';
    const refused = (Action: string | string[]) => ({
      Effect: 'Deny',
      Action,
      Resource: '*',
      Condition: { ArnEquals: { 'lambda:SourceFunctionArn': arn } },
    });
    const body = `const { SecretsManager } = require('@aws-sdk/client-secrets-manager');
      return await new SecretsManager().listSecrets({}).catch(({ message }) => message);`;
    const statements = [allow([...CONNECTING, 'secretsmanager:ListSecrets']), refused(CONNECTING)];
    const Role = roleWith(...statements, refused('secretsmanager:ListSecrets'));

    await deploy(lab, { Resources: { Role, Function: inlineFunction(body) } });

    expect(await lab.invoke('example')).toContain('with an explicit deny in an identity-based policy');
    await expect(ask(lab, 'reader', 'ListSecrets', {})).resolves.toBeDefined();
  });
});
