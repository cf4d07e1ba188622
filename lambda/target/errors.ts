import { RotationError } from '../protocol/errors';

/** RDS refused a call or cannot be reached. Action: the message names call and database. */
export class RdsError extends RotationError {}

/**
 * The master user is on another server than the user whose password is to change. Action: name the right master secret, or the same host
 * in both.
 */
export class OtherServerError extends RotationError {}
