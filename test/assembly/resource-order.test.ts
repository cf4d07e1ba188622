import { type Resource, resourceOrder } from '../../assembly';

const order = (resources: Record<string, Partial<Resource>>) =>
  resourceOrder({
    Resources: Object.fromEntries(
      Object.entries(resources).map(([id, resource]) => [id, { Type: 'A::B::C', ...resource }]),
    ),
  });

test('resources that do not depend on each other keep the order of the template', () => {
  expect(order({ B: {}, A: {}, C: {} })).toEqual(['B', 'A', 'C']);
});

test.each<[string, Partial<Resource>]>([
  ['DependsOn', { DependsOn: 'Later' }],
  ['a list in DependsOn', { DependsOn: ['Later'] }],
  ['Ref', { Properties: { A: [{ Ref: 'Later' }] } }],
  ['GetAtt', { Properties: { A: { 'Fn::GetAtt': ['Later', 'Arn'] } } }],
  ['GetAtt in one text', { Properties: { A: { 'Fn::GetAtt': 'Later.Arn' } } }],
  ['Sub', { Properties: { A: { 'Fn::Sub': '${Later}' } } }],
  ['Sub of an attribute', { Properties: { A: { 'Fn::Sub': ['x-${Later.Arn}-${B}', { B: 'b' }] } } }],
  ['a variable of Sub', { Properties: { A: { 'Fn::Sub': ['${B}', { B: { Ref: 'Later' } }] } } }],
  ['either branch of If', { Properties: { A: { 'Fn::If': ['C', 'x', { 'Fn::Join': ['', [{ Ref: 'Later' }]] }] } } }],
])('a resource comes behind what it names by %s', (_, resource) => {
  expect(order({ First: resource, Later: {} })).toEqual(['Later', 'First']);
});

test.each<[string, unknown]>([
  ['a variable of its own Sub', { 'Fn::Sub': ['${Later}', { Later: 'x' }] }],
  ['a literal in Sub', { 'Fn::Sub': '${!Later}' }],
  ['a plain text', 'Later'],
  ['a parameter', { Ref: 'AWS::Region' }],
])('a resource does not depend on %s', (_, A) => {
  expect(order({ First: { Properties: { A } }, Later: {} })).toEqual(['First', 'Later']);
});

test('what depends on several comes behind the last of them', () => {
  const resources = { D: { DependsOn: ['B', 'C'] }, B: { DependsOn: 'A' }, C: { DependsOn: 'A' }, A: {} };

  expect(order(resources)).toEqual(['A', 'B', 'C', 'D']);
});

test('a circle is an error that names it', () => {
  const resources = { Start: { DependsOn: 'A' }, A: { Properties: { X: { Ref: 'B' } } }, B: { DependsOn: 'A' } };

  expect(() => order(resources)).toThrow('resources depend on each other in a circle: A -> B -> A');
});

test('a dependency on nothing in the template is an error', () => {
  expect(() => order({ A: { DependsOn: 'Gone' } })).toThrow('A depends on Gone, which the template does not have');
});
