import { RotationError } from '../protocol/errors';

/** The issuer answered no, and will say so again: wrong keys, an app without the right. Action: the message says what to correct. */
export class IssuerRefusedError extends RotationError {}

/** The issuer was asked too often, and did nothing. Action: none, the same question is answered later. */
export class IssuerBusyError extends RotationError {}

/** No usable answer came: silence, a dropped connection, an outage. Whether the call had its effect is not known. Action: none, or the network. */
export class IssuerNoAnswerError extends RotationError {}
