import { conditionHolds, resolve, type Scope } from '../../assembly';

const scope = (parts: Partial<Scope> = {}): Scope => ({
  pseudo: {
    account: '111122223333',
    region: 'eu-west-1',
    partition: 'aws',
    stackName: 'Secrets',
    stackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Secrets/1',
    urlSuffix: 'amazonaws.com',
  },
  parameters: { Stage: 'prod', Zones: ['a', 'b'], Empty: undefined },
  mappings: { Sizes: { prod: { memory: 512, names: ['x', 'y'] } } },
  conditions: {},
  ref: (logicalId) => `ref-${logicalId}`,
  getAtt: (logicalId, attribute) => `${logicalId}/${attribute}`,
  importValue: (name) => `imported ${name}`,
  stackOutput: (stack, output, region) => `${output} of ${stack} in ${region ?? 'this region'}`,
  dynamicReference: (service, reference) => `<${service} ${reference}>`,
  ...parts,
});

describe('an intrinsic function', () => {
  test.each<[string, unknown, unknown]>([
    ['Ref to a resource', { Ref: 'Secret' }, 'ref-Secret'],
    ['Ref to a parameter', { Ref: 'Stage' }, 'prod'],
    ['Ref to a list parameter', { Ref: 'Zones' }, ['a', 'b']],
    ['Ref to the account', { Ref: 'AWS::AccountId' }, '111122223333'],
    ['Ref to the region', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['Ref to the partition', { Ref: 'AWS::Partition' }, 'aws'],
    ['Ref to the stack', { Ref: 'AWS::StackName' }, 'Secrets'],
    ['Ref to the URL suffix', { Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    ['Ref to no notifications', { Ref: 'AWS::NotificationARNs' }, []],
    ['GetAtt', { 'Fn::GetAtt': ['Role', 'Arn'] }, 'Role/Arn'],
    ['GetAtt in one text', { 'Fn::GetAtt': 'Database.Endpoint.Port' }, 'Database/Endpoint.Port'],
    ['GetAtt of a named attribute', { 'Fn::GetAtt': ['Role', { Ref: 'Stage' }] }, 'Role/prod'],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'Stage' }, 1]] }, 'a-prod-1'],
    ['Join of a list', { 'Fn::Join': [',', { Ref: 'Zones' }] }, 'a,b'],
    ['Join with a part left out', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::NoValue' }, 'b']] }, 'a-b'],
    ['Split', { 'Fn::Split': ['-', { 'Fn::Join': ['-', ['a', 'b']] }] }, ['a', 'b']],
    ['Select', { 'Fn::Select': [1, ['a', 'b']] }, 'b'],
    ['Select by text', { 'Fn::Select': ['0', { 'Fn::Split': [':', 'arn:aws'] }] }, 'arn'],
    ['Sub', { 'Fn::Sub': 'a-${AWS::Region}-${Stage}' }, 'a-eu-west-1-prod'],
    ['Sub of an attribute', { 'Fn::Sub': '${Role.Arn}/${Database.Endpoint.Port}' }, 'Role/Arn/Database/Endpoint.Port'],
    ['Sub with variables', { 'Fn::Sub': ['${A}-${Secret}', { A: { Ref: 'Stage' } }] }, 'prod-ref-Secret'],
    ['Sub with a literal', { 'Fn::Sub': '${!aws:username} ${Stage} $5 {x}' }, '${aws:username} prod $5 {x}'],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'memory'] }, 512],
    ['FindInMap of a list', { 'Fn::FindInMap': ['Sizes', 'prod', 'names'] }, ['x', 'y']],
    ['FindInMap with a default', { 'Fn::FindInMap': ['Sizes', 'test', 'memory', { DefaultValue: 128 }] }, 128],
    ['FindInMap that needs no default', { 'Fn::FindInMap': ['Sizes', 'prod', 'memory', { DefaultValue: 1 }] }, 512],
    ['ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': '${Stage}:Arn' } }, 'imported prod:Arn'],
    ['GetStackOutput', { 'Fn::GetStackOutput': { StackName: 'A', OutputName: 'B' } }, 'B of A in this region'],
    [
      'GetStackOutput of a region',
      { 'Fn::GetStackOutput': { StackName: 'A', OutputName: 'B', Region: { Ref: 'AWS::Region' }, RoleArn: 'arn' } },
      'B of A in eu-west-1',
    ],
    ['GetAZs', { 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
    ['GetAZs of a region', { 'Fn::GetAZs': 'us-east-1' }, ['us-east-1a', 'us-east-1b', 'us-east-1c']],
    ['Base64', { 'Fn::Base64': { Ref: 'Stage' } }, 'cHJvZA=='],
    ['And', { 'Fn::And': [{ 'Fn::Equals': ['a', 'a'] }, { 'Fn::Equals': ['a', 'b'] }] }, false],
    ['Or', { 'Fn::Or': [{ 'Fn::Equals': ['a', 'b'] }, { 'Fn::Equals': ['a', 'a'] }] }, true],
    ['Not', { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] }, true],
    ['Equals', { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] }, true],
    ['Equals of a number and its text', { 'Fn::Equals': ['1', 1] }, true],
  ])('%s gives its value', (_, value, expected) => {
    expect(resolve(value, scope())).toEqual(expected);
  });

  test('is resolved anywhere in a value', () => {
    const properties = { Tags: [{ Key: 'stage', Value: { Ref: 'Stage' } }], Size: 1, On: true, Nothing: null };

    expect(resolve(properties, scope())).toEqual({
      Tags: [{ Key: 'stage', Value: 'prod' }],
      Size: 1,
      On: true,
      Nothing: null,
    });
  });

  test('leaves an object alone that only has a key named Ref among others', () => {
    expect(resolve({ Ref: 'main', Repository: 'x' }, scope())).toEqual({ Ref: 'main', Repository: 'x' });
  });
});

describe('AWS::NoValue', () => {
  const none = { Ref: 'AWS::NoValue' };

  test('takes its property or item away', () => {
    expect(resolve({ A: none, B: ['x', none], C: { D: none } }, scope())).toEqual({ B: ['x'], C: {} });
  });

  test('takes the whole value away', () => {
    expect(resolve(none, scope())).toBeUndefined();
  });

  test('takes a property away in one branch of Fn::If', () => {
    const value = { Name: { 'Fn::If': ['Named', 'x', none] } };

    expect(resolve(value, scope({ conditions: { Named: true } }))).toEqual({ Name: 'x' });
    expect(resolve(value, scope({ conditions: { Named: false } }))).toEqual({});
  });
});

describe('a condition', () => {
  const conditions = {
    UsesBoth: { 'Fn::And': [{ Condition: 'IsProd' }, { 'Fn::Not': [{ Condition: 'IsFar' }] }] },
    IsFar: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'ap-southeast-2'] },
    IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
    SameAsProd: { Condition: 'IsProd' },
    Given: false,
  };

  test.each([
    ['UsesBoth', true],
    ['IsFar', false],
    ['IsProd', true],
    ['SameAsProd', true],
    ['Given', false],
  ])('%s holds: %s', (name, expected) => {
    expect(conditionHolds(name, scope({ conditions }))).toBe(expected);
    expect(resolve({ 'Fn::If': [name, 'yes', 'no'] }, scope({ conditions }))).toBe(expected ? 'yes' : 'no');
  });

  test('spares the branch that it does not choose', () => {
    const ref = (logicalId: string): string => {
      throw new Error(`${logicalId} was not made`);
    };

    expect(resolve({ 'Fn::If': ['IsFar', { Ref: 'Replica' }, 'none'] }, scope({ conditions, ref }))).toBe('none');
  });

  test('that the template does not have is an error', () => {
    expect(() => conditionHolds('IsProd', scope())).toThrow('the template has no condition IsProd');
  });
});

describe('a dynamic reference', () => {
  test.each<[string, unknown, unknown]>([
    ['alone', '{{resolve:ssm:/a/b}}', '<ssm /a/b>'],
    ['inside a text', 'a {{resolve:secretsmanager:x:SecretString:y::}} b', 'a <secretsmanager x:SecretString:y::> b'],
    ['beside another', '{{resolve:ssm:/a}}{{resolve:ssm-secure:/b:1}}', '<ssm /a><ssm-secure /b:1>'],
    [
      'joined from parts',
      {
        Password: { 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'Secret' }, ':SecretString:password::}}']] },
      },
      { Password: '<secretsmanager ref-Secret:SecretString:password::>' },
    ],
    ['in a list', ['{{resolve:ssm:/a}}'], ['<ssm /a>']],
  ])('%s is looked up', (_, value, expected) => {
    expect(resolve(value, scope())).toEqual(expected);
  });

  test('is not looked for in what a reference gives', () => {
    expect(resolve('{{resolve:ssm:/a}}', scope({ dynamicReference: () => '{{resolve:ssm:/b}} $& $1' }))).toBe(
      '{{resolve:ssm:/b}} $& $1',
    );
  });
});

describe('what cannot be resolved', () => {
  test.each<[string, unknown, string]>([
    [
      'Fn::Transform',
      { Name: { 'Fn::Transform': { Name: 'AWS::Include' } } },
      'Fn::Transform at Name is not known here',
    ],
    ['Fn::Cidr', [{ A: { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] } }], 'Fn::Cidr at 0.A is not known here'],
    ['a function of Object', { 'Fn::constructor': '' }, 'Fn::constructor at the top is not known here'],
    ['a nested one', { A: { 'Fn::Join': ['', [{ 'Fn::X': 1 }]] } }, 'Fn::X at A.Fn::Join.1.0 is not known here'],
    ['two in one object', { A: { 'Fn::Sub': 'x', B: 1 } }, 'Fn::Sub at A cannot stand beside B'],
    ['an unknown pseudo parameter', { Ref: 'AWS::Moon' }, 'Ref at the top names AWS::Moon, which is not known here'],
    ['a parameter without a value', { Ref: 'Empty' }, 'Ref at the top names the parameter Empty, which has no value'],
    ['an index too high', { 'Fn::Select': [2, ['a', 'b']] }, 'Fn::Select at the top has no item 2 among 2'],
    [
      'a missing map entry',
      { 'Fn::FindInMap': ['Sizes', 'test', 'memory'] },
      'Fn::FindInMap at the top finds nothing under test, memory in the map Sizes',
    ],
    ['a list to join in', { 'Fn::Join': ['', [['a']]] }, 'Fn::Join at the top takes text, got a list'],
    ['an object to join in', { 'Fn::Join': ['', [{ a: 1 }]] }, 'Fn::Join at the top takes text, got an object'],
    ['nothing to join', { 'Fn::Join': ['', 'hidden'] }, 'Fn::Join at the top takes a list, got a string'],
    ['NoValue in a text', { 'Fn::Sub': '${AWS::NoValue}' }, 'Fn::Sub at the top takes text, got AWS::NoValue'],
  ])('%s is an error that says where', (_, value, message) => {
    expect(() => resolve(value, scope())).toThrow(new Error(message));
  });

  test('is placed under the path that was given', () => {
    expect(() => resolve({ Name: { 'Fn::X': 1 } }, scope(), 'Secret.Properties')).toThrow(
      'Fn::X at Secret.Properties.Name is not known here',
    );
  });
});
