import { PendingUselessError, RotationError } from '../protocol/errors';

/*
 * Why a database could not be used, one class per action that somebody can take. Messages name engine, host, port, user and database,
 * never a password; the driver's error is in `cause` only where it is known to quote none.
 */

/** The server refuses this user with this password. Action: none, when another stored password is tried next. */
export class LoginRejectedError extends RotationError {}

/** The server cannot be reached: its name is unknown, nothing listens there, or it is silent. Action: the network, or the host in the secret. */
export class UnreachableError extends RotationError {}

/** The server offers no TLS, or a certificate that does not prove who it is. Action: switch TLS on, or name the right authority. */
export class TlsError extends RotationError {}

/**
 * The server refuses the password itself, by its length, its characters, its age, or because it wants it as text. Action: the password
 * settings. The next rotation draws another one.
 */
export class PasswordPolicyError extends PendingUselessError {}

/** The user who is logged in may not do this. Action: grant what the message names, or rotate by a master user. */
export class PermissionError extends RotationError {}

/** The server takes no changes, because it is a replica. Action: put the writer's host into the secret. */
export class ReadOnlyError extends RotationError {}

/** A user of the clone's name stands in the server and nothing shows that it is a clone. Action: rename one of them. */
export class NotOurUserError extends RotationError {}

/** The clone lacks rights that the original has, or has more. Action: the message names them. */
export class RightsError extends RotationError {}

/** The version of the server cannot do what the strategy needs. Action: upgrade it, or choose another strategy. */
export class UnsupportedServerError extends RotationError {}

/** The server refused a statement for a reason of its own. Action: the message names the statement and the server's code. */
export class DatabaseError extends RotationError {}
