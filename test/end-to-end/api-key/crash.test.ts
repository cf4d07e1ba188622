import type { OutsideCall, RotationReport } from '../../../lab';
import { type Case, CASE, READY_CASES } from './cases';
import { isOfTheRotation, KeyLab } from './key-lab';

type At = 'before' | 'after';

/** More requests than any rotation makes, so that a test that finds no end fails. */
const MOST_REQUESTS = 60;

/** One for each order in which a rotation goes: all issuers of a kind share their code. */
const KINDS = [CASE.named, CASE.nameless, CASE.twoSlots, CASE.replaced, CASE.auth0];

/** Two undisturbed rotations, so that there are an AWSCURRENT and an AWSPREVIOUS key of ours. */
async function start(of: Case): Promise<KeyLab> {
  const sample = await KeyLab.start(of);
  await sample.rotate();
  await sample.rotate();
  return sample;
}

async function rotateAndKill(sample: KeyLab, at: At, nth: number, call: (call: OutsideCall) => boolean) {
  const fault = sample.lab.faults.add({ action: 'kill', at, call, nth });
  const report = await sample.rotate();
  fault.remove();
  return { report, struck: fault.struck > 0 };
}

/** The rotation has succeeded, and no other error came than that of the killed process. One killed in its last goodbye has done its step. */
function expectMadeGood(nth: number, { outcome, attempts }: RotationReport): void {
  const errors = attempts.flatMap(({ steps }) => steps.flatMap(({ error }) => error?.type ?? []));
  expect({ nth, outcome, errors }).toEqual({
    nth,
    outcome: 'succeeded',
    errors: errors.map(() => 'Runtime.ExitError'),
  });
}

/** What must not be repeated, as another one of these would show it. */
const isEffect = (of: Case) => (call: OutsideCall) =>
  of.effects.includes(call.operation) ||
  (isOfTheRotation(call) && ['PutSecretValue', 'UpdateSecretVersionStage'].includes(call.operation));

/** Kills at one request after the other, until a rotation has fewer. Answers how many there were. */
async function killAtEach(sample: KeyLab, at: At, call: (call: OutsideCall) => boolean): Promise<number> {
  for (let nth = 1; nth < MOST_REQUESTS; nth++) {
    const old = await sample.key();

    const { report, struck } = await rotateAndKill(sample, at, nth, call);

    expectMadeGood(nth, report);
    expect({ nth, works: sample.isLive(await sample.key()) }).toEqual({ nth, works: true });
    expect({ nth, isNew: (await sample.key()) !== old }).toEqual({ nth, isNew: true });
    expect({ nth, live: sample.live }).toEqual({ nth, live: await sample.needed() });
    if (!struck) return nth - 1;
  }
  throw new Error(`a rotation makes ${MOST_REQUESTS} requests or more`);
}

describe.each(KINDS)('$name', (of) => {
  let sample: KeyLab;
  beforeAll(async () => void (sample = await start(of)));
  afterAll(async () => await sample?.stop());

  test.each<At>(['before', 'after'])(
    'killed at any request, %s its effect, a rotation is made good by its repeat, and no key is left over after that',
    async (at) => {
      const seen = sample.watch();

      const requests = await killAtEach(sample, at, isOfTheRotation);

      expect(requests).toBe(of.requests.at(-1));
      expect(seen.mostLive).toBeLessThanOrEqual(of.most);
      expect(seen.currentDead > 0).toBe(!of.oldWorksOn);
    },
    300_000,
  );
});

describe.each([CASE.named, CASE.nameless, CASE.twoSlots])('$name, from the beginning', (of) => {
  test('killed after any request, the first rotation is made good by its repeat, and no key is left over after that', async () => {
    const [requests] = of.requests;
    for (let nth = 1; nth <= requests; nth++) {
      const sample = await KeyLab.start(of);
      try {
        const { report, struck } = await rotateAndKill(sample, 'after', nth, isOfTheRotation);

        expectMadeGood(nth, report);
        expect({ nth, struck, live: sample.live }).toEqual({ nth, struck: true, live: await sample.needed() });
      } finally {
        await sample.stop();
      }
    }
  }, 120_000);
});

describe.each(READY_CASES.filter((of) => of !== CASE.auth0 && of !== CASE.gitLabInPlace))('$name', (of) => {
  test('killed after any effect, a rotation is made good by its repeat, and no key is left over after that', async () => {
    const sample = await start(of);
    try {
      const seen = sample.watch();

      const effects = await killAtEach(sample, 'after', isEffect(of));

      expect(effects).toBeGreaterThanOrEqual(4);
      expect(seen.mostLive).toBeLessThanOrEqual(of.most);
      expect(seen.currentDead).toBe(0);
    } finally {
      await sample.stop();
    }
  }, 120_000);
});
