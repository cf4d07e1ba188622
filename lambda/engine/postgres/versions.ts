import { UnsupportedServerError } from '../errors';

/**
 * The first minor version of each major one in which a clone works. The one before ignores `ALTER ROLE ... SET role`, by a fault in the fix of
 * CVE-2024-10978; before that fix, `DISCARD ALL`, which connection pools send, drops the role again. In both a clone would act as itself,
 * and what it creates would not belong to its original.
 * @see https://www.postgresql.org/docs/release/17.2/
 */
const FIRST_FIT: Readonly<Record<number, number>> = { 12: 22, 13: 18, 14: 15, 15: 10, 16: 6, 17: 2 };

/** @param version `server_version_num`: 170002 is 17.2 */
export function refuseUnfit(version: number): void {
  const major = Math.floor(version / 10_000);
  const minor = version % 10_000;
  if (major >= 18 || minor >= (FIRST_FIT[major] ?? Infinity)) return;
  const cure = FIRST_FIT[major] === undefined ? 'PostgreSQL 12.22' : `PostgreSQL ${major}.${FIRST_FIT[major]}`;
  throw new UnsupportedServerError(
    `alternating users need ${cure} or later, and this is ${major}.${minor}, in which a user does not keep the role that it takes at login; ` +
      'upgrade the server, or rotate by single user',
  );
}
