import { type Parameter, parameterValues } from '../../assembly';

test.each<[string, Parameter, unknown]>([
  ['a text', { Type: 'String', Default: 'prod' }, 'prod'],
  ['a number', { Type: 'Number', Default: 3 }, '3'],
  ['an empty text', { Type: 'String', Default: '' }, ''],
  ['a list', { Type: 'CommaDelimitedList', Default: 'a, b' }, ['a', 'b']],
  ['a typed list', { Type: 'List<AWS::EC2::Subnet::Id>', Default: 'subnet-1,subnet-2' }, ['subnet-1', 'subnet-2']],
  ['what has no default', { Type: 'String' }, undefined],
  [
    'a Systems Manager parameter',
    { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a/b' },
    '{{resolve:ssm:/a/b}}',
  ],
  ['a Systems Manager list', { Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: '/a/b' }, undefined],
])('the value of %s is its default', (_, parameter, expected) => {
  expect(parameterValues({ Resources: {}, Parameters: { P: parameter } })).toEqual({ P: expected });
});

test('a template without parameters has no values', () => {
  expect(parameterValues({ Resources: {} })).toEqual({});
});
