import type { RotationReport } from '../../../lab/secrets-manager';
import type { RotationRules } from '../../../lab/secrets-manager/rotation-rules';
import { startRotating } from './rotating';

let lab: ReturnType<typeof startRotating>;
let rotations: RotationReport[];

/** Noon on 1 March 2027 is now. */
beforeEach(async () => {
  rotations = [];
  lab = startRotating({ onRotation: (report) => rotations.push(report) });
  await lab.ask('CreateSecret', { Name: 'key', SecretString: 'one' });
});
afterEach(() => lab.clock.stop());

/** Sets rotation up, and rotates or tests at once. */
async function rotateBy(RotationRules: object, more: object = {}): Promise<void> {
  await lab.startRotation({ RotationRules, ...more });
  await lab.rotation();
}

async function nextRotationDate(): Promise<string | undefined> {
  const { NextRotationDate } = await lab.ask('DescribeSecret', { SecretId: 'key' });
  return NextRotationDate === undefined ? undefined : new Date(Number(NextRotationDate) * 1000).toISOString();
}

/** The days on which a rotation began, after those that are known already. */
const days = (known = 0): string[] =>
  rotations.slice(known).map(({ startedAt }) => startedAt.toISOString().slice(0, 10));

const MONTHLY = { ScheduleExpression: 'rate(30 days)', Duration: '4h' };
const NOON_DAILY = { ScheduleExpression: 'cron(0 12 * * ? *)', Duration: '1h' };

describe('NextRotationDate is the end of the window in which the next rotation then begins', () => {
  test.each<[RotationRules, string]>([
    [{ AutomaticallyAfterDays: 1 }, 'P40D'],
    [{ AutomaticallyAfterDays: 31, Duration: '3h' }, 'P400D'],
    [{ ScheduleExpression: 'rate(4 hours)' }, 'P4D'],
    [{ ScheduleExpression: 'rate(4 hours)', Duration: '4h' }, 'P4D'],
    [{ ScheduleExpression: 'rate(10 hours)', Duration: '2h' }, 'P10D'],
    [{ ScheduleExpression: 'rate(1 day)' }, 'P40D'],
    [{ ScheduleExpression: 'rate(30 days)', Duration: '4h' }, 'P400D'],
    [{ ScheduleExpression: 'rate(999 days)' }, 'P6000D'],
    [{ ScheduleExpression: 'cron(0 /8 * * ? *)' }, 'P10D'],
    [{ ScheduleExpression: 'cron(0 2/10 * * ? *)', Duration: '2h' }, 'P10D'],
    [{ ScheduleExpression: 'cron(0 21 L * ? *)' }, 'P800D'],
    [{ ScheduleExpression: 'cron(0 0 31 * ? *)' }, 'P800D'],
    [{ ScheduleExpression: 'cron(0 0 29 FEB ? *)', Duration: '1h' }, 'P3000D'],
    [{ ScheduleExpression: 'cron(0 16 1,15 * ? *)', Duration: '2h' }, 'P400D'],
    [{ ScheduleExpression: 'cron(0 8 ? * MON-FRI *)' }, 'P40D'],
    [{ ScheduleExpression: 'cron(0 0 ? * SUN#1 *)' }, 'P400D'],
    [{ ScheduleExpression: 'cron(0 3 SUNL MAR,OCT ? *)' }, 'P800D'],
    [{ ScheduleExpression: 'cron(0 1 ? 1/3 2#1 *)' }, 'P800D'],
  ])('by %j, for %s', async (rules, time) => {
    const shown: string[] = [];
    await rotateBy(rules, { RotateImmediately: false });
    const ends = lab.clock.now().getTime() + Number(time.slice(1, -1)) * 86_400_000;

    for (let next = (await nextRotationDate())!; Date.parse(next) < ends; next = (await nextRotationDate())!) {
      shown.push(next);
      await lab.clock.advance(Date.parse(next) - lab.clock.now().getTime());
    }

    const hours = rules.Duration ? Number(rules.Duration.slice(0, -1)) : 24;
    expect(shown.length).toBeGreaterThanOrEqual(2);
    expect(rotations).toHaveLength(shown.length);
    for (const [index, { startedAt, outcome }] of rotations.entries()) {
      const early = Date.parse(shown[index]) + 1000 - startedAt.getTime();
      expect(outcome).toBe('succeeded');
      expect(early).toBeGreaterThan(0);
      expect(early).toBeLessThanOrEqual(hours * 3_600_000);
    }
  });
});

describe('a year', () => {
  test.each([
    [MONTHLY, 12],
    [{ AutomaticallyAfterDays: 30 }, 12],
    [{ ScheduleExpression: 'rate(7 days)' }, 52],
    [{ ScheduleExpression: 'cron(0 16 1,15 * ? *)' }, 24],
    [{ ScheduleExpression: 'rate(4 hours)' }, 365 * 6],
  ])('by %j has the right number of rotations, and the last one is current', async (rules, times) => {
    await rotateBy(rules);

    await lab.clock.advance({ days: 365, hours: 2 });

    expect(rotations).toHaveLength(1 + times);
    expect((await lab.ask('GetSecretValue', { SecretId: 'key' })).VersionId).toBe(rotations.at(-1)!.token);
  });

  test('begins each rotation at the same minute of its window', async () => {
    await rotateBy(MONTHLY);

    await lab.clock.advance({ days: 365 });

    const times = new Set(rotations.slice(1).map(({ startedAt }) => startedAt.toISOString().slice(11)));
    expect([...times]).toEqual([expect.stringMatching(/^0[0-3]:\d\d:00\.000Z$/)]);
  });
});

describe('the first rotation', () => {
  test('of a schedule that does not rotate at once is in its first window', async () => {
    await rotateBy(NOON_DAILY, { RotateImmediately: false });

    await lab.clock.advance({ hours: 23, minutes: 59 });
    expect(days()).toEqual([]);
    await lab.clock.advance({ hours: 2 });

    expect(days()).toEqual(['2027-03-02']);
  });

  test('by a rate in days that does not rotate at once is due so many days after the last one', async () => {
    await rotateBy({});
    await lab.clock.advance({ days: 10 });

    await rotateBy({ ScheduleExpression: 'rate(30 days)' }, { RotateImmediately: false });

    expect(await nextRotationDate()).toBe('2027-03-31T23:59:59.000Z');
  });

  test('by a rate that is overdue by then is in a window to come', async () => {
    await rotateBy({});
    await lab.clock.advance({ days: 100 });

    await rotateBy({ ScheduleExpression: 'rate(30 days)' }, { RotateImmediately: false });

    expect(await nextRotationDate()).toBe('2027-06-29T23:59:59.000Z');
  });
});

describe('rotating by hand', () => {
  test('has a rate in days count anew', async () => {
    await rotateBy(MONTHLY);
    await lab.clock.advance({ days: 20 });

    await rotateBy(MONTHLY);
    await lab.clock.advance({ days: 31 });

    expect(days()).toEqual(['2027-03-01', '2027-03-21', '2027-04-20']);
  });

  test('leaves the windows of a cron expression where they are', async () => {
    await rotateBy({ ScheduleExpression: 'cron(0 0 15 * ? *)' });
    await lab.clock.advance({ days: 10 });

    await rotateBy({ ScheduleExpression: 'cron(0 0 15 * ? *)' });
    await lab.clock.advance({ days: 10 });

    expect(days()).toEqual(['2027-03-01', '2027-03-11', '2027-03-15']);
  });

  test('with new rules forgets the old ones', async () => {
    await rotateBy({ ScheduleExpression: 'rate(1 day)' });

    await rotateBy({ ScheduleExpression: 'cron(0 0 L * ? *)' });
    await lab.clock.advance({ days: 31 });

    expect(days()).toEqual(['2027-03-01', '2027-03-01', '2027-03-31']);
  });

  test('in the middle of a rotation of the schedule has one rotation only', async () => {
    await rotateBy(MONTHLY, { RotateImmediately: false });
    lab.fault = async ({ Step, ClientRequestToken }) => {
      if (Step === 'setSecret') await lab.startRotation({ ClientRequestToken });
    };

    await lab.clock.advance({ days: 31 });

    expect(days()).toEqual(['2027-03-31']);
  });
});

describe('a value that was put by hand', () => {
  test('counts as a rotation for AutomaticallyAfterDays', async () => {
    await rotateBy({ AutomaticallyAfterDays: 30 });
    await lab.clock.advance({ days: 20 });

    await lab.ask('PutSecretValue', { SecretId: 'key', SecretString: 'two' });

    expect(await nextRotationDate()).toBe('2027-04-20T23:59:59.000Z');
  });

  test('with another label than AWSCURRENT does not', async () => {
    await rotateBy({ AutomaticallyAfterDays: 30 });
    await lab.clock.advance({ days: 20 });

    await lab.ask('PutSecretValue', { SecretId: 'key', SecretString: 'two', VersionStages: ['mine'] });

    expect(await nextRotationDate()).toBe('2027-03-31T23:59:59.000Z');
  });

  test('changes nothing for a cron expression', async () => {
    await rotateBy({ ScheduleExpression: 'cron(0 0 L * ? *)' });

    await lab.ask('PutSecretValue', { SecretId: 'key', SecretString: 'two' });

    expect(await nextRotationDate()).toBe('2027-03-31T23:59:59.000Z');
  });
});

describe('a scheduled rotation that fails', () => {
  beforeEach(async () => {
    await rotateBy(MONTHLY);
    lab.failing('setSecret', 5);
    await lab.clock.advance({ days: 31 });
  });

  test('is tried so many times in its window', () => {
    expect(rotations.at(-1)).toMatchObject({ outcome: 'failed', attempts: { length: 5 } });
  });

  test('leaves NextRotationDate where it was, in the past', async () => {
    expect(await nextRotationDate()).toBe('2027-03-31T03:59:59.000Z');
  });

  test('is tried again in the next window, with its own token', async () => {
    await lab.clock.advance({ days: 30 });

    expect(rotations.slice(1).map(({ outcome }) => outcome)).toEqual(['failed', 'succeeded']);
    expect(rotations[2].token).toBe(rotations[1].token);
    expect(days(2)).toEqual(['2027-04-30']);
  });

  test('and succeeds at last goes on by its schedule', async () => {
    await lab.clock.advance({ days: 30 });

    expect(await nextRotationDate()).toBe('2027-05-30T03:59:59.000Z');
  });

  test('can be made good by hand', async () => {
    await lab.startRotation({ ClientRequestToken: rotations.at(-1)!.token });
    await lab.rotation();

    expect(rotations.at(-1)!.outcome).toBe('succeeded');
    expect(await nextRotationDate()).toBe('2027-05-01T03:59:59.000Z');
  });
});

test('a scheduled rotation whose function may no longer be invoked fails, and the function is not called', async () => {
  await rotateBy(MONTHLY);
  lab.mayInvoke = false;
  const called = lab.invoked.length;

  await lab.clock.advance({ days: 31 });

  expect(rotations.at(-1)!.outcome).toBe('failed');
  expect(rotations.at(-1)!.attempts[0].steps[0].error!.type).toBe('AccessDeniedException');
  expect(lab.invoked).toHaveLength(called);
});

describe('a window that is open when the clock is set into it', () => {
  test('rotates at once when its moment has passed', async () => {
    await rotateBy(MONTHLY);

    await lab.clock.set(new Date('2027-03-31T03:59:59Z'));

    expect(rotations.at(-1)!.startedAt.toISOString()).toBe('2027-03-31T03:59:59.000Z');
  });

  test('that the clock was set past waits for the next one', async () => {
    await rotateBy(MONTHLY);

    await lab.clock.set(new Date('2027-03-31T04:00:00Z'));

    expect(days()).toEqual(['2027-03-01']);
    expect(await nextRotationDate()).toBe('2027-04-30T03:59:59.000Z');
  });

  test('does not make up for windows that were left out', async () => {
    await rotateBy(NOON_DAILY);

    await lab.clock.set(new Date('2027-06-01T00:00:00Z'));
    await lab.clock.advance({ days: 2 });

    expect(days(1)).toEqual(['2027-06-01', '2027-06-02']);
  });
});

describe('nothing is rotated', () => {
  test('without rules', async () => {
    await rotateBy({});

    await lab.clock.advance({ days: 2000 });

    expect(days()).toEqual(['2027-03-01']);
    expect(await nextRotationDate()).toBeUndefined();
  });

  test('after CancelRotateSecret, until RotateSecret', async () => {
    await rotateBy(MONTHLY);
    await lab.ask('CancelRotateSecret', { SecretId: 'key' });
    await lab.clock.advance({ days: 100 });
    expect([days(1), await nextRotationDate()]).toEqual([[], undefined]);

    await lab.startRotation();
    await lab.rotation();
    await lab.clock.advance({ days: 31 });

    expect(days(1)).toEqual(['2027-06-09', '2027-07-09']);
  });

  test('while the secret is marked for deletion, until RestoreSecret', async () => {
    await rotateBy(NOON_DAILY);
    await lab.ask('DeleteSecret', { SecretId: 'key' });
    await lab.clock.advance({ days: 20 });
    expect([days(1), await nextRotationDate()]).toEqual([[], undefined]);

    await lab.ask('RestoreSecret', { SecretId: 'key' });
    await lab.clock.advance({ days: 2, hours: 2 });

    expect(days(1)).toEqual(['2027-03-22', '2027-03-23']);
  });

  test.each([{ RecoveryWindowInDays: 7 }, { ForceDeleteWithoutRecovery: true }])(
    'of a secret that was deleted with %j',
    async (how) => {
      await rotateBy(NOON_DAILY);

      await lab.ask('DeleteSecret', { SecretId: 'key', ...how });
      await lab.clock.advance({ days: 365 });

      expect(days(1)).toEqual([]);
    },
  );
});

test('a secret is gone at the end of its recovery window, without being asked for', async () => {
  await lab.ask('DeleteSecret', { SecretId: 'key', RecoveryWindowInDays: 7 });

  await lab.clock.advance({ days: 8 });

  expect(lab.events.named('EndSecretVersionDelete').map(({ time }) => time.slice(0, 10))).toEqual(['2027-03-08']);
});

test('a secret that was restored and deleted again is gone once', async () => {
  await lab.ask('DeleteSecret', { SecretId: 'key', RecoveryWindowInDays: 7 });
  await lab.ask('RestoreSecret', { SecretId: 'key' });
  await lab.clock.advance({ days: 5 });
  await lab.ask('DeleteSecret', { SecretId: 'key', RecoveryWindowInDays: 7 });

  await lab.clock.advance({ days: 30 });

  expect(lab.events.named('EndSecretVersionDelete').map(({ time }) => time.slice(0, 10))).toEqual(['2027-03-13']);
});

test('many secrets rotate in the order of their moments, each at its own', async () => {
  const names = Array.from({ length: 50 }, (_, index) => `key-${index}`);
  for (const Name of names) {
    await lab.ask('CreateSecret', { Name, SecretString: 'one' });
    await lab.startRotation({ SecretId: Name, RotationRules: MONTHLY, RotateImmediately: false });
    await lab.secretsManager.rotation(Name);
  }

  await lab.clock.advance({ days: 31 });

  const moments = rotations.map(({ startedAt }) => startedAt.getTime());
  expect(moments).toHaveLength(50);
  expect(moments).toEqual([...moments].sort((a, b) => a - b));
  expect(new Set(moments).size).toBeGreaterThan(10);
});

test('a rotation begins by itself when the clock runs, faster than the machine', async () => {
  await rotateBy({ ScheduleExpression: 'rate(4 hours)' });

  lab.clock.speed(100 * 86_400);
  while (rotations.length < 20) await new Promise((resolve) => setTimeout(resolve, 1));
  lab.clock.speed(0);

  const hours = rotations.slice(1, 20).map(({ startedAt }) => Math.floor(startedAt.getTime() / 3_600_000));
  expect(hours).toEqual(hours.map((_, index) => hours[0] + 4 * index));
});
