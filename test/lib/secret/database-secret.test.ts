import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { DatabaseEngine, DatabaseRotation, DatabaseSecret, DatabaseSecretProps } from '../../../lib';
import { UNSAFE_PASSWORD_CHARACTERS } from '../../../lib/rotation/contract';
import { appUser, cluster, endpoint, isolatedVpc } from '../databases';
import { FLAGS, app, stack, statementFor } from '../stacks';

const firstValue = (props: Partial<DatabaseSecretProps>) => {
  const scope = stack();
  appUser(scope, props);
  const [secret] = Object.values(Template.fromStack(scope).findResources('AWS::SecretsManager::Secret'));
  return JSON.parse(secret.Properties.GenerateSecretString.SecretStringTemplate);
};

// When this test fails, each deployed secret would get a new password over the one that is in use.
test('the first value is generated as it always was', () => {
  const scope = stack();

  appUser(scope, {});

  Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::Secret', {
    SecretString: Match.absent(),
    GenerateSecretString: {
      SecretStringTemplate: '{"username":"app"}',
      GenerateStringKey: 'password',
      PasswordLength: 32,
      ExcludeCharacters: '/@"\'\\:;`$% ',
    },
  });
});

test('the first password leaves out what no generated password has', () => {
  const scope = stack();

  appUser(scope, {});

  const [secret] = Object.values(Template.fromStack(scope).findResources('AWS::SecretsManager::Secret'));
  const excluded: string = secret.Properties.GenerateSecretString.ExcludeCharacters;
  expect([...UNSAFE_PASSWORD_CHARACTERS].filter((character) => !excluded.includes(character))).toEqual([]);
});

test.each<[string, Partial<DatabaseSecretProps>]>([
  ['the password policy', { rotation: DatabaseRotation.singleUser({ passwordPolicy: { length: 64 } }) }],
  ['the schedule', { rotation: DatabaseRotation.singleUser({ rotateImmediately: true }) }],
])('%s does not change the first value', (_setting, props) => {
  expect(firstValue({ target: endpoint(), ...props })).toEqual(firstValue({ target: endpoint() }));
});

test('an endpoint stands in the first value', () => {
  const target = endpoint({ engine: DatabaseEngine.MARIADB, host: 'db.example.com' });

  expect(firstValue({ target, databaseName: 'orders' })).toEqual({
    engine: 'mariadb',
    host: 'db.example.com',
    port: 3306,
    username: 'app',
    dbname: 'orders',
  });
});

test('the host of a resource stands in the first value as a reference', () => {
  const { scope, database } = cluster();

  appUser(scope, { target: endpoint({ host: database.clusterReadEndpoint.hostname }) });

  Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::Secret', {
    GenerateSecretString: {
      SecretStringTemplate: {
        'Fn::Join': ['', ['{"engine":"postgres","host":"', Match.anyValue(), '","port":5432,"username":"app"}']],
      },
    },
  });
});

test('an instance or a cluster is attached, and nothing of it stands in the first value', () => {
  const { scope, database, target } = cluster();

  const secret = appUser(scope, { target });

  Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::SecretTargetAttachment', {
    SecretId: scope.resolve(secret.secretArn),
    TargetId: scope.resolve(database.clusterIdentifier),
    TargetType: 'AWS::RDS::DBCluster',
  });
});

test('it is kept, under the key of the stack', () => {
  const scope = stack();

  const secret = appUser(scope, {});

  Template.fromStack(scope).hasResource('AWS::SecretsManager::Secret', {
    Properties: { KmsKeyId: scope.resolve(secret.encryptionKey!.keyArn) },
    DeletionPolicy: 'RetainExceptOnCreate',
  });
});

describe.each(FLAGS)('the secret that a database hands out, with %s', (_name, flags) => {
  const handedOut = () => {
    const { scope, admin, database } = cluster(stack(app(flags)));
    return { scope, admin, attached: database.secret! };
  };

  test('is read by the policy of the reader alone', () => {
    const { scope, admin, attached } = handedOut();
    const reader = new iam.Role(scope, 'Reader', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });

    attached.grantRead(reader);

    const template = Template.fromStack(scope);
    expect(statementFor(template, 'kms:Decrypt').Resource).toEqual(scope.resolve(admin.encryptionKey!.keyArn));
    expect(statementFor(template, 'secretsmanager:GetSecretValue').Resource).toEqual(scope.resolve(attached.secretArn));
    const [key] = Object.values(template.findResources('AWS::KMS::Key'));
    expect(key.Properties.KeyPolicy.Statement).toHaveLength(2);
  });

  test('has one resource policy with the secret, which never lets everybody in', () => {
    const { scope, admin, attached } = handedOut();

    admin.denyAccountRootDelete();
    attached.denyAccountRootDelete();

    const template = Template.fromStack(scope);
    template.resourceCountIs('AWS::SecretsManager::ResourcePolicy', 1);
    template.hasResourceProperties('AWS::SecretsManager::ResourcePolicy', { BlockPublicPolicy: true });
  });

  test('is not rotated by the functions of AWS unnoticed', () => {
    const { scope } = handedOut();
    const database = scope.node.findChild('Database') as rds.DatabaseCluster;

    expect(() => database.addRotationSingleUser()).toThrow(
      '`addRotationSchedule` would add statements for each secret',
    );
  });
});

describe('addRotation', () => {
  test('rotates the secret that a database took its credentials from', () => {
    const { scope, admin, target } = cluster();

    admin.addRotation(DatabaseRotation.singleUser(), target);

    const template = Template.fromStack(scope);
    template.resourceCountIs('AWS::SecretsManager::SecretTargetAttachment', 1);
    template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
      SecretId: scope.resolve(admin.secretArn),
    });
  });

  test('attaches a secret that no database took', () => {
    const { scope, target } = cluster();

    appUser(scope, {}).addRotation(DatabaseRotation.singleUser(), target);

    Template.fromStack(scope).resourceCountIs('AWS::SecretsManager::SecretTargetAttachment', 2);
  });

  test('may come after the target', () => {
    const scope = stack();
    const target = endpoint();
    const secret = appUser(scope, { target });

    secret.addRotation(DatabaseRotation.singleUser(), endpoint());

    Template.fromStack(scope).resourceCountIs('AWS::SecretsManager::RotationSchedule', 1);
  });

  test('is called once', () => {
    const secret = appUser(stack(), { target: endpoint(), rotation: DatabaseRotation.singleUser() });

    expect(() => secret.addRotation(DatabaseRotation.singleUser(), endpoint())).toThrow(
      'Stack/AppUser is rotated already: a secret has one rotation',
    );
  });

  test.each<[string, (secret: DatabaseSecret) => void, Partial<DatabaseSecretProps>]>([
    ['another endpoint', () => {}, { target: endpoint({ host: 'other.example.com' }) }],
    ['another port', () => {}, { target: endpoint({ port: 6543 }) }],
    ['an endpoint that the first value does not have', () => {}, {}],
    ['a database, where another is attached', attachElsewhere, {}],
  ])('refuses %s', (_description, prepare, props) => {
    const secret = appUser(stack(), props);
    prepare(secret);

    expect(() => secret.addRotation(DatabaseRotation.singleUser(), endpoint())).toThrow(
      '`target` must be the database that is in the value of Stack/AppUser',
    );
  });
});

function attachElsewhere(secret: DatabaseSecret): void {
  secret.attach({
    asSecretAttachmentTarget: () => ({
      targetId: 'other',
      targetType: secretsmanager.AttachmentTargetType.RDS_DB_INSTANCE,
    }),
  });
}

test('a rotation needs a target', () => {
  expect(() => appUser(stack(), { rotation: DatabaseRotation.singleUser() })).toThrow('`rotation` needs a `target`');
});

test('a user has a name', () => {
  expect(() => new DatabaseSecret(stack(), 'AppUser', { username: '' })).toThrow('`username` must not be empty');
});

test('an instance takes its credentials from it', () => {
  const scope = stack();
  const admin = new DatabaseSecret(scope, 'Admin', { username: 'administrator' });

  new rds.DatabaseInstance(scope, 'Database', {
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
    vpc: isolatedVpc(scope),
    vpcSubnets: { subnets: isolatedSubnetsOf(scope) },
    credentials: rds.Credentials.fromSecret(admin),
  });

  Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::SecretTargetAttachment', {
    SecretId: scope.resolve(admin.secretArn),
    TargetType: 'AWS::RDS::DBInstance',
  });
});

function isolatedSubnetsOf(scope: ReturnType<typeof stack>) {
  return (scope.node.findChild('Vpc') as ReturnType<typeof isolatedVpc>).isolatedSubnets;
}
