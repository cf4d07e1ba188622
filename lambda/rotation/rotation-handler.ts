import type { InvocationContext } from '../protocol/deadline';
import { rotationHandler as protocolHandler } from '../protocol/rotation-handler';
import { withCanary } from '../strategy/canary';
import type { CustomRotation } from './custom-rotation';

/**
 * The handler of a Lambda function that rotates secrets in a way of your own:
 *
 *     export const handler = rotationHandler(() => new MyRotation());
 *
 * It takes the steps that Secrets Manager asks for, in an order that holds when a step is cut off anywhere and begun again: it
 * reads and stores the versions and moves their labels. It ends every call of Secrets Manager a second before Lambda would cut the
 * function off. What it logs and throws names the step, the secret and the version, and holds no secret value that it knows: none
 * that it has read or stored, nor any that was handed to `rotation.hide()`.
 *
 * @param make is called at each step; what it makes may keep what it likes for the length of that step. An error that it throws,
 * as for a wrong environment variable, fails the step
 */
export function rotationHandler(
  make: () => CustomRotation,
): (event: unknown, context: InvocationContext) => Promise<unknown> {
  return protocolHandler((env) => withCanary(make(), env));
}
