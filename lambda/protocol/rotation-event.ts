import { MalformedEventError } from './errors';

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** One of the four calls that make a rotation. */
export type Step = (typeof STEPS)[number];

/** What Secrets Manager sends to a rotation function. */
export interface RotationEvent {
  /** ARN of the secret to rotate. */
  readonly SecretId: string;
  /** Id of the version that this rotation makes; the same in all four steps and in every repeat. */
  readonly ClientRequestToken: string;
  readonly Step: Step;
  /** Proves the rotation when the function runs under an assumed role of another account. Sensitive. */
  readonly RotationToken?: string;
}

/**
 * Checks that `event` is a rotation event.
 * @throws MalformedEventError naming the fields that are missing, or the step that is unknown; nothing else of the event is quoted.
 */
export function parseRotationEvent(event: unknown): RotationEvent {
  const fields = (typeof event === 'object' && event !== null ? event : {}) as Record<string, unknown>;
  const missing = ['SecretId', 'ClientRequestToken', 'Step'].filter(
    (name) => typeof fields[name] !== 'string' || fields[name] === '',
  );
  if (missing.length > 0) {
    throw new MalformedEventError(
      `this is no rotation event: ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing; ` +
        'the function is meant to be called by Secrets Manager',
    );
  }
  if (!STEPS.includes(fields.Step as Step)) {
    throw new MalformedEventError(`the step must be one of ${STEPS.join(', ')}, got ${JSON.stringify(fields.Step)}`);
  }
  return {
    SecretId: fields.SecretId as string,
    ClientRequestToken: fields.ClientRequestToken as string,
    Step: fields.Step as Step,
    RotationToken: typeof fields.RotationToken === 'string' ? fields.RotationToken : undefined,
  };
}
