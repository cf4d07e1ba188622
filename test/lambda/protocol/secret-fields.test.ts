import { parseFields, textField } from '../../../lambda/protocol/secret-fields';

const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:my-key-AbCdEf';

test('reads a JSON object', () => {
  const fields = parseFields({ text: '{"TwitterAPIKey":"AAA","note":null}' }, SECRET, 'AWSCURRENT');

  expect(fields).toEqual({ TwitterAPIKey: 'AAA', note: null });
});

test('writes numbers back as they were, however long', () => {
  const text = '{"id":12345678901234567890,"ratio":1.0,"tiny":1e-400,"port":5432}';

  const fields = parseFields({ text }, SECRET, 'AWSCURRENT');

  expect(JSON.stringify({ ...fields })).toBe(text);
});

test.each([
  ['is not JSON', { text: 'hunter2-hunter2' }],
  ['is not JSON', { text: '{"TwitterAPIKey":"hunter2-hunter2"' }],
  ['is JSON, but no object', { text: '"hunter2-hunter2"' }],
  ['is JSON, but no object', { text: '["hunter2-hunter2"]' }],
  ['is JSON, but no object', { text: 'null' }],
  ['is binary', { binary: true as const }],
])('says that a value %s, how to put it right, and nothing of the value: %j', (found, value) => {
  let error: unknown;

  try {
    parseFields(value, SECRET, 'AWSCURRENT');
  } catch (thrown) {
    error = thrown;
  }

  expect(error).toMatchObject({
    name: 'SecretValueError',
    message: `the AWSCURRENT value of ${SECRET} ${found}; a rotation needs a JSON object with named fields: npx keyturn put ${SECRET}`,
  });
  expect(error).not.toHaveProperty('cause');
});

test.each([
  ['text', 'AAA', 'AAA'],
  ['an empty text', '', undefined],
  ['a number', 5, undefined],
  ['nothing', undefined, undefined],
])('a field with %s counts as the text %j: %j', (_name, value, text) => {
  expect(textField({ key: value }, 'key')).toBe(text);
});
