import { CASE } from './cases';
import { errorsOf, expectRotates, failedRotation } from './failed-rotation';
import { KeyLab, type Setting } from './key-lab';

let sample: KeyLab;
async function start(setting: Setting = {}): Promise<void> {
  sample = await KeyLab.start(CASE.named, { lab: { rotationAttempts: 1 }, ...setting });
  await sample.rotate();
  await sample.rotate();
}
afterEach(async () => await sample.stop());

test('a new key that is refused at first is tried until it works', async () => {
  await start();
  sample.api.refuseNewKeys(3);

  await expectRotates(sample);
});

test('a new key that is refused for long is kept, and published by the next rotation', async () => {
  // A function with so little time gives up after a few tries.
  await start({ timeout: 4 });
  sample.api.refuseNewKeys(6);

  const error = await failedRotation(sample);

  expect(error).toMatch(/"apiKey" of version .* does not work: .* with 401; yet Acme may know it, so it may work soon/);
  const pending = await sample.key('AWSPENDING');
  sample.api.refuseNewKeys(0);
  await expectRotates(sample);
  expect(await sample.key()).toBe(pending);
});

test('a new key that the issuer does not know is given up, and the next rotation gets another', async () => {
  await start({ timeout: 4 });
  sample.api.refuseNewKeys(100);
  sample.api.hideNewKeys(1);

  const error = await failedRotation(sample);

  expect(error).toMatch(/does not work: .*; Acme does not list it, so the next rotation issues another/);
  expect(await sample.key('AWSPENDING')).toBeUndefined();
  sample.api.refuseNewKeys(0);
  sample.api.hideNewKeys(0);
  await expectRotates(sample);
});

test('a lost key that the list does not show yet is revoked by the rotation after that', async () => {
  await start();
  sample.api.hideNewKeys(2);
  sample.api.answerWith('POST /v1/keys', 'drop', { at: 'after' });
  await failedRotation(sample);
  sample.api.hideNewKeys(0);

  const { outcome } = await sample.rotate();

  expect(outcome).toBe('succeeded');
  expect(sample.live).toHaveLength(3);
  await expectRotates(sample);
});

test('keys that are accepted after their end disturb nothing', async () => {
  await start();
  sample.api.acceptEndedKeys(5);

  await expectRotates(sample);
});

test('a rotation waits for as long as the issuer needs to make a key known, in setSecret', async () => {
  await start({ settle: 1 });
  const before = sample.lab.runner.logs().length;

  const report = await sample.rotate();

  expect({ outcome: report.outcome, errors: errorsOf(report) }).toEqual({ outcome: 'succeeded', errors: [] });
  const lines = sample.lab.runner
    .logs()
    .slice(before)
    .map(({ text }) => text);
  const waits = lines.filter((text) => text.includes('waiting 1 s, for Acme to make the key known everywhere'));
  expect(waits.map((text) => (JSON.parse(text) as { step: string }).step)).toEqual(['setSecret']);
});

test('a time-out that leaves no time for that is an error which says so, and changes nothing', async () => {
  await start();
  await sample.stop();
  sample = await KeyLab.start(CASE.named, { settle: 10, timeout: 5, lab: { rotationAttempts: 1 } });

  const report = await sample.rotate();

  expect(errorsOf(report).at(-1)).toMatch(
    /setSecret: Acme may take 10 s to make a new key known everywhere, and the time-out of the function does not leave as much; raise it/,
  );
  expect(await sample.key()).toBeUndefined();
});
