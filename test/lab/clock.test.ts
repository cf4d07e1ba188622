import { Clock } from '../../lab/clock';

beforeEach(() => void jest.useFakeTimers({ now: new Date('2026-06-01T00:00:00Z') }));
afterEach(() => void jest.useRealTimers());

const at = (clock: Clock) => clock.now().toISOString();

test('a clock shows the time of the machine', () => {
  expect(at(new Clock())).toBe('2026-06-01T00:00:00.000Z');
});

test('a clock that was set goes on from there', () => {
  const clock = new Clock();
  clock.set(new Date('2027-03-01T12:00:00Z'));

  jest.advanceTimersByTime(1_500);

  expect(at(clock)).toBe('2027-03-01T12:00:01.500Z');
});

test.each([
  [86_400_000, '2026-06-02T00:00:00.000Z'],
  [-1, '2026-05-31T23:59:59.999Z'],
])('a clock moves by %i ms', (milliseconds, time) => {
  const clock = new Clock();

  clock.advance(milliseconds);

  expect(at(clock)).toBe(time);
});
