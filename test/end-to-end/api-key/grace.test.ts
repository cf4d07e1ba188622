import { Duration } from 'aws-cdk-lib';
import { CASE } from './cases';
import { expectRotates } from './failed-rotation';
import { KeyLab } from './key-lab';

let sample: KeyLab;
afterEach(async () => await sample.stop());

async function start(of = CASE.named, revokeAfter?: Duration): Promise<void> {
  sample = await KeyLab.start(of, { rotation: () => ({ revokeAfter }), lab: { rotationAttempts: 1 } });
  await expectRotates(sample);
  await expectRotates(sample);
}

/** The newest metrics of the secret that stand in the log. */
function metrics(): Record<string, unknown> {
  const lines = sample.lab.runner.logs().filter(({ text }) => text.includes('CloudWatchMetrics'));
  return JSON.parse(lines.at(-1)!.text) as Record<string, unknown>;
}

function secretArn(): string {
  return sample.stacks[0].resources.find(({ path }) => path === 'Keys/Key/Resource')!.ref;
}

async function rollBack(): Promise<unknown> {
  return await sample.lab.invoke(sample.functionName, { Keyturn: 'RollBack', SecretId: secretArn() });
}

describe.each([CASE.named, CASE.nameless, CASE.twoSlots])('$name', (of) => {
  test('the key of AWSPREVIOUS is ended when it has worked on for as long as it should, and no other', async () => {
    await start(of, Duration.hours(1));
    const [current, previous] = [await sample.key(), await sample.key('AWSPREVIOUS')];

    await sample.lab.advance({ minutes: 44 });
    const before = sample.live;
    await sample.lab.advance({ minutes: 31 });

    expect(before).toEqual([current, previous].sort());
    expect(sample.live).toEqual([current]);
    expect(await sample.key()).toBe(current);
  });

  test('a rotation after that leaves no other key behind', async () => {
    await start(of, Duration.hours(1));
    await sample.lab.advance({ hours: 2 });

    await expectRotates(sample);
  });

  test('AWSPREVIOUS is made current again while its key works, and rotates on from there', async () => {
    await start(of);
    const [current, previous] = [await sample.key(), await sample.key('AWSPREVIOUS')];

    await rollBack();

    expect(await sample.key()).toBe(previous);
    expect(await sample.key('AWSPREVIOUS')).toBe(current);
    expect(sample.live).toEqual([current, previous].sort());
    await expectRotates(sample);
  });

  test('AWSPREVIOUS is not made current again when its key is ended', async () => {
    await start(of, Duration.hours(1));
    await sample.lab.advance({ hours: 2 });
    const labels = await sample.labels();

    await expect(rollBack()).rejects.toThrow(
      /RollBack: AWSPREVIOUS is not made current again: .* does not work: .* with 401/,
    );

    expect(await sample.labels()).toEqual(labels);
    expect(sample.isLive(await sample.key())).toBe(true);
  });
});

test('a key that could not be revoked is counted, and revoked within a day', async () => {
  await start();
  sample.api.answerWith('DELETE /v1/keys/{id}', 403);
  await sample.rotate();
  const [left, afterwards] = [sample.live.length, metrics()];

  await sample.lab.advance({ days: 1 });

  expect(left).toBe(3);
  expect(afterwards).toMatchObject({ Secret: secretArn(), UnrevokedKeys: 1, LiveKeys: 3 });
  expect(sample.live).toEqual(await sample.needed());
  expect(metrics()).toMatchObject({ UnrevokedKeys: 0, LiveKeys: 2 });
});

test('a round that fails is counted, and says why', async () => {
  await start(CASE.named, Duration.hours(1));
  sample.api.answerWith('GET /v1/keys', 403, { times: 1000 });

  await sample.lab.advance({ minutes: 75 });

  expect(metrics()).toMatchObject({ UnrevokedKeys: 1 });
  expect(sample.live).toEqual(await sample.needed());
  const text = sample.lab.runner
    .logs()
    .map((line) => line.text)
    .join('\n');
  expect(text).toMatch(/RevokeOldKeys: 1 of 1 secrets failed: .* with 403: Acme does not accept adminKey/);
  sample.api.clearFaults();
  await sample.lab.advance({ minutes: 15 });
  expect(sample.live).toEqual([await sample.key()]);
  expect(metrics()).toMatchObject({ UnrevokedKeys: 0, LiveKeys: 1 });
});

test('a secret without AWSPREVIOUS is not rolled back', async () => {
  sample = await KeyLab.start(CASE.named);
  await expectRotates(sample);

  await expect(rollBack()).rejects.toThrow(`${secretArn()} has no AWSPREVIOUS version to go back to`);
});
