import { RotationError } from '../protocol/errors';

/** EventBridge refused an event or cannot be reached. Action: the message names the secret that the event is about. */
export class EventBridgeError extends RotationError {}

/** Nobody knows whether some secrets are due, or nobody was told. Action: the message says for each secret what went wrong. */
export class UncheckedSecretsError extends RotationError {}
