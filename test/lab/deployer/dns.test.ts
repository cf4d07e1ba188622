import { Lab } from '../../../lab';
import { deploy, inlineFunction, roleWith } from '../assemblies';
import { instance } from './databases';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

const record = (properties: object) => ({
  Type: 'AWS::Route53::RecordSet',
  Properties: { HostedZoneId: { Ref: 'Zone' }, Name: 'DB.internal.example.', Type: 'CNAME', TTL: '60', ...properties },
});
const Zone = { Type: 'AWS::Route53::HostedZone', Properties: { Name: 'internal.example.' } };
const Asker = {
  Role: roleWith(),
  Function: inlineFunction(`const { Resolver } = require('node:dns').promises;
    return await new Resolver().resolveCname('db.internal.example').catch(({ code }) => code);`),
};
const aliases = async () => await lab.invoke('example');

test('functions find the CNAME records of a template, as they are now', async () => {
  const Record = record({ ResourceRecords: [{ 'Fn::GetAtt': ['Db', 'Endpoint.Address'] }] });
  await deploy(lab, { Resources: { Zone, ...Asker, Db: instance(), Record } });
  const [{ host }] = lab.databases;
  expect(await aliases()).toEqual([host]);

  await deploy(lab, { Resources: { Zone, ...Asker, Record: record({ ResourceRecords: ['other.example'] }) } });
  expect(await aliases()).toEqual(['other.example']);

  await deploy(lab, { Resources: { Zone, ...Asker } });
  expect(await aliases()).toBe('ENOTFOUND');
});

test('records of another type are listed', async () => {
  const Record = record({ Type: 'A', ResourceRecords: ['192.0.2.1'] });

  const { leftOut } = await deploy(lab, { Resources: { Zone, Record } });

  expect(leftOut).toEqual(['Record: its type A: the lab has CNAME records only']);
});
