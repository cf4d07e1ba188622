import { Lab } from '../../lab';
import { deploy, rotating } from './assemblies';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start({ rotationAttempts: 1 })));
afterEach(async () => await lab.stop());

/** A secret `key` whose rotation fails: what a rotation does is not looked at here. */
async function rotateBy(RotationRules: object): Promise<void> {
  const template = rotating({ createSecret: 'throw new Error("no");' });
  Object.assign(template.Resources.Schedule.Properties, { RotationRules });
  await deploy(lab, template);
}

test('advancing tells the rotations that were due, those that failed among them', async () => {
  await rotateBy({ ScheduleExpression: 'rate(30 days)' });

  const rotations = await lab.advance({ days: 91 });

  expect(rotations.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed']);
});

test('advancing tells each rotation once', async () => {
  await rotateBy({ ScheduleExpression: 'rate(30 days)' });
  await lab.advance({ days: 31 });

  expect(await lab.advance({ days: 30 })).toHaveLength(1);
  expect(await lab.advance(0)).toEqual([]);
});

test('advancing waits for a rotation that was asked for before', async () => {
  await rotateBy({});
  const before = lab.clock.now().getTime();
  const rotation = lab.rotate('key');
  await new Promise(setImmediate);

  await lab.advance({ days: 31 });

  expect((await rotation).startedAt.getTime() - before).toBeLessThan(86_400_000);
});

test('a lab that has stopped rotates nothing any more', async () => {
  await rotateBy({ ScheduleExpression: 'rate(1 day)' });
  await lab.stop();

  expect(await lab.advance({ days: 10 })).toEqual([]);
});
