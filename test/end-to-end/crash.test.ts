import { type OutsideCall, type RotationReport } from '../../lab';
import { TOKEN, TwitterLab, X_APP } from './twitter-lab';

/**
 * How many requests the function makes in an undisturbed rotation. The tests kill at each of them, and the first test of each kind fails
 * when there is one more or one less.
 */
const FIRST_ROTATION = 11;
const LATER_ROTATION = 13;

/** Everything but what the consumer and the administrator ask for. */
function isOfTheRotation({ caller, service, operation }: OutsideCall): boolean {
  if (service === 'api.x.com') return !operation.includes('/users/');
  return service === 'secretsmanager' && caller !== 'administrator' && !caller!.startsWith('TwitterConsumer');
}

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
  expect(await sample.currentToken()).toBe(sample.x.liveToken(X_APP.consumerKey));
  await expect(sample.lab.invoke(sample.consumer)).resolves.toMatchObject({ status: 200 });
}

function everyPoint(requests: number): [number, 'before' | 'after'][] {
  const points = Array.from({ length: requests }, (_, index) => index + 1);
  return points.flatMap((nth) => [
    [nth, 'before'],
    [nth, 'after'],
  ]);
}

describe('a first rotation', () => {
  let sample: TwitterLab;
  beforeEach(async () => {
    sample = await TwitterLab.start();
    await sample.putConsumerKeys();
  });
  afterEach(async () => await sample.stop());

  test('is killed at each of its requests', async () => {
    expect(await requestsOf(sample, async () => await sample.lab.rotate(TOKEN))).toBe(FIRST_ROTATION);
  });

  test.each(everyPoint(FIRST_ROTATION))(
    'killed at request %i, %s its effect, succeeds on the next try',
    async (...point) => {
      const report = await rotateAndKill(sample, ...point);

      await expectMadeGood(sample, report);
    },
  );
});

describe('a later rotation', () => {
  let sample: TwitterLab;
  beforeAll(async () => {
    sample = await TwitterLab.start();
    await sample.putConsumerKeys();
    await sample.lab.rotate(TOKEN);
  });
  afterAll(async () => await sample.stop());

  test('is killed at each of its requests', async () => {
    expect(await requestsOf(sample, async () => await sample.lab.rotate(TOKEN))).toBe(LATER_ROTATION);
  });

  test.each(everyPoint(LATER_ROTATION))(
    'killed at request %i, %s its effect, succeeds on the next try',
    async (...point) => {
      const old = await sample.currentToken();

      const report = await rotateAndKill(sample, ...point);

      await expectMadeGood(sample, report);
      expect(await sample.currentToken()).not.toBe(old);
    },
  );
});
