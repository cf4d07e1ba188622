import { RotationError } from '../protocol/errors';

/**
 * The master user is refused with the password in its secret. Action: none while that secret rotates, the repeat finds the new one; else
 * correct it.
 */
export class MasterRejectedError extends RotationError {}
