import { setTimeout as sleep } from 'node:timers/promises';
import type { Rotation } from './rotation';
import { type CallsMade, SteadyCaller, told } from './steady-caller';
import { duration, type Timeline } from './timeline';

/** How often a consumer is called, and how long before, between and after the rotations, in milliseconds: longer than it keeps the secret. */
export const CALL_EVERY = 20;
const AROUND = 1_200;

export interface RotationsUnderLoad<T extends Rotation> {
  /** Calls the consumer once. */
  readonly call: () => Promise<unknown>;
  readonly secretId: string;
  readonly times: number;
  readonly rotate: () => Promise<T>;
  /** What a rotation came to, in a few words. */
  readonly outcome: (rotation: T) => string;
  /** What the steps do. */
  readonly steps: Record<string, string>;
}

/**
 * Rotates a secret several times, while a consumer is called all the time.
 * @throws when a rotation, or a call of the consumer, has failed
 */
export async function rotateUnderLoad<T extends Rotation>(
  timeline: Timeline,
  { call, secretId, times, rotate, outcome, steps }: RotationsUnderLoad<T>,
): Promise<{ rotations: T[]; calls: CallsMade }> {
  const caller = new SteadyCaller(call, CALL_EVERY);
  const rotations: T[] = [];
  try {
    await sleep(AROUND);
    for (let turn = 1; turn <= times; turn++) {
      const rotation = await timeline.step(`rotate ${secretId}`, rotate, outcome);
      rotations.push(rotation);
      if (turn === 1) {
        timeline.table(rotation.steps.map(({ step, milliseconds }) => [step, duration(milliseconds), steps[step]]));
      }
      await sleep(AROUND);
    }
    const calls = await timeline.step('the function goes on', async () => await caller.stop(), told);
    if (calls.failed > 0) throw new Error(`the consumer failed ${calls.failed} times: ${calls.errors.join('; ')}`);
    return { rotations, calls };
  } finally {
    await caller.stop();
  }
}
