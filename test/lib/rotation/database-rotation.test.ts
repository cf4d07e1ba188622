import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import {
  DatabaseEngine,
  DatabaseRotation,
  DatabaseSecret,
  DatabaseStrategy,
  DatabaseTarget,
  ManagedSecret,
  MasterRotationOptions,
  RotationCode,
  RotationFunction,
  RotationSchedule,
  SecretKey,
} from '../../../lib';
import { MYSQL, POSTGRES, appUser, cluster, endpoint, isolatedVpc } from '../databases';
import { ACCOUNT, REGION, identityStatements, stack, statementFor } from '../stacks';

const describesRds = (template: Template) =>
  identityStatements(template).filter(({ Action }) => [Action].flat().includes('rds:DescribeDBInstances'));

/** A user of an endpoint, and the secret of its master at the same endpoint. */
function withMaster(
  strategy: 'singleUserByMaster' | 'alternatingUsers' | 'dualPassword',
  options: Partial<MasterRotationOptions> = {},
  engine = DatabaseEngine.MYSQL,
) {
  const scope = stack();
  const target = endpoint({ engine });
  const masterSecret =
    options.masterSecret ??
    new DatabaseSecret(scope, 'Admin', { username: 'administrator', target, rotation: DatabaseRotation.singleUser() });
  const secret = appUser(scope, { target, rotation: DatabaseRotation[strategy]({ ...options, masterSecret }) });
  return { scope, secret, masterSecret, template: () => Template.fromStack(scope) };
}

describe('the strategy', () => {
  test('single user reaches the function', () => {
    const scope = stack();

    appUser(scope, { target: endpoint(), rotation: DatabaseRotation.singleUser() });

    Template.fromStack(scope).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { KEYTURN_DATABASE_STRATEGY: 'single-user', NODE_OPTIONS: Match.anyValue() } },
    });
  });

  test.each([
    ['singleUserByMaster', 'single-user-by-master'],
    ['alternatingUsers', 'alternating-users'],
    ['dualPassword', 'dual-password'],
  ] as const)('%s reaches the function as %s', (strategy, value) => {
    const { template } = withMaster(strategy);

    template().hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { KEYTURN_DATABASE_STRATEGY: value, NODE_OPTIONS: Match.anyValue() } },
    });
  });

  test.each([
    [DatabaseEngine.POSTGRES, 'dual passwords need MySQL 8.0.21 or later, got PostgreSQL'],
    [DatabaseEngine.MARIADB, 'dual passwords need MySQL 8.0.21 or later, got MariaDB'],
  ])('dual passwords are refused on %s', (engine, message) => {
    expect(() => withMaster('dualPassword', {}, engine)).toThrow(message);
  });

  test.each([
    ['8.0.20', '8.0', false],
    ['8.0.21', '8.0', true],
    ['8.0', '8.0', true],
    ['8.4.3', '8.4', true],
    ['5.7.44', '5.7', false],
  ])('dual passwords on MySQL %s', (full, major, fine) => {
    const scope = stack();
    const instance = rds.DatabaseInstance.fromDatabaseInstanceAttributes(scope, 'Database', {
      engine: rds.DatabaseInstanceEngine.mysql({ version: rds.MysqlEngineVersion.of(full, major) }),
      instanceIdentifier: 'db',
      instanceEndpointAddress: 'db.example.com',
      port: 3306,
      securityGroups: [],
    });
    const masterSecret = new DatabaseSecret(scope, 'Admin', { username: 'administrator' });
    const rotation = DatabaseRotation.dualPassword({ masterSecret });

    const rotate = () => appUser(scope, { target: DatabaseTarget.instance(instance), rotation });

    if (fine) expect(rotate).not.toThrow();
    else expect(rotate).toThrow(`dual passwords need MySQL 8.0.21 or later, got ${full}`);
  });
});

describe('the schedule', () => {
  test('of a single user is every 30 days after midnight, of a user with a master on the first of a month after 4:00', () => {
    const { scope, secret, masterSecret, template } = withMaster('alternatingUsers');

    for (const [one, expression] of [
      [masterSecret, 'rate(30 days)'],
      [secret, 'cron(0 4 1 * ? *)'],
    ] as const) {
      template().hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
        SecretId: scope.resolve(one.secretArn),
        RotationRules: { ScheduleExpression: expression, Duration: '4h' },
        RotateImmediatelyOnUpdate: false,
      });
    }
  });

  test('can be another, and rotate at once', () => {
    const scope = stack();
    const schedule = RotationSchedule.rate(Duration.days(7));

    appUser(scope, {
      target: endpoint(),
      rotation: DatabaseRotation.singleUser({ schedule, rotateImmediately: true }),
    });

    Template.fromStack(scope).hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
      RotationRules: { ScheduleExpression: 'rate(7 days)', Duration: Match.absent() },
      RotateImmediatelyOnUpdate: true,
    });
  });

  test('waits until the values of both secrets are complete', () => {
    const { scope, admin, target } = cluster();

    const rotation = DatabaseRotation.alternatingUsers({ masterSecret: admin });
    appUser(scope, { target, rotation });

    const template = Template.fromStack(scope);
    const [schedule] = Object.values(template.findResources('AWS::SecretsManager::RotationSchedule'));
    expect(schedule.DependsOn).toEqual(
      expect.arrayContaining(Object.keys(template.findResources('AWS::SecretsManager::SecretTargetAttachment'))),
    );
  });

  test('waits until somebody listens at the endpoint of the cluster', () => {
    const { scope, target } = cluster();

    appUser(scope, { target, rotation: DatabaseRotation.singleUser() });

    const template = Template.fromStack(scope);
    const [schedule] = Object.values(template.findResources('AWS::SecretsManager::RotationSchedule'));
    expect(schedule.DependsOn).toEqual(
      expect.arrayContaining(Object.keys(template.findResources('AWS::RDS::DBInstance'))),
    );
  });
});

describe('the master secret', () => {
  test('stands in a tag, and not in the value', () => {
    const { scope, masterSecret, template } = withMaster('alternatingUsers');

    template().hasResourceProperties('AWS::SecretsManager::Secret', {
      Tags: [{ Key: 'keyturn:master-secret', Value: scope.resolve(masterSecret.secretArn) }],
      GenerateSecretString: Match.objectLike({ SecretStringTemplate: Match.not(Match.stringLikeRegexp('masterarn')) }),
    });
  });

  test('is read at AWSCURRENT only, with its key', () => {
    const scope = stack();
    const key = new SecretKey(scope, 'KeyOfAdmin');
    const masterSecret = new DatabaseSecret(scope, 'Admin', { username: 'administrator', encryptionKey: key });

    appUser(scope, { target: endpoint(), rotation: DatabaseRotation.alternatingUsers({ masterSecret }) });

    const template = Template.fromStack(scope);
    const [read] = identityStatements(template).filter(({ Condition }) => Condition?.Null);
    expect(read).toMatchObject({
      Action: 'secretsmanager:GetSecretValue',
      Resource: scope.resolve(masterSecret.secretArn),
    });
    expect(statementFor(template, 'kms:Decrypt').Resource).toContainEqual(scope.resolve(key.keyArn));
  });

  test('must be of another user', () => {
    const { admin, target } = cluster();

    const rotate = () => admin.addRotation(DatabaseRotation.alternatingUsers({ masterSecret: admin }), target);

    expect(rotate).toThrow('`masterSecret` must be the secret of another user, got Stack/Admin itself');
  });

  test('must be of another user, also when the database hands it out', () => {
    const { admin, database, target } = cluster();

    const rotation = DatabaseRotation.singleUserByMaster({ masterSecret: database.secret! });

    expect(() => admin.addRotation(rotation, target)).toThrow('got Stack/Admin itself');
  });

  test('must be in the account of the secret', () => {
    const masterSecret = ManagedSecret.fromSecretCompleteArn(
      stack(),
      'Admin',
      `arn:aws:secretsmanager:${REGION}:210987654321:secret:admin-AbCdEf`,
    );

    expect(() => withMaster('alternatingUsers', { masterSecret })).toThrow(
      `\`masterSecret\` must be in account ${ACCOUNT}, as Stack/AppUser is, got one of account 210987654321`,
    );
  });
});

describe('RDS is asked which server a host belongs to', () => {
  const imported = (scope: ReturnType<typeof stack>) =>
    ManagedSecret.fromSecretCompleteArn(
      scope,
      'Elsewhere',
      `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:a-AbCdEf`,
    );

  test('not when both secrets are attached to one database', () => {
    const { scope, admin, target } = cluster();

    appUser(scope, { target, rotation: DatabaseRotation.alternatingUsers({ masterSecret: admin }) });

    expect(describesRds(Template.fromStack(scope))).toEqual([]);
  });

  test('not when the master secret is the one that the database hands out', () => {
    const { scope, database, target } = cluster();

    appUser(scope, { target, rotation: DatabaseRotation.alternatingUsers({ masterSecret: database.secret! }) });

    expect(describesRds(Template.fromStack(scope))).toEqual([]);
  });

  test("not when it is CDK's own secret of the database", () => {
    const scope = stack();
    const database = new rds.DatabaseCluster(scope, 'Database', {
      engine: POSTGRES,
      vpc: isolatedVpc(scope),
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      writer: rds.ClusterInstance.serverlessV2('Writer'),
    });

    appUser(scope, {
      target: DatabaseTarget.cluster(database),
      rotation: DatabaseRotation.alternatingUsers({ masterSecret: database.secret! }),
    });

    expect(describesRds(Template.fromStack(scope))).toEqual([]);
  });

  test('not when both name one endpoint', () => {
    const { template } = withMaster('alternatingUsers');

    expect(describesRds(template())).toEqual([]);
  });

  test('not for a single user', () => {
    const scope = stack();

    appUser(scope, { target: endpoint(), rotation: DatabaseRotation.singleUser() });

    expect(describesRds(Template.fromStack(scope))).toEqual([]);
  });

  test('when the master secret is from elsewhere, whose tags may name its database', () => {
    const scope = stack();
    const masterSecret = imported(scope);

    appUser(scope, { target: endpoint(), rotation: DatabaseRotation.alternatingUsers({ masterSecret }) });

    const template = Template.fromStack(scope);
    expect(describesRds(template)).toEqual([
      {
        Effect: 'Allow',
        Action: [
          'rds:DescribeDBInstances',
          'rds:DescribeDBClusters',
          'rds:DescribeDBClusterEndpoints',
          'rds:DescribeDBProxies',
          'rds:DescribeDBProxyEndpoints',
          'rds:DescribeDBProxyTargets',
        ],
        Resource: '*',
      },
    ]);
    const describe = identityStatements(template).filter(({ Action }) => Action === 'secretsmanager:DescribeSecret');
    expect(describe).toEqual([
      { Effect: 'Allow', Action: 'secretsmanager:DescribeSecret', Resource: masterSecret.secretArn },
    ]);
  });

  test('not when the master secret from elsewhere has the same host', () => {
    const scope = stack();
    const rotation = DatabaseRotation.alternatingUsers({ masterSecret: imported(scope), resolveHosts: false });

    appUser(scope, { target: endpoint(), rotation });

    expect(describesRds(Template.fromStack(scope))).toEqual([]);
  });

  test('for an alias', () => {
    const scope = stack();

    appUser(scope, { target: endpoint(), rotation: DatabaseRotation.singleUser({ resolveHosts: true }) });

    expect(describesRds(Template.fromStack(scope))).toHaveLength(1);
  });

  test('for the host of a proxy', () => {
    const scope = stack();
    const target = endpoint({ host: 'app.proxy-abcdefghijkl.us-east-1.rds.amazonaws.com' });

    appUser(scope, { target, rotation: DatabaseRotation.singleUser() });

    expect(describesRds(Template.fromStack(scope))).toHaveLength(1);
  });

  test('once, for however many secrets', () => {
    const scope = stack();
    const rotation = DatabaseRotation.alternatingUsers({ masterSecret: imported(scope) });

    for (const id of ['One', 'Two']) appUser(scope, { id, target: endpoint(), rotation });

    expect(describesRds(Template.fromStack(scope))).toHaveLength(1);
  });
});

describe('a function', () => {
  const functions = (scope: ReturnType<typeof stack>) =>
    Object.values(Template.fromStack(scope).findResources('AWS::Lambda::Function'));

  test('is shared by users of one engine and configuration', () => {
    const scope = stack();
    const rotation = DatabaseRotation.singleUser({ passwordPolicy: { length: 40 } });

    for (const [id, engine] of [
      ['One', DatabaseEngine.MYSQL],
      ['Two', DatabaseEngine.MARIADB],
    ] as const) {
      appUser(scope, { id, target: endpoint({ engine }), rotation });
    }

    expect(functions(scope)).toHaveLength(1);
  });

  test.each([
    ['engine', { engine: DatabaseEngine.MYSQL }, {}],
    ['password policy', {}, { passwordPolicy: { length: 40 } }],
    ['way of telling passwords', {}, { passwordAsText: true }],
  ])('is not shared by users of another %s', (_setting, target, options) => {
    const scope = stack();

    appUser(scope, { id: 'One', target: endpoint(), rotation: DatabaseRotation.singleUser() });
    appUser(scope, { id: 'Two', target: endpoint(target), rotation: DatabaseRotation.singleUser(options) });

    expect(functions(scope)).toHaveLength(2);
  });

  test('of the user can be named', () => {
    const scope = stack();
    const code = RotationCode.databaseUsers({
      engine: DatabaseEngine.POSTGRES,
      strategy: DatabaseStrategy.SINGLE_USER,
    });
    const rotationFunction = new RotationFunction(scope, 'Rotation', { code, memorySize: 512 });

    appUser(scope, { target: endpoint(), rotation: DatabaseRotation.singleUser({ rotationFunction }) });

    expect(functions(scope).map(({ Properties }) => Properties.MemorySize)).toEqual([512]);
  });

  test('that is named keeps its own settings', () => {
    const scope = stack();
    const code = RotationCode.databaseUsers({
      engine: DatabaseEngine.POSTGRES,
      strategy: DatabaseStrategy.SINGLE_USER,
      passwordPolicy: { length: 64 },
    });
    const rotationFunction = new RotationFunction(scope, 'Rotation', { code });

    const rotate = () =>
      appUser(scope, { target: endpoint(), rotation: DatabaseRotation.singleUser({ rotationFunction }) });

    expect(rotate).not.toThrow();
  });

  test.each([
    ['another engine', { engine: DatabaseEngine.MYSQL, strategy: DatabaseStrategy.SINGLE_USER }, {}],
    ['another strategy', { engine: DatabaseEngine.POSTGRES, strategy: DatabaseStrategy.ALTERNATING_USERS }, {}],
    [
      'another password policy',
      { engine: DatabaseEngine.POSTGRES, strategy: DatabaseStrategy.SINGLE_USER },
      { passwordPolicy: { length: 40 } },
    ],
  ])('that is named is refused for %s', (_difference, options, asked) => {
    const scope = stack();
    const rotationFunction = new RotationFunction(scope, 'Rotation', { code: RotationCode.databaseUsers(options) });

    const rotate = () =>
      appUser(scope, { target: endpoint(), rotation: DatabaseRotation.singleUser({ rotationFunction, ...asked }) });

    expect(rotate).toThrow(/^`rotationFunction` must run PostgresSingleUser\w*, as its RotationCode says, got /);
  });

  test('that is named for X cannot rotate users', () => {
    const scope = stack();
    const rotationFunction = new RotationFunction(scope, 'Rotation', { code: RotationCode.xBearerToken() });

    const rotate = () =>
      appUser(scope, { target: endpoint(), rotation: DatabaseRotation.singleUser({ rotationFunction }) });

    expect(rotate).toThrow(
      '`rotationFunction` must run PostgresSingleUser, as its RotationCode says, got XBearerToken',
    );
  });

  test('that is named has a place of its own', () => {
    const scope = stack();
    const code = RotationCode.databaseUsers({
      engine: DatabaseEngine.POSTGRES,
      strategy: DatabaseStrategy.SINGLE_USER,
    });
    const rotationFunction = new RotationFunction(scope, 'Rotation', { code });

    const rotate = () =>
      appUser(scope, {
        target: endpoint(),
        rotation: DatabaseRotation.singleUser({ rotationFunction, securityGroups: [] }),
      });

    expect(rotate).toThrow('`vpcSubnets` and `securityGroups` must be left out with `rotationFunction`');
  });
});

test('passwords as text are for PostgreSQL', () => {
  const rotate = () =>
    appUser(stack(), {
      target: endpoint({ engine: DatabaseEngine.MYSQL }),
      rotation: DatabaseRotation.singleUser({ passwordAsText: true }),
    });

  expect(rotate).toThrow('`passwordAsText` is for PostgreSQL, got MySQL');
});

describe('username', () => {
  const rotate = (engine: DatabaseEngine, username: string, alternating: boolean) => () => {
    const scope = stack();
    const target = endpoint({ engine });
    const masterSecret = new DatabaseSecret(scope, 'Admin', { username: 'administrator', target });
    const rotation = alternating ? DatabaseRotation.alternatingUsers({ masterSecret }) : DatabaseRotation.singleUser();
    return appUser(scope, { username, target, rotation });
  };

  test.each([
    [DatabaseEngine.POSTGRES, 63, 57],
    [DatabaseEngine.MYSQL, 32, 26],
    [DatabaseEngine.MARIADB, 80, 74],
  ])('on %s may have %i characters, and %i with a clone', (engine, longest, longestOriginal) => {
    expect(rotate(engine, 'u'.repeat(longest), false)).not.toThrow();
    expect(rotate(engine, 'u'.repeat(longest + 1), false)).toThrow(`\`username\` must have at most ${longest} `);
    expect(rotate(engine, 'u'.repeat(longestOriginal), true)).not.toThrow();
    expect(rotate(engine, 'u'.repeat(longestOriginal + 1), true)).toThrow(
      new RegExp(
        `\`username\` must have at most ${longestOriginal} .*, which leaves room for _clone, got ${longestOriginal + 1}`,
      ),
    );
  });

  test('is counted in bytes on PostgreSQL, in characters on MySQL', () => {
    expect(rotate(DatabaseEngine.POSTGRES, 'é'.repeat(32), false)).toThrow('at most 63 bytes on PostgreSQL, got 64');
    expect(rotate(DatabaseEngine.MYSQL, 'é'.repeat(32), false)).not.toThrow();
  });

  test('must not look like a clone with alternating users', () => {
    expect(rotate(DatabaseEngine.POSTGRES, 'app_clone', true)).toThrow(
      '`username` must not end in _clone with alternating users, got app_clone',
    );
    expect(rotate(DatabaseEngine.POSTGRES, 'app_clone', false)).not.toThrow();
  });
});

describe('alternating users', () => {
  const REASON = 'alternating users cannot be used behind an RDS Proxy: it lets in the user of AWSCURRENT only';

  const proxied = (secrets: secretsmanager.ISecret[], on: ReturnType<typeof cluster>) =>
    new rds.DatabaseProxy(on.scope, 'Proxy', {
      proxyTarget: rds.ProxyTarget.fromCluster(on.database),
      secrets,
      vpc: on.vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    });

  test('are refused for a target that is read through a proxy', () => {
    const on = cluster();
    const target = DatabaseTarget.cluster(on.database, { proxy: proxied([on.admin], on) });
    const rotation = DatabaseRotation.alternatingUsers({ masterSecret: on.admin });

    expect(() => appUser(on.scope, { target, rotation })).toThrow(REASON);
  });

  test('are refused for the host of a proxy', () => {
    const target = endpoint({ host: 'app.proxy-abcdefghijkl.us-east-1.rds.amazonaws.com' });
    const scope = stack();
    const masterSecret = new DatabaseSecret(scope, 'Admin', { username: 'administrator', target });

    const rotate = () => appUser(scope, { target, rotation: DatabaseRotation.alternatingUsers({ masterSecret }) });

    expect(rotate).toThrow(REASON);
  });

  test('are refused when a proxy that is made later uses the secret', () => {
    const on = cluster();
    const rotation = DatabaseRotation.alternatingUsers({ masterSecret: on.admin });
    const secret = appUser(on.scope, { target: on.target, rotation });

    proxied([on.admin, secret], on);

    expect(() => Template.fromStack(on.scope)).toThrow(`Stack/AppUser, used by Stack/Proxy/Resource: ${REASON}`);
  });

  test('are fine beside a proxy that uses other secrets', () => {
    const on = cluster();
    const rotation = DatabaseRotation.alternatingUsers({ masterSecret: on.admin });
    appUser(on.scope, { target: on.target, rotation });

    proxied([on.admin], on);

    expect(() => Template.fromStack(on.scope)).not.toThrow();
  });

  test('other strategies go with a proxy', () => {
    const on = cluster(stack(), { engine: MYSQL });
    const rotation = DatabaseRotation.dualPassword({ masterSecret: on.admin });
    const secret = appUser(on.scope, { target: on.target, rotation });

    proxied([secret], on);

    expect(() => Template.fromStack(on.scope)).not.toThrow();
  });
});

describe('the windows of a secret and of its master secret', () => {
  const spaced = (schedule: RotationSchedule | undefined, masters: RotationSchedule | undefined) => () => {
    const { scope, admin, database, target } = cluster();
    admin.addRotation(DatabaseRotation.singleUser({ schedule: masters }), target);
    const rotation = DatabaseRotation.alternatingUsers({ masterSecret: database.secret!, schedule });
    appUser(scope, { target, rotation });
    return Template.fromStack(scope);
  };

  test('are apart when nothing is said', () => {
    expect(spaced(undefined, undefined)).not.toThrow();
  });

  test('must not be open at the same time', () => {
    const schedule = RotationSchedule.rate(Duration.days(10));
    const masters = RotationSchedule.cron({ hour: '20', window: Duration.hours(2) });

    expect(spaced(schedule, masters)).toThrow(
      'the rotation windows of Stack/AppUser, rate(10 days), and of its master secret Stack/Admin, cron(0 20 * * ? *) for 2h, may be open at the same time',
    );
  });

  test('are apart by the hours that are set', () => {
    const schedule = RotationSchedule.cron({ hour: '8', window: Duration.hours(2) });
    const masters = RotationSchedule.cron({ hour: '20', window: Duration.hours(2) });

    expect(spaced(schedule, masters)).not.toThrow();
  });
});
