import { REQUEST, REQUEST_FIELD } from '../../lib/rotation/contract';
import { MalformedEventError } from './errors';

/** What a rotation function can be asked for beside the steps of a rotation: by its schedule, and by the command `keyturn`. */
export type RotationRequest =
  | { readonly kind: typeof REQUEST.REVOKE; readonly secretIds: readonly string[]; readonly at: Date }
  | { readonly kind: typeof REQUEST.ROLL_BACK; readonly secretId: string };

/**
 * The request in an event; undefined when it is something else.
 * @throws MalformedEventError naming what is missing
 */
export function parseRotationRequest(event: unknown): RotationRequest | undefined {
  if (typeof event !== 'object' || event === null || !(REQUEST_FIELD in event)) return undefined;
  const { [REQUEST_FIELD]: kind, SecretIds, SecretId, At } = event as Record<string, unknown>;
  if (kind === REQUEST.REVOKE) {
    const at = new Date(typeof At === 'string' ? At : NaN);
    const isList = Array.isArray(SecretIds) && SecretIds.every((id) => typeof id === 'string');
    if (isList && !Number.isNaN(at.getTime())) return { kind, secretIds: SecretIds as string[], at };
    throw new MalformedEventError(`${kind} must come with SecretIds, a list of ARNs, and At, a time`);
  }
  if (kind === REQUEST.ROLL_BACK) {
    if (typeof SecretId === 'string' && SecretId !== '') return { kind, secretId: SecretId };
    throw new MalformedEventError(`${kind} must come with SecretId, an ARN`);
  }
  throw new MalformedEventError(`${REQUEST_FIELD} must be one of ${Object.values(REQUEST).join(', ')}`);
}
