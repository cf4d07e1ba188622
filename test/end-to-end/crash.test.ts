import { type RotationReport } from '../../lab';
import { isOfTheRotation, synthesize, synthesizeZeroGap, TOKEN, TwitterLab } from './twitter-lab';

/**
 * The variants of the sample, and how many requests the function makes in an undisturbed rotation. The tests kill at each of them, and the
 * first test of each kind fails when there is one more or one less.
 */
const VARIANTS = [
  { variant: 'one app', app: synthesize, first: 11, later: 13, neverDead: false },
  { variant: 'two apps that take turns', app: synthesizeZeroGap, first: 11, later: 14, neverDead: true },
];

async function requestsOf(sample: TwitterLab, rotate: () => Promise<unknown>): Promise<number> {
  const before = sample.lab.calls.all.length;
  await rotate();
  return sample.lab.calls.all.slice(before).filter(isOfTheRotation).length;
}

/** Rotates, and kills the function's process at one of its requests: before the effect, or after the effect and before the answer. */
async function rotateAndKill(sample: TwitterLab, nth: number, at: 'before' | 'after'): Promise<RotationReport> {
  const fault = sample.lab.faults.add({ action: 'kill', at, call: isOfTheRotation, nth });
  const report = await sample.lab.rotate(TOKEN);
  expect(fault.struck).toBe(1);
  return report;
}

async function expectMadeGood(sample: TwitterLab, report: RotationReport): Promise<void> {
  expect(report).toMatchObject({ outcome: 'succeeded', attempts: { length: 2 } });
  expect(report.attempts[0].steps.at(-1)!.error!.type).toBe('Runtime.ExitError');
  expect(sample.accepts(await sample.currentToken())).toBe(true);
  await expect(sample.lab.invoke(sample.consumer)).resolves.toMatchObject({ status: 200 });
}

function everyPoint(requests: number): [number, 'before' | 'after'][] {
  const points = Array.from({ length: requests }, (_, index) => index + 1);
  return points.flatMap((nth) => [
    [nth, 'before'],
    [nth, 'after'],
  ]);
}

describe.each(VARIANTS)('with $variant', ({ app, first, later, neverDead }) => {
  describe('a first rotation', () => {
    let sample: TwitterLab;
    beforeEach(async () => {
      sample = await TwitterLab.start(app());
      await sample.putConsumerKeys();
    });
    afterEach(async () => await sample.stop());

    test('is killed at each of its requests', async () => {
      expect(await requestsOf(sample, async () => await sample.lab.rotate(TOKEN))).toBe(first);
    });

    test.each(everyPoint(first))('killed at request %i, %s its effect, succeeds on the next try', async (...point) => {
      const report = await rotateAndKill(sample, ...point);

      await expectMadeGood(sample, report);
    });
  });

  describe('a later rotation', () => {
    let sample: TwitterLab;
    let dead: string[];
    beforeAll(async () => {
      sample = await TwitterLab.start(app());
      await sample.putConsumerKeys();
      // With two apps, each has had its turn then.
      await sample.lab.rotate(TOKEN);
      await sample.lab.rotate(TOKEN);
      dead = sample.watchCurrentToken();
    });
    afterAll(async () => await sample.stop());

    test('is killed at each of its requests', async () => {
      expect(await requestsOf(sample, async () => await sample.lab.rotate(TOKEN))).toBe(later);
    });

    test.each(everyPoint(later))('killed at request %i, %s its effect, succeeds on the next try', async (...point) => {
      const old = await sample.currentToken();

      const report = await rotateAndKill(sample, ...point);

      await expectMadeGood(sample, report);
      expect(await sample.currentToken()).not.toBe(old);
      expect(sample.accepts(old)).toBe(neverDead);
    });

    test(`has ${neverDead ? 'no' : 'a'} moment in which AWSCURRENT is dead`, () => {
      expect(dead.length > 0).toBe(!neverDead);
    });
  });
});
