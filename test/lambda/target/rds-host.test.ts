import { isRdsProxy, isSameHost, rdsHost } from '../../../lambda/target/rds-host';

test.each([
  ['x.cabc.us-east-1.rds.amazonaws.com', { kind: 'instance', identifier: 'x', region: 'us-east-1' }],
  ['x.cluster-cabc.us-gov-west-1.rds.amazonaws.com', { kind: 'cluster', identifier: 'x', region: 'us-gov-west-1' }],
  ['x.cluster-ro-cabc.eu-west-1.rds.amazonaws.com', { kind: 'cluster', identifier: 'x', region: 'eu-west-1' }],
  [
    'x.cluster-custom-cabc.eu-west-1.rds.amazonaws.com',
    { kind: 'cluster endpoint', identifier: 'x', region: 'eu-west-1' },
  ],
  ['x.proxy-cabc.eu-west-1.rds.amazonaws.com', { kind: 'proxy', identifier: 'x', region: 'eu-west-1' }],
  [
    'x.endpoint.proxy-cabc.eu-west-1.rds.amazonaws.com',
    { kind: 'proxy endpoint', identifier: 'x', region: 'eu-west-1' },
  ],
  ['X.CABC.US-EAST-1.RDS.AMAZONAWS.COM.', { kind: 'instance', identifier: 'x', region: 'us-east-1' }],
  ['x.cabc.rds.cn-north-1.amazonaws.com.cn', { kind: 'instance', identifier: 'x', region: 'cn-north-1' }],
  ['x.cluster-cabc.rds.cn-north-1.amazonaws.com.cn', { kind: 'cluster', identifier: 'x', region: 'cn-north-1' }],
])('reads %s', (host, read) => {
  expect(rdsHost(host)).toEqual(read);
});

test.each([
  'db.internal',
  '10.0.0.5',
  'rds.us-east-1.amazonaws.com',
  'x.us-east-1.rds.amazonaws.com',
  'x.cabc.us-east-1.rds.amazonaws.com.example.com',
  'x.cabc.us-east-1.rdsXamazonaws.com',
  'x.y.z.cabc.us-east-1.rds.amazonaws.com',
  'x.endpoint.cabc.us-east-1.rds.amazonaws.com',
])('finds nothing of RDS in %s', (host) => {
  expect(rdsHost(host)).toBeUndefined();
});

test.each([
  ['x.proxy-cabc.us-east-1.rds.amazonaws.com', true],
  ['x.endpoint.proxy-cabc.us-east-1.rds.amazonaws.com', true],
  ['x.cluster-cabc.us-east-1.rds.amazonaws.com', false],
  ['x.proxy-cabc.example.com', false],
])('%s is a proxy: %s', (host, expected) => {
  expect(isRdsProxy(host)).toBe(expected);
});

test.each([
  ['db.internal', 'DB.Internal.', true],
  ['db.internal', 'db.internal.example.com', false],
])('%s and %s are the same host: %s', (one, other, expected) => {
  expect(isSameHost(one, other)).toBe(expected);
});
