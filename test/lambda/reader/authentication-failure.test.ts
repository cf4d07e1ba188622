import { AuthenticationFailedError, isAuthenticationFailure } from '../../../lambda/reader';

test.each([
  ['HTTP 401 in status', { status: 401 }],
  ['HTTP 401 in statusCode', { statusCode: 401 }],
  ['HTTP 401 of an AWS SDK', { $metadata: { httpStatusCode: 401 } }],
  ['PostgreSQL 28P01', { code: '28P01' }],
  ['PostgreSQL 28000', { code: '28000' }],
  ['MySQL ER_ACCESS_DENIED_ERROR', { code: 'ER_ACCESS_DENIED_ERROR' }],
  ['MySQL 1045', { errno: 1045 }],
  ['MongoDB 18', { code: 18 }],
  ['AuthenticationFailedError', new AuthenticationFailedError()],
  ['AuthenticationFailedError of another bundle', { name: 'AuthenticationFailedError' }],
])('recognises %s', (_, error) => {
  expect(isAuthenticationFailure(error)).toBe(true);
});

test.each([
  ['HTTP 403', { status: 403 }],
  ['a full disk', { code: 'ENOSPC', errno: -28 }],
  ['a plain error', new Error('401')],
  ['a string', '401'],
  ['null', null],
  ['undefined', undefined],
])('does not take %s for one', (_, error) => {
  expect(isAuthenticationFailure(error)).toBe(false);
});
