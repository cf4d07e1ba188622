import { Lab } from '../../../lab';
import { deploy, trusting } from '../assemblies';

const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:';

/** One resource of each type that the lab models. */
const RESOURCES = {
  Key: { Type: 'AWS::KMS::Key', Properties: {} },
  Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/app', TargetKeyId: { Ref: 'Key' } } },
  LogGroup: { Type: 'AWS::Logs::LogGroup' },
  Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trusting('lambda.amazonaws.com') } },
  PathRole: {
    Type: 'AWS::IAM::Role',
    Properties: { RoleName: 'named', Path: '/team/', AssumeRolePolicyDocument: trusting('lambda.amazonaws.com') },
  },
  Policy: {
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyName: 'Writes', PolicyDocument: { Statement: [] }, Roles: [{ Ref: 'Role' }] },
  },
  ManagedPolicy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement: [] } } },
  Function: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Code: { ZipFile: 'exports.handler = async () => {};' },
    },
  },
  Permission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: { Ref: 'Function' },
      Action: 'lambda:InvokeFunction',
      Principal: 'secretsmanager.amazonaws.com',
    },
  },
  Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } } },
  NamedSecret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'app/named' } },
  SecretPolicy: {
    Type: 'AWS::SecretsManager::ResourcePolicy',
    DependsOn: 'NamedSecret',
    Properties: { SecretId: 'app/named', ResourcePolicy: { Statement: [] } },
  },
  Schedule: {
    Type: 'AWS::SecretsManager::RotationSchedule',
    DependsOn: ['NamedSecret', 'Permission'],
    Properties: { SecretId: 'app/named', RotationLambdaARN: { 'Fn::GetAtt': ['Function', 'Arn'] } },
  },
};

const ATTRIBUTES = {
  Key: ['Arn', 'KeyId'],
  LogGroup: ['Arn'],
  Role: ['Arn', 'RoleId'],
  PathRole: ['Arn'],
  Policy: ['Id'],
  ManagedPolicy: ['PolicyArn'],
  Function: ['Arn'],
  Permission: ['Id'],
  Secret: ['Id'],
  SecretPolicy: ['Id'],
  Schedule: ['Id'],
};

let lab: Lab;
let outputs: Record<string, string>;
let resources: { logicalId: string; ref: string }[];

beforeAll(async () => {
  lab = await Lab.start();
  const refs = Object.keys(RESOURCES).map((logicalId) => [logicalId, { Value: { Ref: logicalId } }]);
  const attributes = Object.entries(ATTRIBUTES).flatMap(([logicalId, names]) =>
    names.map((name) => [logicalId + name, { Value: { 'Fn::GetAtt': [logicalId, name] } }]),
  );
  const Outputs = Object.fromEntries([...refs, ...attributes]);
  ({ outputs, resources } = await deploy(lab, { Resources: RESOURCES, Outputs }));
});
afterAll(async () => await lab.stop());

test.each([
  ['Key', /^[0-9a-f-]{36}$/],
  ['Alias', /^alias\/app$/],
  ['LogGroup', /^App-LogGroup-[0-9a-f]{12}$/],
  ['Role', /^App-Role-[0-9a-f]{12}$/],
  ['PathRole', /^named$/],
  ['Policy', /^Writes$/],
  ['ManagedPolicy', /^arn:aws:iam::123456789012:policy\/App-ManagedPolicy-[0-9a-f]{12}$/],
  ['Function', /^App-Function-[0-9a-f]{12}$/],
  ['Permission', /^App-Permission-[0-9a-f]{12}$/],
  ['Secret', /^arn:aws:secretsmanager:us-east-1:123456789012:secret:Secret-[0-9a-f]{12}-\w{6}$/],
  ['NamedSecret', /^arn:aws:secretsmanager:us-east-1:123456789012:secret:app\/named-\w{6}$/],
  ['SecretPolicy', /^arn:aws:secretsmanager:us-east-1:123456789012:secret:app\/named-\w{6}$/],
  ['Schedule', /^arn:aws:secretsmanager:us-east-1:123456789012:secret:app\/named-\w{6}$/],
])('Ref of %s', (logicalId, ref) => {
  expect(outputs[logicalId]).toMatch(ref);
  expect(resources.find((each) => each.logicalId === logicalId)!.ref).toBe(outputs[logicalId]);
});

test.each([
  ['Key', 'Arn', (ref: string) => `arn:aws:kms:us-east-1:123456789012:key/${ref}`],
  ['Key', 'KeyId', (ref: string) => ref],
  ['LogGroup', 'Arn', (ref: string) => `arn:aws:logs:us-east-1:123456789012:log-group:${ref}:*`],
  ['Role', 'Arn', (ref: string) => `arn:aws:iam::123456789012:role/${ref}`],
  ['Role', 'RoleId', (ref: string) => `AROA${ref}`],
  ['PathRole', 'Arn', () => 'arn:aws:iam::123456789012:role/team/named'],
  ['Policy', 'Id', (ref: string) => ref],
  ['ManagedPolicy', 'PolicyArn', (ref: string) => ref],
  ['Function', 'Arn', (ref: string) => FUNCTION + ref],
  ['Permission', 'Id', (ref: string) => ref],
  ['Secret', 'Id', (ref: string) => ref],
  ['SecretPolicy', 'Id', (ref: string) => ref],
  ['Schedule', 'Id', (ref: string) => ref],
])('Fn::GetAtt of %s: %s', (logicalId, attribute, expected) => {
  expect(outputs[logicalId + attribute]).toBe(expected(outputs[logicalId]));
});

test('every resource is listed in the order in which it was made', () => {
  const order = resources.map(({ logicalId }) => logicalId);

  expect([...order].sort()).toEqual(Object.keys(RESOURCES).sort());
  expect(order.indexOf('Permission')).toBeLessThan(order.indexOf('Schedule'));
  expect(order.indexOf('Function')).toBeLessThan(order.indexOf('Permission'));
});
