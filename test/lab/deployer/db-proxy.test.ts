import { DescribeDBProxiesCommand, DescribeDBProxyTargetsCommand, RDSClient } from '@aws-sdk/client-rds';
import { Lab } from '../../../lab';
import { deploy, outcomes } from '../assemblies';
import { instance } from './databases';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

const proxy = (properties: object = {}) => ({
  Type: 'AWS::RDS::DBProxy',
  Properties: {
    DBProxyName: 'front',
    EngineFamily: 'POSTGRESQL',
    RoleArn: 'arn:role',
    VpcSubnetIds: ['a'],
    ...properties,
  },
});
const targets = (properties: object = {}) => ({
  Type: 'AWS::RDS::DBProxyTargetGroup',
  Properties: { DBProxyName: { Ref: 'Proxy' }, TargetGroupName: 'default', ...properties },
});
const proxies = async () => (await new RDSClient(lab.client()).send(new DescribeDBProxiesCommand({}))).DBProxies!;
const targetNames = async () => {
  const asked = new DescribeDBProxyTargetsCommand({ DBProxyName: 'front' });
  const { Targets } = await new RDSClient({ ...lab.client(), maxAttempts: 1 }).send(asked);
  return Targets!.map(({ RdsResourceId }) => RdsResourceId);
};

test('a proxy listens nowhere, which is listed', async () => {
  const { resources, leftOut } = await deploy(lab, { Resources: { Proxy: proxy() } });

  expect(resources).toMatchObject([{ ref: 'front' }]);
  expect(leftOut).toEqual([
    expect.stringMatching(/^Proxy: connections to it: the lab plays no proxy, nothing listens at front\.proxy-/),
  ]);
});

test('the databases behind a proxy are those that its template names now', async () => {
  const Databases = { One: instance({ DBInstanceIdentifier: 'one' }), Two: instance({ DBInstanceIdentifier: 'two' }) };
  const DBInstanceIdentifiers = [{ Ref: 'One' }];
  await deploy(lab, { Resources: { ...Databases, Proxy: proxy(), Targets: targets({ DBInstanceIdentifiers }) } });
  const first = await targetNames();

  const Targets = targets({ DBInstanceIdentifiers: [{ Ref: 'One' }, { Ref: 'Two' }] });
  await deploy(lab, { Resources: { ...Databases, Proxy: proxy(), Targets } });

  expect(first).toEqual(['one']);
  expect(await targetNames()).toEqual(['one', 'two']);
});

test('a changed proxy keeps its name, its ARN and its targets', async () => {
  await deploy(lab, { Resources: { Proxy: proxy(), Targets: targets() } });
  const [before] = await proxies();

  const second = await deploy(lab, { Resources: { Proxy: proxy({ RequireTLS: true }), Targets: targets() } });

  expect(outcomes(second)).toEqual(['Proxy updated', 'Targets unchanged']);
  expect(await proxies()).toEqual([{ ...before, RequireTLS: true }]);
  expect(await targetNames()).toEqual([]);
});

test('a proxy that its template has no longer is gone, with its targets', async () => {
  await deploy(lab, { Resources: { Proxy: proxy(), Targets: targets() } });

  await deploy(lab, { Resources: { Key: { Type: 'AWS::KMS::Key' } } });

  expect(await proxies()).toEqual([]);
});

test('without its target group a proxy has none', async () => {
  await deploy(lab, { Resources: { Proxy: proxy(), Targets: targets() } });

  await deploy(lab, { Resources: { Proxy: proxy() } });

  await expect(targetNames()).rejects.toMatchObject({ name: 'DBProxyTargetGroupNotFoundFault' });
});

test.each([
  ['a proxy that is none', targets({ DBProxyName: 'none' }), 'DBProxy none not found.'],
  ['a database that is none', targets({ DBInstanceIdentifiers: ['no'] }), 'the lab has no database no'],
])('a target group of %s is an error', async (_, Targets, message) => {
  await expect(deploy(lab, { Resources: { Proxy: proxy(), Targets } })).rejects.toThrow(message);
});
