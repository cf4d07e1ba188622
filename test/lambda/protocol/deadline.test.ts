import { Deadline, repeat } from '../../../lambda/protocol/deadline';

const deadlineIn = (milliseconds: number) => Deadline.of({ getRemainingTimeInMillis: () => milliseconds });

describe('Deadline', () => {
  test('keeps a second back to report an error', () => {
    const deadline = deadlineIn(5_000);

    expect(deadline.remaining()).toBeLessThanOrEqual(4_000);
    expect(deadline.remaining()).toBeGreaterThan(3_000);
  });

  test('is never later for a part than for the whole', () => {
    const part = deadlineIn(5_000).atMost(60_000);

    expect(part.remaining()).toBeLessThanOrEqual(4_000);
  });

  test('aborts what runs when it is reached', async () => {
    const signal = deadlineIn(1_050).signal('GET /');

    await new Promise((resolve) => signal.addEventListener('abort', resolve));

    expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
  });

  test('names the call that it leaves no time for', () => {
    const deadline = deadlineIn(500);

    expect(() => deadline.signal('DescribeSecret on my-key')).toThrow('no time is left for DescribeSecret on my-key');
  });
});

describe('repeat', () => {
  const again = () => true;

  test('tries again until the attempt succeeds', async () => {
    const attempt = jest.fn().mockRejectedValueOnce(new Error('first')).mockResolvedValue('value');

    const result = await repeat(attempt, again, deadlineIn(60_000));

    expect(result).toBe('value');
    expect(attempt).toHaveBeenCalledTimes(2);
  });

  test('throws at once what is not to be tried again', async () => {
    const attempt = jest.fn().mockRejectedValue(new Error('final'));

    await expect(repeat(attempt, () => false, deadlineIn(60_000))).rejects.toThrow('final');
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  test('throws the last error when the deadline leaves no time for another try', async () => {
    const attempt = jest.fn().mockRejectedValue(new Error('still busy'));

    await expect(repeat(attempt, again, deadlineIn(1_300))).rejects.toThrow('still busy');
    expect(attempt).toHaveBeenCalledTimes(2);
  });
});
