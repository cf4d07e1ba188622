import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ApiKeySecret, RotationCode, RotationFunction, SecretKey } from '../../../lib';
import { acme, rotatedKey } from '../issuers';
import { FLAGS, X_FIELDS, app, rotatedToken, stack } from '../stacks';

/** The name of the stack that holds each part; the schedule stands with the secret unless it says otherwise. */
interface Arrangement {
  key: string;
  issuer: string;
  secret: string;
  rotation: string;
  reader: string;
  schedule?: string;
}

const APART: Arrangement = { key: 'A', issuer: 'A', secret: 'A', rotation: 'B', reader: 'C' };

const ARRANGEMENTS: [string, Arrangement][] = [
  ['all in one stack', { key: 'A', issuer: 'A', secret: 'A', rotation: 'A', reader: 'A' }],
  ['the reader apart', { key: 'A', issuer: 'A', secret: 'A', rotation: 'A', reader: 'B' }],
  ['the function apart', { key: 'A', issuer: 'A', secret: 'A', rotation: 'B', reader: 'A' }],
  [
    'the function and the schedule apart',
    { key: 'A', issuer: 'A', secret: 'A', rotation: 'B', reader: 'A', schedule: 'B' },
  ],
  ['the function with the reader', { key: 'A', issuer: 'A', secret: 'A', rotation: 'B', reader: 'B', schedule: 'B' }],
  ['the key apart', { key: 'B', issuer: 'A', secret: 'A', rotation: 'A', reader: 'A' }],
  ['the key with the function', { key: 'B', issuer: 'A', secret: 'A', rotation: 'B', reader: 'A' }],
  ['the consumer keys and the key apart', { key: 'B', issuer: 'B', secret: 'A', rotation: 'A', reader: 'A' }],
  ['secret, function and reader apart', APART],
  ['each part apart', { key: 'A', issuer: 'B', secret: 'C', rotation: 'D', reader: 'E' }],
  [
    'each part apart, the schedule too',
    { key: 'A', issuer: 'B', secret: 'C', rotation: 'D', reader: 'E', schedule: 'F' },
  ],
];

function arrange(application: App, where: Arrangement) {
  const names = new Set<string>(Object.values(where));
  const made = new Map([...names].map((name) => [name, stack(application, name)]));
  const at = (part: keyof Arrangement): Stack => made.get(where[part]!)!;

  const encryptionKey = new SecretKey(at('key'), 'Key');
  const consumerKeys = new ApiKeySecret(at('issuer'), 'X', { fields: X_FIELDS, encryptionKey });
  const rotationFunction = new RotationFunction(at('rotation'), 'Rotation', { code: RotationCode.xBearerToken() });
  const secret = rotatedToken(at('secret'), {
    secret: { encryptionKey },
    rotation: { consumerKeys, rotationFunction, scheduleScope: where.schedule ? at('schedule') : undefined },
  });
  secret.grantRead(
    new iam.Role(at('reader'), 'Reader', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }),
  );
  return { at, stacks: [...made.values()] };
}

describe.each(FLAGS)('with %s', (_name, flags) => {
  test.each(ARRANGEMENTS)('%s: no stack and no resource waits for itself', (_description, where) => {
    const { stacks } = arrange(app(flags), where);

    const templates = () => stacks.map((scope) => Template.fromStack(scope));

    expect(templates).not.toThrow();
  });

  test('the stack of the function knows no secret', () => {
    const application = app(flags);
    const { at } = arrange(application, APART);

    application.synth();

    const dependencies = (part: 'rotation' | 'secret') => at(part).dependencies.map(({ stackName }) => stackName);
    expect(dependencies('rotation')).toEqual([]);
    expect(dependencies('secret')).toEqual(['B']);
    expect(JSON.stringify(Template.fromStack(at('rotation')))).not.toContain('kms:');
  });

  test('a schedule that is placed in the stack of the reader brings the function there', () => {
    const application = app(flags);
    const secrets = stack(application, 'Secrets');
    const consumer = stack(application, 'Consumer');
    const secret = rotatedToken(secrets, { rotation: { scheduleScope: consumer } });

    secret.grantRead(new iam.Role(consumer, 'Reader', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }));

    Template.fromStack(secrets).resourceCountIs('AWS::Lambda::Function', 0);
    Template.fromStack(consumer).resourceCountIs('AWS::Lambda::Function', 1);
    Template.fromStack(consumer).resourceCountIs('AWS::SecretsManager::RotationSchedule', 1);
  });

  test('two stacks that share a function keep their policies apart on its role', () => {
    const application = app(flags);
    const rotationFunction = new RotationFunction(stack(application, 'Functions'), 'Rotation', {
      code: RotationCode.xBearerToken(),
    });

    const scopes = ['One', 'Two'].map((name) => stack(application, name));
    scopes.forEach((scope) => rotatedToken(scope, { rotation: { rotationFunction } }));

    const names = scopes
      .flatMap((scope) => Object.values(Template.fromStack(scope).findResources('AWS::IAM::Policy')))
      .map((policy) => policy.Properties.PolicyName);
    expect(names).toHaveLength(2);
    expect(new Set(names).size).toBe(2);
  });

  test('the schedule stands in the stack of the secret, after all that it needs', () => {
    const application = app(flags);
    const { at } = arrange(application, APART);

    const template = Template.fromStack(at('secret'));

    template.resourceCountIs('AWS::SecretsManager::RotationSchedule', 1);
    const [policy] = Object.keys(template.findResources('AWS::IAM::Policy'));
    template.hasResource('AWS::SecretsManager::RotationSchedule', { DependsOn: [policy] });
  });

  test('old keys of an HTTP issuer are looked at from where the schedule stands', () => {
    const application = app(flags);
    const secrets = stack(application, 'Secrets');
    const schedules = stack(application, 'Schedules');

    rotatedKey(secrets, { rotation: { scheduleScope: schedules } });

    Template.fromStack(secrets).resourceCountIs('AWS::Events::Rule', 0);
    Template.fromStack(schedules).resourceCountIs('AWS::Events::Rule', 1);
    Template.fromStack(schedules).resourceCountIs('AWS::Lambda::Function', 1);
    expect(secrets.dependencies).toEqual([]);
  });

  test('old keys of two stacks that share a function are looked at from each of them', () => {
    const application = app(flags);
    const code = RotationCode.apiKey(acme());
    const functions = stack(application, 'Functions');
    const rotationFunction = new RotationFunction(functions, 'Rotation', { code });

    const scopes = ['One', 'Two'].map((name) => stack(application, name));
    scopes.forEach((scope) => rotatedKey(scope, { rotation: { rotationFunction } }));

    Template.fromStack(functions).resourceCountIs('AWS::Events::Rule', 0);
    for (const scope of scopes) {
      Template.fromStack(scope).resourceCountIs('AWS::Events::Rule', 1);
      Template.fromStack(scope).resourceCountIs('AWS::Lambda::Permission', 1);
    }
    expect(functions.dependencies).toEqual([]);
  });

  test('a canary that stands in another stack takes the schedule there', () => {
    const application = app(flags);
    const secrets = stack(application, 'Secrets');
    const consumer = stack(application, 'Consumer');
    const canary = new lambda.Function(consumer, 'Canary', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => true;'),
    });

    rotatedKey(secrets, { rotation: { canary, scheduleScope: consumer } });

    expect(() => application.synth()).not.toThrow();
    expect(secrets.dependencies).toEqual([]);
  });
});
