import { X509Certificate } from 'node:crypto';
import { REGIONS_WITH_KNOWN_AUTHORITIES } from '../../../lib/rotation/certificate-authorities';
import { authoritiesFor, knownRegions } from '../../../lambda/engine/certificate-authorities';

const namesOf = (ca: string | string[] | undefined) =>
  [ca ?? []].flat().map((pem) => /^CN=(.*)$/m.exec(new X509Certificate(pem).subject)![1]);

test.each([
  ['an instance', 'orders.abc123.eu-west-1.rds.amazonaws.com'],
  ['a cluster', 'orders.cluster-abc123.eu-west-1.rds.amazonaws.com'],
  ['a name in capitals that ends with a dot', 'ORDERS.abc123.EU-WEST-1.rds.amazonaws.com.'],
])("%s of RDS is trusted by its own Region's authorities and Amazon's public ones", (_, host) => {
  const { ca, unknownRegion } = authoritiesFor(host);

  const names = namesOf(ca);
  expect(names.filter((name) => name.includes('RDS')).sort()).toEqual([
    'Amazon RDS eu-west-1 Root CA ECC384 G1',
    'Amazon RDS eu-west-1 Root CA RSA2048 G1',
    'Amazon RDS eu-west-1 Root CA RSA4096 G1',
  ]);
  expect(names).toContain('Amazon Root CA 1');
  expect(unknownRegion).toBeUndefined();
});

test.each([
  ['x.abc.il-central-1.rds.amazonaws.com', 'il-central-1'],
  ['x.abc.us-gov-west-1.rds.amazonaws.com', 'us-gov-west-1'],
  ['x.abc.rds.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
])('%s is in a Region whose authorities are not known: only public ones are left', (host, region) => {
  const { ca, unknownRegion } = authoritiesFor(host);

  expect(unknownRegion).toBe(region);
  expect(namesOf(ca)).toHaveLength(5);
  expect(namesOf(ca).join()).not.toContain('RDS');
});

test.each(['db.internal', '10.0.0.1', 'rds.amazonaws.com.evil.example', 'x.abc.us-east-1.rds.amazonaws.com.evil'])(
  '%s is no host of RDS and is trusted by the roots that Node has',
  (host) => {
    const { ca } = authoritiesFor(host);

    expect(ca).toBeUndefined();
  },
);

test.each(['db.internal', 'x.abc.us-east-1.rds.amazonaws.com'])(
  'an authority of your own is the only one that %s is trusted by',
  (host) => {
    const authorities = authoritiesFor(host, 'PEM');

    expect(authorities).toEqual({ ca: 'PEM' });
  },
);

test.each(knownRegions())('the authorities of %s are its own, and none of preview, of beta or expired', (region) => {
  const { ca } = authoritiesFor(`x.abc.${region}.rds.amazonaws.com`);

  const certificates = [ca!].flat().map((pem) => new X509Certificate(pem));
  expect(certificates.length).toBeGreaterThan(6);
  expect(namesOf(ca).join()).not.toMatch(/preview|beta/i);
  expect(certificates.every(({ validToDate }) => validToDate.getTime() > Date.UTC(2036, 0))).toBe(true);
});

test('constructs warn of exactly the Regions whose authorities are not known here', () => {
  expect([...REGIONS_WITH_KNOWN_AUTHORITIES].sort()).toEqual(knownRegions());
});
