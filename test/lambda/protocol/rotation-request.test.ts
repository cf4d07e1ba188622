import { parseRotationRequest } from '../../../lambda/protocol/rotation-request';

const AT = '2026-11-24T06:30:00Z';

test.each([
  [
    { Keyturn: 'RevokeOldKeys', SecretIds: ['arn:1', 'arn:2'], At: AT },
    { kind: 'RevokeOldKeys', secretIds: ['arn:1', 'arn:2'], at: new Date(AT) },
  ],
  [
    { Keyturn: 'RevokeOldKeys', SecretIds: [], At: AT },
    { kind: 'RevokeOldKeys', secretIds: [], at: new Date(AT) },
  ],
  [
    { Keyturn: 'RollBack', SecretId: 'arn:1', More: 'unexpected' },
    { kind: 'RollBack', secretId: 'arn:1' },
  ],
])('%j is a request', (event, request) => {
  expect(parseRotationRequest(event)).toEqual(request);
});

test.each([[undefined], [null], ['RollBack'], [5], [{}], [[]], [{ Step: 'createSecret', SecretId: 'arn:1' }]])(
  '%j is none',
  (event) => {
    expect(parseRotationRequest(event)).toBeUndefined();
  },
);

test.each([
  [{ Keyturn: 'RevokeOldKeys', At: AT }],
  [{ Keyturn: 'RevokeOldKeys', SecretIds: 'arn:1', At: AT }],
  [{ Keyturn: 'RevokeOldKeys', SecretIds: ['arn:1', 5], At: AT }],
  [{ Keyturn: 'RevokeOldKeys', SecretIds: ['arn:1'] }],
  [{ Keyturn: 'RevokeOldKeys', SecretIds: ['arn:1'], At: 'soon' }],
  [{ Keyturn: 'RevokeOldKeys', SecretIds: ['arn:1'], At: 1_795_500_000_000 }],
])('%j is malformed, and is told what must come with it', (event) => {
  expect(() => parseRotationRequest(event)).toThrow(
    expect.objectContaining({
      name: 'MalformedEventError',
      message: 'RevokeOldKeys must come with SecretIds, a list of ARNs, and At, a time',
    }),
  );
});

test.each([[{}], [{ SecretId: '' }], [{ SecretId: ['arn:1'] }], [{ SecretIds: ['arn:1'] }]])(
  'a roll back with %j is malformed',
  (more) => {
    expect(() => parseRotationRequest({ Keyturn: 'RollBack', ...more })).toThrow(
      'RollBack must come with SecretId, an ARN',
    );
  },
);

test.each([[undefined], [null], [''], ['rollback'], ['toString'], [{}]])('%j is nothing to ask for', (Keyturn) => {
  expect(() => parseRotationRequest({ Keyturn, SecretId: 'arn:1' })).toThrow(
    'Keyturn must be one of RevokeOldKeys, RollBack',
  );
});
