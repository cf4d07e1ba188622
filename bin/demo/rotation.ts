import type { Lab, OutsideCall } from '../../lab';

/** A rotation that went well, in figures. */
export interface Rotation {
  readonly milliseconds: number;
  /** How often Secrets Manager began it. */
  readonly attempts: number;
  readonly steps: { readonly step: string; readonly milliseconds: number }[];
}

/** Rotates a secret and waits. A rotation that fails in all its attempts is an error that says in which step, and why. */
export async function rotate(lab: Lab, secretId: string): Promise<Rotation> {
  const { outcome, attempts } = await lab.rotate(secretId);
  const steps = attempts.flatMap((attempt) => attempt.steps);
  const error = steps.at(-1)?.error;
  if (outcome !== 'succeeded') {
    throw new Error(
      `the rotation of ${secretId} ${outcome} in ${steps.at(-1)?.step}: ${error?.type}: ${error?.message}`,
    );
  }
  return {
    milliseconds: steps.reduce((total, { milliseconds }) => total + milliseconds, 0),
    attempts: attempts.length,
    steps: steps.map(({ step, milliseconds }) => ({ step, milliseconds })),
  };
}

/** Requests by service and operation, the most frequent first. */
export function countByOperation(calls: OutsideCall[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { service, operation } of calls) {
    const name = `${service} ${operation}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}
