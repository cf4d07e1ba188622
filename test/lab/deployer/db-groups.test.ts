import { Client } from 'pg';
import { Lab } from '../../../lab';
import { deploy } from '../assemblies';
import { cluster, instance } from './databases';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

const group = (Parameters: object) => ({
  Type: 'AWS::RDS::DBParameterGroup',
  Properties: { Description: 'd', Family: 'postgres18', Parameters },
});
const Db = instance({ DBParameterGroupName: { Ref: 'Group' } });

async function setting(name: string): Promise<unknown> {
  const [{ loopbackPort: port }] = lab.databases;
  const ssl = { ca: lab.authority.pem, checkServerIdentity: () => undefined };
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: 'boss',
    password: 'first-password',
    database: 'app',
    ssl,
  });
  await client.connect();
  try {
    return (await client.query('SELECT current_setting($1) AS value', [name])).rows[0].value;
  } finally {
    await client.end();
  }
}

test('a server is started with the parameters of its group that are about logins and logs', async () => {
  const { leftOut } = await deploy(lab, { Resources: { Group: group({ password_encryption: 'md5' }), Db } });

  expect(await setting('password_encryption')).toBe('md5');
  expect(leftOut).toEqual([]);
});

test('so is that of a cluster', async () => {
  const Group = {
    Type: 'AWS::RDS::DBClusterParameterGroup',
    Properties: { DBClusterParameterGroupName: 'Own', Parameters: { log_min_duration_statement: 5 } },
  };

  await deploy(lab, { Resources: { Group, ...cluster({ DBClusterParameterGroupName: { Ref: 'Group' } }) } });

  expect(await setting('log_min_duration_statement')).toBe('5ms');
});

test('other parameters are listed', async () => {
  const Group = group({ work_mem: '64MB', shared_preload_libraries: 'pg_stat_statements' });

  const { leftOut } = await deploy(lab, { Resources: { Group, Db } });

  expect(leftOut).toEqual(['Db: its parameters work_mem, shared_preload_libraries']);
});

test('a change of parameters is listed: a server keeps those that it was started with', async () => {
  await deploy(lab, { Resources: { Group: group({ password_encryption: 'md5' }), Db } });

  const { leftOut } = await deploy(lab, { Resources: { Group: group({}), Db } });

  expect(leftOut).toEqual(['Group: its changes for servers that run already']);
  expect(await setting('password_encryption')).toBe('md5');
});

test('groups have names in small letters', async () => {
  const Subnets = { Type: 'AWS::RDS::DBSubnetGroup', Properties: { DBSubnetGroupName: 'Own', SubnetIds: [] } };
  const Unnamed = { Type: 'AWS::RDS::DBSubnetGroup', Properties: { SubnetIds: [] } };
  const Outputs = { Name: { Value: { 'Fn::GetAtt': ['Group', 'DBParameterGroupName'] } } };

  const { resources, outputs } = await deploy(lab, { Resources: { Group: group({}), Subnets, Unnamed }, Outputs });

  const name = expect.stringMatching(/^app-group-[0-9a-f]{12}$/);
  expect(resources.map(({ ref }) => ref)).toEqual([name, 'own', expect.stringMatching(/^app-unnamed-[0-9a-f]{12}$/)]);
  expect(outputs.Name).toBe(resources[0].ref);
});
