import { Duration } from 'aws-cdk-lib';
import { Clock, type Time } from '../../lab/clock';

beforeEach(() => void jest.useFakeTimers({ now: new Date('2026-06-01T00:00:00Z') }));
afterEach(() => void jest.useRealTimers());

const at = (clock: Clock) => clock.now().toISOString();

/** Has the clock write down the time at each of these moments. */
function writeDown(clock: Clock, ...moments: string[]): string[] {
  const seen: string[] = [];
  for (const moment of moments) clock.at(new Date(moment), () => void seen.push(`${moment} at ${at(clock)}`));
  return seen;
}

describe('a clock', () => {
  test('shows the time of the machine', () => {
    expect(at(new Clock())).toBe('2026-06-01T00:00:00.000Z');
  });

  test('can start at another time', () => {
    const clock = new Clock(new Date('2027-03-01T12:00:00Z'));

    jest.advanceTimersByTime(1_500);

    expect(at(clock)).toBe('2027-03-01T12:00:01.500Z');
  });

  test.each(['2027-03-01T12:00:00.000Z', '1999-12-31T23:59:59.000Z'])(
    'that was set to %s goes on from there',
    async (to) => {
      const clock = new Clock();
      await clock.set(new Date(to));

      jest.advanceTimersByTime(1_500);

      expect(clock.now().getTime() - Date.parse(to)).toBe(1_500);
    },
  );

  test('cannot be set to what is no date', async () => {
    await expect(new Clock().set(new Date('tomorrow'))).rejects.toThrow('cannot be set to an invalid date');
  });

  test.each<[Time, string]>([
    [0, '2026-06-01T00:00:00.000Z'],
    [86_400_000, '2026-06-02T00:00:00.000Z'],
    [{ days: 1, hours: 2, minutes: 3, seconds: 4 }, '2026-06-02T02:03:04.000Z'],
    [Duration.days(365), '2027-06-01T00:00:00.000Z'],
  ])('advances by %j', async (time, expected) => {
    const clock = new Clock();

    await clock.advance(time);

    expect(at(clock)).toBe(expected);
  });

  test.each<[Time]>([[-1], [{ hours: -1 }], [NaN], [Infinity]])('does not advance by %j', async (time) => {
    await expect(new Clock().advance(time)).rejects.toThrow('advances by a time of 0 or more');
  });
});

describe('what is due', () => {
  test('runs in order while the clock is advanced, each at its own moment', async () => {
    const clock = new Clock();
    const seen = writeDown(clock, '2026-06-03T00:00:00Z', '2026-06-02T00:00:00Z', '2026-06-05T00:00:00Z');

    await clock.advance({ days: 3 });

    expect(seen).toEqual([
      '2026-06-02T00:00:00Z at 2026-06-02T00:00:00.000Z',
      '2026-06-03T00:00:00Z at 2026-06-03T00:00:00.000Z',
    ]);
    expect(at(clock)).toBe('2026-06-04T00:00:00.000Z');
  });

  test('at the same moment runs in the order in which it was asked for', async () => {
    const clock = new Clock();
    const seen: number[] = [];
    for (const number of [1, 2, 3]) clock.at(new Date('2026-06-02T00:00:00Z'), () => void seen.push(number));

    await clock.advance({ days: 1 });

    expect(seen).toEqual([1, 2, 3]);
  });

  test('has the clock stand still until it has ended', async () => {
    jest.useRealTimers();
    const clock = new Clock(new Date('2026-06-01T00:00:00Z'));
    const seen: string[] = [];
    clock.at(new Date('2026-06-02T00:00:00Z'), async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      seen.push(at(clock));
    });
    clock.at(new Date('2026-06-03T00:00:00Z'), () => void seen.push(at(clock)));

    await clock.advance({ days: 10 });

    expect(seen).toEqual(['2026-06-02T00:00:00.000Z', '2026-06-03T00:00:00.000Z']);
  });

  test('can ask for its next moment, so that a year of them runs at once', async () => {
    const clock = new Clock();
    let times = 0;
    const everyFourHours = () => {
      times++;
      clock.at(new Date(clock.now().getTime() + 4 * 3_600_000), everyFourHours);
    };
    clock.at(clock.now(), everyFourHours);

    await clock.advance({ days: 365 });

    expect(times).toBe(365 * 6 + 1);
  });

  test('may advance the clock itself', async () => {
    const clock = new Clock();
    const seen = writeDown(clock, '2026-06-02T12:00:00Z');
    clock.at(new Date('2026-06-02T00:00:00Z'), async () => await clock.advance({ days: 1 }));

    await clock.advance({ days: 1 });

    expect(seen).toEqual(['2026-06-02T12:00:00Z at 2026-06-02T12:00:00.000Z']);
    expect(at(clock)).toBe('2026-06-03T00:00:00.000Z');
  });

  test('fails the advance that it fails in, and the clock goes on', async () => {
    const clock = new Clock();
    clock.at(new Date('2026-06-02T00:00:00Z'), () => Promise.reject(new Error('no')));

    await expect(clock.advance({ days: 3 })).rejects.toThrow('no');
    jest.advanceTimersByTime(1_000);

    expect(at(clock)).toBe('2026-06-02T00:00:01.000Z');
  });

  test('is late when the clock is set to a later time', async () => {
    const clock = new Clock();
    const seen = writeDown(clock, '2026-06-02T00:00:00Z', '2026-06-03T00:00:00Z');

    await clock.set(new Date('2026-06-10T00:00:00Z'));

    expect(seen).toEqual([
      '2026-06-02T00:00:00Z at 2026-06-10T00:00:00.000Z',
      '2026-06-03T00:00:00Z at 2026-06-10T00:00:00.000Z',
    ]);
  });

  test('does not run once it was taken back', async () => {
    const clock = new Clock();
    const takeBack = clock.at(new Date('2026-06-02T00:00:00Z'), () => {
      throw new Error('ran');
    });

    takeBack();

    await expect(clock.advance({ days: 2 })).resolves.toBeUndefined();
  });
});

describe('a clock that just runs', () => {
  test.each(['2026-06-01T00:00:30.000Z', '2026-09-01T00:00:00.000Z'])(
    'starts at %s what is due then',
    async (moment) => {
      const clock = new Clock();
      const seen = writeDown(clock, moment);

      await jest.advanceTimersByTimeAsync(Date.parse(moment) - Date.now() - 1);
      expect(seen).toEqual([]);
      await jest.advanceTimersByTimeAsync(1);

      expect(seen).toEqual([`${moment} at ${moment}`]);
    },
  );

  test('waits for the next thing only', () => {
    const clock = new Clock();
    writeDown(clock, '2026-06-03T00:00:00Z', '2026-06-02T00:00:00Z', '2026-06-05T00:00:00Z');

    expect(jest.getTimerCount()).toBe(1);
    clock.stop();
  });

  test('goes on while something that was due takes its time, and starts the next beside it', async () => {
    const clock = new Clock();
    clock.at(new Date('2026-06-01T00:00:01Z'), async () => await new Promise(() => {}));
    const seen = writeDown(clock, '2026-06-01T00:00:02Z');

    await jest.advanceTimersByTimeAsync(5_000);

    expect(seen).toEqual(['2026-06-01T00:00:02Z at 2026-06-01T00:00:02.000Z']);
    expect(at(clock)).toBe('2026-06-01T00:00:05.000Z');
  });

  test('does not keep the process alive', () => {
    jest.useRealTimers();
    const waiting = jest.spyOn(globalThis, 'setTimeout');

    writeDown(new Clock(), '2999-01-01T00:00:00Z');

    expect((waiting.mock.results[0].value as NodeJS.Timeout).hasRef()).toBe(false);
    waiting.mockRestore();
  });
});

describe('a clock that was sped up', () => {
  test.each([
    [0, '2026-06-01T00:00:00.000Z'],
    [0.5, '2026-06-01T00:00:05.000Z'],
    [60, '2026-06-01T00:10:00.000Z'],
    [86_400, '2026-06-11T00:00:00.000Z'],
  ])('runs %d times as fast', (factor, expected) => {
    const clock = new Clock();

    clock.speed(factor);
    jest.advanceTimersByTime(10_000);

    expect(at(clock)).toBe(expected);
  });

  test('goes on from where it is when its speed changes', () => {
    const clock = new Clock();
    clock.speed(3_600);
    jest.advanceTimersByTime(2_000);

    clock.speed(1);
    jest.advanceTimersByTime(1_000);

    expect(at(clock)).toBe('2026-06-01T02:00:01.000Z');
  });

  test.each([-1, NaN, Infinity])('does not run %d times as fast', (factor) => {
    expect(() => new Clock().speed(factor)).toThrow('`factor` must be 0 or more');
  });

  test('starts everything at its own moment, however late the machine is', async () => {
    const clock = new Clock();
    const seen = writeDown(clock, '2026-06-02T00:00:00Z', '2026-06-03T12:00:00Z');
    clock.speed(86_400);

    jest.setSystemTime(Date.now() + 5_000);
    await jest.advanceTimersByTimeAsync(10_000);

    expect(seen).toEqual([
      '2026-06-02T00:00:00Z at 2026-06-02T00:00:00.000Z',
      '2026-06-03T12:00:00Z at 2026-06-03T12:00:00.000Z',
    ]);
  });

  test('stands while something that was due takes its time', async () => {
    const clock = new Clock();
    let end = () => {};
    clock.at(new Date('2026-06-02T00:00:00Z'), async () => await new Promise<void>((resolve) => (end = resolve)));
    clock.speed(86_400);

    await jest.advanceTimersByTimeAsync(5_000);
    expect(at(clock)).toBe('2026-06-02T00:00:00.000Z');
    end();
    await jest.advanceTimersByTimeAsync(1_000);

    expect(at(clock)).toBe('2026-06-03T00:00:00.000Z');
  });

  test('starts nothing while it stands still, and can be advanced', async () => {
    const clock = new Clock();
    const seen = writeDown(clock, '2026-06-02T00:00:00Z');
    clock.speed(0);

    await jest.advanceTimersByTimeAsync(10 * 86_400_000);
    expect(seen).toEqual([]);
    await clock.advance({ days: 1 });

    expect(seen).toHaveLength(1);
  });
});

test('a clock that was stopped starts nothing, and waits for nothing', async () => {
  const clock = new Clock();
  const seen = writeDown(clock, '2026-06-02T00:00:00Z');

  clock.stop();
  writeDown(clock, '2026-06-03T00:00:00Z');
  await clock.advance({ days: 5 });

  expect(seen).toEqual([]);
  expect(jest.getTimerCount()).toBe(0);
});
