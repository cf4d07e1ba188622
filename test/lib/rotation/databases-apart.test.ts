import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  DatabaseEngine,
  DatabaseRotation,
  DatabaseSecret,
  DatabaseStrategy,
  DatabaseTarget,
  RotationCode,
  RotationFunction,
  SecretKey,
} from '../../../lib';
import { appUser, cluster, isolatedVpc } from '../databases';
import { FLAGS, app, stack } from '../stacks';

/** The name of the stack that holds each part; `rotation` where a function of its own stands. */
interface Arrangement {
  network: string;
  key: string;
  database: string;
  secret: string;
  reader: string;
  rotation?: string;
  schedule?: string;
}

const TOGETHER: Arrangement = { network: 'A', key: 'A', database: 'A', secret: 'A', reader: 'A' };

const ARRANGEMENTS: [string, Arrangement][] = [
  ['all in one stack', TOGETHER],
  ['the reader apart', { ...TOGETHER, reader: 'B' }],
  ['the users in the stack of the application', { ...TOGETHER, secret: 'B', reader: 'B' }],
  ['the network apart', { ...TOGETHER, network: 'N' }],
  ['each in the stack of its team', { network: 'N', key: 'K', database: 'D', secret: 'S', reader: 'R' }],
  ['the function apart', { ...TOGETHER, rotation: 'F', network: 'N' }],
  ['the function with the network', { ...TOGETHER, rotation: 'N', network: 'N' }],
  ['the function and the schedule with the reader', { ...TOGETHER, rotation: 'B', schedule: 'B', reader: 'B' }],
  [
    'each part apart, the function and the schedule too',
    { network: 'N', key: 'K', database: 'D', secret: 'S', reader: 'R', rotation: 'F', schedule: 'G' },
  ],
];

function arrange(application: App, where: Arrangement): Stack[] {
  const made = new Map([...new Set<string>(Object.values(where))].map((name) => [name, stack(application, name)]));
  const at = (part: keyof Arrangement): Stack => made.get(where[part]!)!;
  const code = (strategy: DatabaseStrategy) =>
    RotationCode.databaseUsers({ engine: DatabaseEngine.POSTGRES, strategy });

  const encryptionKey = new SecretKey(at('key'), 'Key');
  const vpc = isolatedVpc(at('network'));
  const { admin, target } = cluster(at('database'), { vpc });
  const own = where.rotation && { vpc };
  const rotationFunction = own
    ? new RotationFunction(at('rotation'), 'Rotation', { code: code(DatabaseStrategy.ALTERNATING_USERS), ...own })
    : undefined;
  const scheduleScope = where.schedule ? at('schedule') : undefined;
  admin.addRotation(DatabaseRotation.singleUser(), target);
  const rotation = DatabaseRotation.alternatingUsers({ masterSecret: admin, rotationFunction, scheduleScope });
  const secret = appUser(at('secret'), { target, rotation, encryptionKey });
  secret.grantRead(
    new iam.Role(at('reader'), 'Reader', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }),
  );
  return [...made.values()];
}

describe.each(FLAGS)('with %s', (_name, flags) => {
  test.each(ARRANGEMENTS)('%s: no stack and no resource waits for itself', (_description, where) => {
    const stacks = arrange(app(flags), where);

    const templates = () => stacks.map((scope) => Template.fromStack(scope));

    expect(templates).not.toThrow();
  });

  test('the stack of a database knows nothing of the users of another stack', () => {
    const application = app(flags);
    const { database } = cluster(stack(application, 'Databases'));

    const scope = stack(application, 'Application');
    const admin = new DatabaseSecret(scope, 'OtherAdmin', {
      username: 'other',
      target: DatabaseTarget.cluster(database),
    });
    appUser(scope, {
      target: DatabaseTarget.cluster(database),
      rotation: DatabaseRotation.alternatingUsers({ masterSecret: admin }),
    });

    const template = Template.fromStack(Stack.of(database));
    expect(Stack.of(database).dependencies).toEqual([]);
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });
});
