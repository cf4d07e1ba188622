import { findLeaks } from '../../../lab';
import { type ApiWithCanary, canaryIn, WITH_CANARY } from './canary';
import { expectRotates, failedRotation } from './failed-rotation';
import { KeyLab } from './key-lab';

let sample: KeyLab;
let api: ApiWithCanary;
beforeEach(async () => {
  sample = await KeyLab.start(WITH_CANARY, {
    rotation: (stack) => ({ canary: canaryIn(stack) }),
    lab: { rotationAttempts: 1 },
  });
  api = sample.api as ApiWithCanary;
  await expectRotates(sample);
});
afterEach(async () => await sample.stop());

const asked = () => sample.lab.runner.logs().filter(({ text }) => text.includes('asked'));

test('a key that the canary takes is published, and the canary is told where it stands, not what it is', async () => {
  await expectRotates(sample);

  expect(asked()).toHaveLength(2);
  const { text } = asked().at(-1)!;
  const [version] = Object.entries(await sample.labels()).find(([, labels]) => labels.includes('AWSCURRENT'))!;
  expect(text).toContain(`"VersionId":"${version}","VersionStage":"AWSPENDING"`);
  expect(findLeaks('log of the canary', text, sample.secretValues)).toEqual([]);
});

test('a key that the canary refuses is given up, and the next rotation gets another', async () => {
  api.canary = 'false';

  const error = await failedRotation(sample);

  expect(error).toMatch(
    /testSecret: the canary arn:.*:function:.* refuses version .* of arn:.*; the next rotation gets another key/,
  );
  const refused = api.issued.at(-1);
  expect(await sample.key('AWSPENDING')).toBeUndefined();
  api.canary = 'true';
  await expectRotates(sample);
  expect(await sample.key()).not.toBe(refused);
});

test.each([
  ['throw', /the canary arn:.* failed \(.*\); see its log/],
  ['text', /the canary arn:.* must answer true or false to version .*, and answered something else; it is asked again/],
  [
    'nothing',
    /the canary arn:.* must answer true or false to version .*, and answered something else; it is asked again/,
  ],
])('a key of which the canary says neither yes nor no (%s) is kept, and asked about again', async (answer, says) => {
  api.canary = answer;

  const error = await failedRotation(sample);

  expect(error).toMatch(says);
  const pending = await sample.key('AWSPENDING');
  expect(pending).toBe(api.issued.at(-1));
  api.canary = 'true';
  await expectRotates(sample);
  expect(await sample.key()).toBe(pending);
});
