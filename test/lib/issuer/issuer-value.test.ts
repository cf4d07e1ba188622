import { CfnParameter, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ApiKeySecret, IssuedKeyProps, IssuerValue, ManagedSecret, TimeFormat } from '../../../lib';
import { TEXT_FIELD } from '../../../lib/rotation/issuer-contract';
import { acme, acmeProps } from '../issuers';
import { stack } from '../stacks';

const KEYS = 'https://api.acme.com/v1/keys';

/** What the function gets of an `issue` request with other settings. */
function issued(issue: Partial<IssuedKeyProps['issue']>, rest: Partial<IssuedKeyProps> = {}) {
  const declaration = acme({ issue: { ...acmeProps().issue, ...issue }, ...rest })._declaration;
  return (declaration as typeof declaration & { kind: 'issued' }).issue;
}

const signIn = { url: 'https://api.acme.com/token' };

test.each([
  ['credential', () => IssuerValue.credential('adminKey'), { from: 'credential', field: 'adminKey' }],
  ['parameter', () => IssuerValue.parameter('account'), { from: 'parameter', name: 'account' }],
  ['key', () => IssuerValue.key(), { from: 'key' }],
  ['field', () => IssuerValue.field('clientId'), { from: 'field', field: 'clientId' }],
  ['keyName', () => IssuerValue.keyName(), { from: 'keyName' }],
  ['accessToken', () => IssuerValue.accessToken(), { from: 'accessToken' }],
  [
    'timeFromNow',
    () => IssuerValue.timeFromNow(Duration.days(1)),
    { from: 'time', seconds: 86_400, format: 'date-time' },
  ],
  [
    'timeFromNow as UNIX',
    () => IssuerValue.timeFromNow(Duration.seconds(5), TimeFormat.UNIX),
    { from: 'time', seconds: 5, format: 'unix' },
  ],
  ['base64', () => IssuerValue.base64(`é:${IssuerValue.key()}`), { from: 'base64', of: ['é:', { from: 'key' }] }],
])('%s is a value of its own in a URL, a header, JSON and a form', (_name, make, value) => {
  const text = `a ${make()} b`;
  const rest = { signIn };

  expect(issued({ url: `${KEYS}?x=${make()}` }, rest).url).toEqual([`${KEYS}?x=`, value]);
  expect(issued({ headers: { 'X-Acme': text } }, rest).headers).toEqual({ 'X-Acme': ['a ', value, ' b'] });
  expect(issued({ json: { a: [{ b: text }], n: IssuerValue.keyName() } }, rest).json).toEqual({
    a: [{ b: { [TEXT_FIELD]: ['a ', value, ' b'] } }],
    n: { [TEXT_FIELD]: [{ from: 'keyName' }] },
  });
  expect(issued({ json: undefined, form: { a: text, n: IssuerValue.keyName() } }, rest).form).toEqual({
    a: ['a ', value, ' b'],
    n: [{ from: 'keyName' }],
  });
});

test('a request that revokes a key holds its id', () => {
  const { revoke } = acme()._declaration as { revoke?: { url: unknown } };

  expect(revoke?.url).toEqual([`${KEYS}/`, { from: 'keyId' }]);
});

test('several values can stand in one text, also without anything between them', () => {
  const text = `${IssuerValue.key()}${IssuerValue.field('a')}-${IssuerValue.key()}`;

  expect(issued({ headers: { 'X-Acme': text } }).headers).toEqual({
    'X-Acme': [{ from: 'key' }, { from: 'field', field: 'a' }, '-', { from: 'key' }],
  });
});

test('base64 may hold base64', () => {
  const text = IssuerValue.base64(`a${IssuerValue.base64('b')}`);

  expect(issued({ headers: { 'X-Acme': text } }).headers).toEqual({
    'X-Acme': [{ from: 'base64', of: ['a', { from: 'base64', of: 'b' }] }],
  });
});

test.each(['{{key}}', '${key}', '$key', '{key}', '<%= key %>', '{"from":"key"}', '%s', '"&\\'])(
  'the text %s stays what it is',
  (text) => {
    const json = { a: text, list: [text], n: IssuerValue.keyName() };

    const declared = issued({ headers: { 'X-Acme': text }, json });

    expect(declared.headers).toEqual({ 'X-Acme': text });
    expect(declared.json).toMatchObject({ a: text, list: [text] });
  },
);

test('JSON that looks like a value of the declaration stays what it is', () => {
  const json = { a: [{ from: 'key' }], n: IssuerValue.keyName() };

  expect(issued({ json }).json).toMatchObject({ a: [{ from: 'key' }] });
});

describe('a token of the CDK', () => {
  const TOKENS: [string, (scope: Stack) => string][] = [
    ['a Ref', (scope) => scope.region],
    ['a parameter', (scope) => new CfnParameter(scope, 'Parameter').valueAsString],
    ['a lazy text', () => Lazy.string({ produce: () => 'x' })],
    ['a number in a text', () => `${Token.asNumber({ Ref: 'N' })}`],
  ];

  test.each(TOKENS)('%s is refused with the name of the setting', (_name, make) => {
    const token = make(new Stack());
    const refused = (setting: string) =>
      `\`${setting}\` must be known at synth, but for the values of \`IssuerValue\`, got a token`;

    expect(() => issued({ url: `${KEYS}/${token}` })).toThrow(refused('issue.url'));
    expect(() => issued({ headers: { 'X-A': token } })).toThrow(refused('issue.headers.X-A'));
    expect(() => issued({ json: { a: [token] } })).toThrow(refused('issue.json.a[0]'));
    expect(() => issued({ json: undefined, form: { a: token } })).toThrow(refused('issue.form.a'));
    expect(() => IssuerValue.base64(token)).toThrow(refused('base64'));
    expect(() => IssuerValue.credential(token)).toThrow('`field` must be a name that is known at synth');
    expect(() => IssuerValue.field(token)).toThrow('`field` must be a name that is known at synth');
    expect(() => IssuerValue.parameter(token)).toThrow('`name` of a parameter must be 1 to 100');
  });

  test('a number or a list is refused in JSON', () => {
    const refused = '`issue.json.a` must be known at synth, but for the values of `IssuerValue`, got a token';

    expect(() => issued({ json: { a: Token.asNumber({ Ref: 'N' }) } })).toThrow(refused);
    expect(() => issued({ json: { a: Token.asList({ Ref: 'L' }) } })).toThrow(refused);
    expect(() => issued({ json: { a: Token.asAny({ Ref: 'A' }) } })).toThrow(refused);
  });

  test('a time that is not known is refused', () => {
    const duration = Duration.seconds(Token.asNumber({ Ref: 'N' }));

    expect(() => IssuerValue.timeFromNow(duration)).toThrow('`duration` must be known at synth');
  });
});

describe('a value in a name', () => {
  const refused = (where: string) => `\`${where}\` can have values of \`IssuerValue\` in its texts, not in its names`;

  test.each([
    ['issue.json', { json: { [IssuerValue.key()]: 1 } }],
    ['issue.json.a[0]', { json: { a: [{ [`x${IssuerValue.key()}`]: 1 }] } }],
    ['issue.form', { json: undefined, form: { [IssuerValue.key()]: 'a' } }],
    ['issue.headers', { headers: { [IssuerValue.key()]: 'a' } }],
  ])('is refused in %s', (where, issue) => {
    expect(() => issued(issue)).toThrow(refused(where));
  });
});

test.each(['', 'a-b', 'ä', 'a'.repeat(101)])('"%s" is no name of a parameter', (name) => {
  expect(() => IssuerValue.parameter(name)).toThrow(
    `\`name\` of a parameter must be 1 to 100 letters, digits and _, got ${name}`,
  );
});

test.each(['a', '_', 'A1_', 'a'.repeat(100)])('%s is the name of a parameter', (name) => {
  expect(() => IssuerValue.parameter(name)).not.toThrow();
});

test.each([
  [
    'the description of a secret',
    (scope: Stack) => new ManagedSecret(scope, 'S', { description: `of ${IssuerValue.key()}` }),
  ],
  [
    'the name of an output',
    (scope: Stack) => scope.exportValue(IssuerValue.credential('adminKey'), { name: 'Credential' }),
  ],
  [
    'the tags of a secret',
    (scope: Stack) =>
      (
        new ApiKeySecret(scope, 'S', { fields: ['a'] }).node.defaultChild as unknown as {
          tags: { setTag(name: string, value: string): void };
        }
      ).tags.setTag('a', IssuerValue.keyName()),
  ],
])('in %s a value is an error', (_name, use) => {
  const scope = stack();

  const synth = () => {
    use(scope);
    Template.fromStack(scope);
  };

  expect(synth).toThrow(
    /`IssuerValue` stands for a value of a request to an issuer \(\w+\); it cannot be used anywhere/,
  );
});
