import type { RotationReport } from '../../../lab';
import type { KeyLab } from './key-lab';

/** What all went wrong in a rotation, as Lambda has reported it. */
export function errorsOf({ attempts }: RotationReport): string[] {
  return attempts.flatMap(({ steps }) => steps.flatMap(({ error = [] }) => error)).map(({ message }) => message);
}

/** Rotates, expects that to fail, and that what was published is stored and works as before. Answers the last error. */
export async function failedRotation(sample: KeyLab): Promise<string> {
  const before = await published(sample);

  const report = await sample.rotate();

  expect(report.outcome).not.toBe('succeeded');
  expect(await published(sample)).toEqual(before);
  return errorsOf(report).at(-1)!;
}

/** Rotates, expects that to succeed at once, and that no other keys live than those that should. */
export async function expectRotates(sample: KeyLab): Promise<void> {
  const old = await sample.key();

  const report = await sample.rotate();

  expect({ outcome: report.outcome, errors: errorsOf(report) }).toEqual({ outcome: 'succeeded', errors: [] });
  expect(await sample.key()).not.toBe(old);
  expect(sample.isLive(await sample.key())).toBe(true);
  expect(sample.live).toEqual(await sample.needed());
}

/** What readers can get, and whether it works. Where only two keys may live, that of AWSPREVIOUS has made room. */
async function published(sample: KeyLab): Promise<unknown> {
  const [current, previous] = [await sample.value(), await sample.value('AWSPREVIOUS')];
  const works = sample.isLive(await sample.key());
  return { current, previous, works, oldWorks: sample.of.most > 2 && sample.isLive(await sample.key('AWSPREVIOUS')) };
}
