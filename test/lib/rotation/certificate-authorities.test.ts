import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Authority } from '../../../lab/authority';
import { knownRegions } from '../../../lambda/engine/certificate-authorities';
import { DatabaseEngine, DatabaseRotation, DatabaseStrategy, RotationCode } from '../../../lib';
import { REGIONS_WITH_KNOWN_AUTHORITIES } from '../../../lib/rotation/certificate-authorities';
import { ACCOUNT, app, stack } from '../stacks';
import { appUser, cluster, endpoint } from '../databases';

let pem: string;
let key: string;
beforeAll(async () => {
  const authority = await Authority.create();
  pem = authority.pem.trim();
  ({ key } = await authority.issue(['db.example.com']));
});

const variable = (certificateAuthorities: string) =>
  RotationCode.databaseUsers({
    engine: DatabaseEngine.POSTGRES,
    strategy: DatabaseStrategy.SINGLE_USER,
    certificateAuthorities,
  }).environment.KEYTURN_CERTIFICATE_AUTHORITIES;

test('certificates reach the function without what stands around them', () => {
  expect(variable(`# ours\n${pem}\n\n# theirs\n${pem}\n`)).toBe(`${pem}\n${pem}`);
});

test.each([
  ['nothing', () => '', 'must hold certificates in PEM, got none'],
  ['a path', () => '/etc/ssl/ca.pem', 'must hold certificates in PEM, got none'],
  ['a private key', () => `${pem}\n${key}`, 'must be certificates, got a private key'],
  [
    'something else in the frame of a certificate',
    () => `${pem}\n-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----`,
    'certificate 2 of `certificateAuthorities` cannot be read: ',
  ],
  [
    'more than the environment of a function holds',
    () => Array(10).fill(pem).join('\n'),
    'must have at most 3584 characters, which are about two certificates, got ',
  ],
])('%s is refused', (_description, text, message) => {
  expect(() => variable(text())).toThrow(message);
});

test('the Regions whose authorities are known at synth are those of the function', () => {
  expect([...REGIONS_WITH_KNOWN_AUTHORITIES].sort()).toEqual(knownRegions());
});

describe('a Region whose authorities of RDS are not known', () => {
  const WARNING = Match.stringLikeRegexp('the authorities of RDS in mx-central-1 are not known here');
  const inMexico = () => new Stack(app(), 'Stack', { env: { account: ACCOUNT, region: 'mx-central-1' } });

  test('is a warning', () => {
    const { scope, target } = cluster(inMexico());

    appUser(scope, { target, rotation: DatabaseRotation.singleUser() });

    Annotations.fromStack(scope).hasWarning('/Stack/AppUser', WARNING);
  });

  test('is none when the authorities are named', () => {
    const { scope, target } = cluster(inMexico());

    appUser(scope, { target, rotation: DatabaseRotation.singleUser({ certificateAuthorities: pem }) });

    Annotations.fromStack(scope).hasNoWarning('*', WARNING);
    Template.fromStack(scope).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ KEYTURN_CERTIFICATE_AUTHORITIES: pem }) },
    });
  });

  test.each([
    ['mx-central-1', 'db.abcdefghijkl.mx-central-1.rds.amazonaws.com'],
    ['cn-north-1', 'db.abcdefghijkl.rds.cn-north-1.amazonaws.com.cn'],
  ])('is a warning for an endpoint in %s', (region, host) => {
    const scope = stack();

    appUser(scope, { target: endpoint({ host }), rotation: DatabaseRotation.singleUser() });

    Annotations.fromStack(scope).hasWarning(
      '*',
      Match.stringLikeRegexp(`the authorities of RDS in ${region} are not known`),
    );
  });

  test('is none for a server that is not of RDS', () => {
    const scope = inMexico();

    appUser(scope, { target: endpoint(), rotation: DatabaseRotation.singleUser() });

    Annotations.fromStack(scope).hasNoWarning('*', WARNING);
  });
});
