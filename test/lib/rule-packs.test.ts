import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ApiKeySecret, DatabaseRotation, ManagedSecret } from '../../lib';
import { appUser, cluster, isolatedVpc } from './databases';
import { rotatedKey } from './issuers';
import { ACCOUNT, FLAGS, REGION, app, rotatedToken, stack } from './stacks';

const violations = (scope: Stack) =>
  new AwsSolutionsChecks(scope).validateScope(scope).violations.map(({ ruleName }) => ruleName);

describe.each(FLAGS)('AwsSolutions with %s', (_name, flags) => {
  test.each([
    ['whose account and region are known', () => stack(app(flags))],
    ['that can be deployed anywhere', () => new Stack(new App({ context: flags }), 'Anywhere')],
  ])('finds nothing in a stack %s', (_description, make) => {
    const scope = make();
    const reader = new iam.Role(scope, 'Reader', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });

    rotatedToken(scope).grantRead(reader);

    expect(violations(scope)).toEqual([]);
  });

  test('finds nothing in the stack of a secret whose schedule stands in another', () => {
    const application = app(flags);
    const scope = stack(application, 'Secrets');

    rotatedToken(scope, { rotation: { scheduleScope: stack(application, 'Schedules') } });

    expect(violations(scope)).toEqual([]);
  });

  test('finds nothing in the key of an HTTP issuer, and nothing more in the canary that tries it', () => {
    const set = () => {
      const scope = stack(app(flags));
      const canary = new lambda.Function(scope, 'Canary', {
        runtime: lambda.Runtime.NODEJS_24_X,
        handler: 'index.handler',
        code: lambda.Code.fromInline('exports.handler = async () => true;'),
      });
      return { scope, canary };
    };
    const before = violations(set().scope);
    const { scope, canary } = set();
    const credential = ManagedSecret.fromSecretName(scope, 'Admin', 'acme/admin');

    rotatedKey(scope, { rotation: { credential, canary } });

    expect(violations(scope)).toEqual(before);
  });

  test('still finds the credential of an HTTP issuer when nothing rotates it', () => {
    const scope = stack(app(flags));

    rotatedKey(scope);

    expect(violations(scope)).toEqual(['AwsSolutions-SMG4']);
  });

  test('still finds a secret that nothing rotates', () => {
    const scope = stack(app(flags));

    new ApiKeySecret(scope, 'Secret', { fields: ['key'] });

    expect(violations(scope)).toEqual(['AwsSolutions-SMG4']);
  });

  test('finds in a cluster what it finds without the rotation of its users, and no secret that nothing rotates', () => {
    const before = violations(cluster(stack(app(flags))).scope);
    const { scope, admin, target } = cluster(stack(app(flags)));
    const reader = new iam.Role(scope, 'Reader', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });

    admin.addRotation(DatabaseRotation.singleUser(), target);
    const rotation = DatabaseRotation.alternatingUsers({ masterSecret: admin });
    appUser(scope, { target, rotation }).grantRead(reader);

    expect(violations(scope)).toEqual(before.filter((rule) => rule !== 'AwsSolutions-SMG4'));
  });

  test('finds nothing more where RDS is asked about hosts', () => {
    const arn = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:admin-AbCdEf`;
    const set = () => {
      const scope = stack(app(flags));
      return { ...cluster(scope, { vpc: isolatedVpc(scope, ['SECRETS_MANAGER', 'RDS']) }), scope };
    };
    const before = violations(set().scope);
    const { scope, target } = set();
    const masterSecret = ManagedSecret.fromSecretCompleteArn(scope, 'Elsewhere', arn);

    appUser(scope, { target, rotation: DatabaseRotation.singleUserByMaster({ masterSecret }) });

    expect(violations(scope)).toEqual(before);
  });
});
