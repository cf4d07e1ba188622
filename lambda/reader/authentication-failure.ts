/** Throw it inside `withSecret` when a credential was refused in a way that the default check does not know. */
export class AuthenticationFailedError extends Error {
  override readonly name = 'AuthenticationFailedError';
}

/** What drivers have in `code` when a login is refused. */
const REFUSALS: unknown[] = ['28P01', '28000', 'ER_ACCESS_DENIED_ERROR', 18];

/** What drivers and HTTP clients put on their errors. */
interface Marks {
  name?: unknown;
  status?: unknown;
  statusCode?: unknown;
  code?: unknown;
  errno?: unknown;
  $metadata?: { httpStatusCode?: unknown };
}

/**
 * Whether an error says that the credential itself was refused: HTTP 401 in `status`, `statusCode` or `$metadata`, PostgreSQL 28P01
 * and 28000, MySQL and MariaDB ER_ACCESS_DENIED_ERROR (1045), MongoDB 18, or AuthenticationFailedError. A 403 is not among them: there
 * the credential is known and lacks a right, which a newer version does not bring.
 */
export function isAuthenticationFailure(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;

  const marks = error as Marks;
  // By name: two bundles in one program each have a class of their own.
  if (marks.name === 'AuthenticationFailedError') return true;
  if ([marks.status, marks.statusCode, marks.$metadata?.httpStatusCode].includes(401)) return true;
  return REFUSALS.includes(marks.code) || marks.errno === 1045;
}
