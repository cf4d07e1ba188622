import { Calls, DropConnection, type OutsideCall } from '../../lab/calls';
import { Clock } from '../../lab/clock';

const READ = { service: 'secretsmanager', operation: 'GetSecretValue', caller: 'reader', resource: 'key' };

let clock: Clock;
let calls: Calls;
beforeEach(() => {
  clock = new Clock();
  calls = new Calls(clock);
});

const failing = (error: unknown) => () => {
  throw error;
};
const named = (name: string, message: string) => Object.assign(new Error(message), { name });

describe('a call', () => {
  test('is recorded with its outcome, and answers what its effect answers', async () => {
    await clock.set(new Date('2027-03-01T12:00:00Z'));

    const answer = await calls.run(READ, async () => 'value');

    expect(answer).toBe('value');
    expect(calls.all).toEqual([{ ...READ, at: expect.any(Date), outcome: 'ok', milliseconds: expect.any(Number) }]);
    expect(calls.all[0].at.toISOString()).toMatch(/^2027-03-01T12:00:0/);
  });

  test('has no outcome while it runs', async () => {
    let outcome: string | undefined = 'unknown';

    await calls.run(READ, () => void (outcome = calls.all[0].outcome));

    expect(outcome).toBeUndefined();
  });

  test('that fails has the name and the text of its error', async () => {
    const error = named('AccessDeniedException', 'User: reader is not authorized');

    await expect(calls.run(READ, failing(error))).rejects.toBe(error);

    expect(calls.all).toMatchObject([{ outcome: 'AccessDeniedException', message: 'User: reader is not authorized' }]);
  });

  test('that fails with something else than an error is recorded too', async () => {
    await expect(calls.run(READ, failing('why'))).rejects.toBe('why');

    expect(calls.all).toMatchObject([{ outcome: 'Error', message: 'why' }]);
  });

  test('stands in the order in which it began', async () => {
    await calls.run(READ, async () => await calls.run({ ...READ, operation: 'inner' }, () => undefined));

    expect(calls.all.map(({ operation }) => operation)).toEqual(['GetSecretValue', 'inner']);
  });
});

describe('a watcher', () => {
  test('is told of a call when it has ended, with its outcome and how long it took', async () => {
    const seen: OutsideCall[] = [];
    calls.watch((call) => void seen.push({ ...call }));
    calls.intercept(failing(new DropConnection()));

    await calls.run(READ, () => undefined).catch(() => undefined);

    expect(seen).toMatchObject([{ ...READ, outcome: 'DropConnection', milliseconds: expect.any(Number) }]);
  });

  test('is told of calls of the lab itself', () => {
    const watcher = jest.fn();
    calls.watch(watcher);

    calls.note(READ, () => undefined);

    expect(watcher).toHaveBeenCalledTimes(1);
  });

  test('hears no more once it was taken off', async () => {
    const watcher = jest.fn();
    const release = calls.watch(watcher);

    release();
    await calls.run(READ, () => undefined);

    expect(watcher).not.toHaveBeenCalled();
  });
});

describe('an interceptor', () => {
  test('is called before the effect, and after it with the outcome', async () => {
    const seen: unknown[] = [];
    calls.intercept((call, phase) => void seen.push([phase, call.operation, call.outcome]));

    await calls.run(READ, () => seen.push('effect'));

    expect(seen).toEqual([['before', 'GetSecretValue', undefined], 'effect', ['after', 'GetSecretValue', 'ok']]);
  });

  test('is called after an effect that failed too', async () => {
    const outcomes: unknown[] = [];
    calls.intercept(({ outcome }, phase) => void (phase === 'after' && outcomes.push(outcome)));

    await expect(calls.run(READ, failing(named('Refused', 'no')))).rejects.toThrow('no');

    expect(outcomes).toEqual(['Refused']);
  });

  test('holds the call up until it has finished', async () => {
    const seen: string[] = [];
    calls.intercept(async (_, phase) => {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(phase);
    });

    await calls.run(READ, () => seen.push('effect'));

    expect(seen).toEqual(['before', 'effect', 'after']);
  });

  test('that throws before the effect prevents it, and its error is the outcome', async () => {
    const effect = jest.fn();
    const error = named('ThrottlingException', 'Rate exceeded');
    calls.intercept(failing(error));

    await expect(calls.run(READ, effect)).rejects.toBe(error);

    expect(effect).not.toHaveBeenCalled();
    expect(calls.all).toMatchObject([{ outcome: 'ThrottlingException', message: 'Rate exceeded' }]);
  });

  test('that throws after the effect does not undo it, and its error is the outcome', async () => {
    const effect = jest.fn();
    calls.intercept((_, phase) => {
      if (phase === 'after') throw new DropConnection();
    });

    await expect(calls.run(READ, effect)).rejects.toBeInstanceOf(DropConnection);

    expect(effect).toHaveBeenCalledTimes(1);
    expect(calls.all).toMatchObject([{ outcome: 'DropConnection', message: 'the lab dropped the connection' }]);
  });

  test('is not called again once it was taken off', async () => {
    const interceptor = jest.fn<void, [OutsideCall, 'before' | 'after']>();
    const release = calls.intercept(interceptor);
    await calls.run(READ, () => undefined);

    release();
    await calls.run(READ, () => undefined);

    expect(interceptor).toHaveBeenCalledTimes(2);
  });

  test('may take itself off while the others are called', async () => {
    const other = jest.fn();
    const release = calls.intercept(() => release());
    calls.intercept(other);

    await calls.run(READ, () => undefined);

    expect(other).toHaveBeenCalledTimes(2);
  });
});

describe('a call of the lab itself', () => {
  const WRITE = { service: 'logs', operation: 'PutLogEvents' };

  test('is recorded, and no interceptor disturbs it', () => {
    const interceptor = jest.fn();
    calls.intercept(interceptor);

    calls.note(WRITE, () => undefined);

    expect(calls.all).toMatchObject([{ ...WRITE, outcome: 'ok' }]);
    expect(interceptor).not.toHaveBeenCalled();
  });

  test('that is refused is recorded so, and throws', () => {
    const error = named('AccessDeniedException', 'no');

    expect(() => calls.note(WRITE, failing(error))).toThrow(error);

    expect(calls.all).toMatchObject([{ ...WRITE, outcome: 'AccessDeniedException', message: 'no' }]);
  });
});
