/** Who changes the password of a database user, and what of. */
export enum DatabaseStrategy {
  /** The user changes its own password. */
  SINGLE_USER = 'single-user',

  /** A master user changes the password of the user. */
  SINGLE_USER_BY_MASTER = 'single-user-by-master',

  /** A master user keeps a clone of the user; the two take turns. */
  ALTERNATING_USERS = 'alternating-users',

  /** A master user gives the user a second password beside the first. MySQL only. */
  DUAL_PASSWORD = 'dual-password',
}
