import { findLeaks, findLeaksInFolder } from '../../../lab';
import { type Case, CASE } from './cases';
import { errorsOf } from './failed-rotation';
import { KeyLab } from './key-lab';

/** One for each place that a credential is sent in: a header, a form, basic authentication, JSON. */
const PLACES: readonly Case[] = [CASE.named, CASE.entra, CASE.auth0, CASE.okta, CASE.twoSlots, CASE.newRelicUser];

describe.each(PLACES)('after rotations at $name that went well and rotations that failed', (of) => {
  let sample: KeyLab;
  let values: readonly string[];
  const errors: string[] = [];

  beforeAll(async () => {
    sample = await KeyLab.start(of, { timeout: 6, lab: { rotationAttempts: 1 } });
    const rotate = async () => void errors.push(...errorsOf(await sample.rotate()));
    const [effect] = of.effects;

    await rotate();
    await rotate();
    for (const fault of [401, 409, 500, 'html', 'wrong json', 'truncated', 'drop'] as const) {
      sample.api.answerWith(effect, fault, { at: 'after', times: 1 });
      await rotate();
    }
    sample.api.answerWith(effect, 429, { retryAfterSeconds: 3600, times: 1000 });
    await rotate();
    sample.api.clearFaults();
    for (const operation of ['GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage']) {
      sample.lab.faults.add({ action: 'refuse', error: 'InternalServiceError', call: operation, times: 20 });
      await rotate();
      sample.lab.faults.clear();
    }
    await rotate();
    values = sample.secretValues;
  }, 120_000);
  afterAll(async () => await sample?.stop());

  test('no value of a credential or a key stands in a template or an asset', () => {
    const { files, leaks } = findLeaksInFolder(sample.directory, values);

    expect(files).toBeGreaterThan(3);
    expect(leaks).toEqual([]);
  });

  test('none stands in a log line', () => {
    const lines = sample.lab.runner.logs().map(({ text }) => text);

    expect(lines.length).toBeGreaterThan(20);
    expect(findLeaks('logs', lines.join('\n'), values)).toEqual([]);
  });

  test('none stands in an error', () => {
    expect(errors.length).toBeGreaterThan(3);
    expect(findLeaks('errors', errors.join('\n'), values)).toEqual([]);
  });

  test('none stands in what the lab tells of calls, events and resources', () => {
    const told = JSON.stringify([sample.lab.calls.all, sample.lab.events.all, sample.stacks]);

    expect(findLeaks('calls and events', told, values)).toEqual([]);
  });

  test('the search finds each of them where it is', () => {
    expect(values.length).toBeGreaterThan(3);
    for (const value of values) expect(findLeaks('planted', `key=${value}`, [value])).toHaveLength(1);
  });
});
