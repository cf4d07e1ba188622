import { describeCases } from './cases';
import { DatabaseLab, isOfTheRotation } from './database-lab';

type At = 'before' | 'after';

/** More requests than any rotation makes, so that a test that finds no end fails. */
const MOST_REQUESTS = 120;

/** Rotates, and kills the function's process at one of its requests: before the effect, or after it and before the answer. */
async function rotateAndKill(sample: DatabaseLab, nth: number, at: At) {
  const left = { current: true, some: true };
  const fault = sample.lab.faults.add({ action: 'kill', at, call: isOfTheRotation, nth });
  let looked = false;
  // The first request after the kill comes from the repeat: until then all stands as the dead function has left it.
  const release = sample.lab.calls.intercept(async (call) => {
    if (fault.struck === 0 || looked || !isOfTheRotation(call)) return;
    looked = true;
    left.current = await sample.works(await sample.version());
    left.some = left.current || (await sample.someVersionWorks());
  });
  const report = await sample.rotate();
  release();
  fault.remove();
  return { report, left, struck: fault.struck > 0 };
}

describeCases(({ kind, strategy, calls, connections, currentAlwaysWorks }) => {
  let sample: DatabaseLab;
  beforeAll(async () => void (sample = await DatabaseLab.start(kind, { strategy })));
  afterAll(async () => await sample?.stop());

  test.each<At>(['before', 'after'])(
    'killed at every request, %s its effect, a rotation is made good by its repeat, and the next one works',
    async (at) => {
      let nth = 1;
      let killed = 0;
      for (; nth < MOST_REQUESTS; nth++) {
        const { report, left, struck } = await rotateAndKill(sample, nth, at);
        if (!struck) break;

        const { outcome, attempts } = report;
        const errors = attempts.flatMap(({ steps }) => steps.flatMap(({ error }) => error?.type ?? []));
        // A function that is killed in its last goodbye has done its step.
        expect({ nth, outcome, errors }).toEqual({
          nth,
          outcome: 'succeeded',
          errors: errors.map(() => 'Runtime.ExitError'),
        });
        expect({ nth, left }).toMatchObject({ nth, left: currentAlwaysWorks ? { current: true } : { some: true } });
        killed += errors.length;
        expect(await sample.works(await sample.version())).toBe(true);
        const next = await sample.rotate();
        expect({ nth, next }).toMatchObject({ next: { outcome: 'succeeded', attempts: { length: 1 } } });
        expect(await sample.works(await sample.version())).toBe(true);
      }
      expect(killed).toBeGreaterThan(calls + connections);
      expect(nth).toBeLessThan(MOST_REQUESTS);
    },
    600_000,
  );
});
