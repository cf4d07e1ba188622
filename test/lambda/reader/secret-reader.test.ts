import {
  AuthenticationFailedError,
  SecretReader,
  SecretReaderProps,
  SecretsClient,
  StaleNotice,
} from '../../../lambda/reader';
import { SecretsManagerDouble } from './secrets-manager-double';

const service = new SecretsManagerDouble();
let newReader: (props?: SecretReaderProps) => SecretReader;

let client: SecretsClient;

beforeAll(async () => {
  client = await service.start();
  newReader = (props) => new SecretReader({ client, ...props });
});
afterAll(async () => await service.stop());
beforeEach(() => {
  service.asked.length = 0;
  service.answer = () => ({ SecretString: '{"token":"hunter2"}' });
});
afterEach(() => jest.useRealTimers());

/** Sets the time that the reader sees; timers and connections go on as they do. */
function setTime(to: string): void {
  jest.useFakeTimers({
    now: new Date(to),
    doNotFake: ['setTimeout', 'setInterval', 'setImmediate', 'nextTick', 'queueMicrotask', 'performance'],
  });
}

describe('cache', () => {
  test('makes one call for 50 simultaneous reads', async () => {
    const reader = newReader();

    const values = await Promise.all(Array.from({ length: 50 }, async () => await reader.getField('twitter', 'token')));

    expect(new Set(values)).toEqual(new Set(['hunter2']));
    expect(service.asked).toHaveLength(1);
  });

  test('gives all simultaneous readers the same error, and asks again for the next one', async () => {
    service.answer = () => ({ error: 'AccessDeniedException', message: 'no' });
    const reader = newReader();

    const outcomes = await Promise.allSettled([reader.getString('twitter'), reader.getString('twitter')]);
    service.answer = () => ({ SecretString: 'text' });

    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
    await expect(reader.getString('twitter')).resolves.toBe('text');
    expect(service.asked).toHaveLength(2);
  });

  test('serves a value for five minutes without another call', async () => {
    setTime('2027-03-01T00:00:00Z');
    const reader = newReader();
    await reader.getString('twitter');

    setTime('2027-03-01T00:04:59Z');
    await reader.getString('twitter');

    expect(service.asked).toHaveLength(1);
  });

  test('asks again after five minutes', async () => {
    setTime('2027-03-01T00:00:00Z');
    const reader = newReader();
    await reader.getString('twitter');

    setTime('2027-03-01T00:05:00Z');
    await reader.getString('twitter');

    expect(service.asked).toHaveLength(2);
  });

  test('asks at every read with a ttl of 0', async () => {
    const reader = newReader({ ttl: 0 });

    await reader.getString('twitter');
    await reader.getString('twitter');

    expect(service.asked).toHaveLength(2);
  });

  test.each([-1, NaN])('refuses a ttl of %s', (ttl) => {
    expect(() => newReader({ ttl })).toThrow(`\`ttl\` must be 0 or more milliseconds, got ${ttl}`);
  });
});

describe('stage', () => {
  test('is sent as AWSCURRENT when the caller names none', async () => {
    await newReader().getString('twitter');

    expect(service.asked).toEqual([{ SecretId: 'twitter', VersionStage: 'AWSCURRENT' }]);
  });

  test('tells the values of one secret apart', async () => {
    service.answer = ({ VersionStage }) => ({ SecretString: `value of ${VersionStage}` });
    const reader = newReader();
    await reader.getString('twitter');

    const previous = await reader.getString('twitter', { stage: 'AWSPREVIOUS' });

    expect(previous).toBe('value of AWSPREVIOUS');
  });
});

describe('while Secrets Manager is down', () => {
  const outages = [
    ['drops the connection', 'drop the connection' as const],
    ['answers 503', { error: 'ServiceUnavailable', status: 503 }],
    ['answers an internal error', { error: 'InternalServiceError', status: 500 }],
    ['throttles', { error: 'ThrottlingException', message: 'Rate exceeded' }],
    ['cuts the answer off', { cutOffAfter: '{"SecretString":"hunter2' }],
  ] as const;

  test.each(outages)('serves the last value, marked as stale, when it %s', async (_, outage) => {
    const reader = newReader({ ttl: 0, onStale: () => undefined });
    await reader.getString('twitter');
    service.answer = () => outage;

    const served = await reader.withSecret('twitter', (secret) => [secret.field('token'), secret.stale]);

    expect(served).toEqual(['hunter2', true]);
  });

  test.each(outages)('throws SecretsManagerUnavailableError without an earlier value when it %s', async (_, outage) => {
    service.answer = () => outage;

    const reading = newReader().getString('twitter');

    await expect(reading).rejects.toMatchObject({ name: 'SecretsManagerUnavailableError', secretId: 'twitter' });
  });

  test('serves the last value when the credentials of the role cannot be renewed', async () => {
    let renewed = true;
    const lost = Object.assign(new Error('Could not load credentials from any providers'), {
      name: 'CredentialsProviderError',
    });
    const reader = newReader({
      ttl: 0,
      onStale: () => undefined,
      client: {
        send: async (...sent: Parameters<SecretsClient['send']>) => {
          if (!renewed) throw lost;
          return client.send(...sent);
        },
      } as SecretsClient,
    });
    await reader.getString('twitter');
    renewed = false;

    const served = await reader.withSecret('twitter', (secret) => [secret.field('token'), secret.stale]);

    expect(served).toEqual(['hunter2', true]);
  });

  describe('and silent', () => {
    let answer: () => void;

    async function readerWhoseValueIsOld(notices: StaleNotice[]): Promise<SecretReader> {
      setTime('2027-03-01T00:00:00Z');
      const reader = newReader({ onStale: (notice) => notices.push(notice) });
      await reader.getString('twitter');
      setTime('2027-03-01T01:00:00Z');
      const silence = new Promise<void>((resolve) => (answer = resolve));
      service.answer = async () => {
        await silence;
        return { SecretString: '{"token":"hunter3"}', VersionId: 'v2' };
      };
      return reader;
    }

    test('everybody gets the last value instead of waiting for an answer, and one of them says so', async () => {
      const notices: StaleNotice[] = [];
      const reader = await readerWhoseValueIsOld(notices);

      const served = await Promise.all([reader.getField('twitter', 'token'), reader.getField('twitter', 'token')]);

      expect(served).toEqual(['hunter2', 'hunter2']);
      expect(notices.map(({ error }) => error.message)).toEqual([
        'Secrets Manager cannot be reached for secret twitter: no answer within 1500 ms',
      ]);
      answer();
    });

    test('the answer that comes in the end is for the next read', async () => {
      const reader = await readerWhoseValueIsOld([]);
      await reader.getField('twitter', 'token');
      const last = reader.withSecret('twitter', (secret) => {
        if (secret.versionId === 'v1') throw new AuthenticationFailedError('refused v1');
        return secret.field('token');
      });

      answer();

      await expect(last).resolves.toBe('hunter3');
      await expect(reader.getField('twitter', 'token')).resolves.toBe('hunter3');
      expect(service.asked).toHaveLength(2);
    });
  });

  test('says which version is served, since when and why', async () => {
    setTime('2027-03-01T00:00:00Z');
    const notices: StaleNotice[] = [];
    const reader = newReader({ onStale: (notice) => notices.push(notice) });
    await reader.getString('twitter');
    service.answer = () => ({ error: 'ThrottlingException', message: 'Rate exceeded' });

    setTime('2027-03-01T01:00:00Z');
    await reader.getString('twitter');

    expect(notices).toEqual([
      {
        secretId: 'twitter',
        stage: 'AWSCURRENT',
        versionId: 'v1',
        readAt: new Date('2027-03-01T00:00:00Z'),
        error: expect.objectContaining({ message: expect.stringContaining('Rate exceeded') }),
      },
    ]);
  });

  test('writes a warning without the value when nobody listens', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    const reader = newReader({ ttl: 0 });
    await reader.getString('twitter');
    service.answer = () => 'drop the connection';

    await reader.getString('twitter');

    expect(warn).toHaveBeenCalledWith(expect.stringContaining('serving AWSCURRENT of secret twitter'));
    expect(JSON.stringify(warn.mock.calls)).not.toContain('hunter2');
    warn.mockRestore();
  });

  test('waits five seconds before it asks again', async () => {
    setTime('2027-03-01T00:00:00Z');
    const reader = newReader({ onStale: () => undefined });
    await reader.getString('twitter');
    service.answer = () => 'drop the connection';
    setTime('2027-03-01T01:00:00Z');
    await reader.getString('twitter');

    setTime('2027-03-01T01:00:04Z');
    await reader.getString('twitter');
    setTime('2027-03-01T01:00:05Z');
    await reader.getString('twitter');

    expect(service.asked).toHaveLength(3);
  });

  test('drops the stale mark with the first answer', async () => {
    const reader = newReader({ ttl: 0, onStale: () => undefined });
    await reader.getString('twitter');
    service.answer = () => 'drop the connection';
    await reader.getString('twitter');
    service.answer = () => ({ SecretString: 'text' });

    const stale = await reader.withSecret('twitter', (secret) => secret.stale);

    expect(stale).toBe(false);
  });

  test.each([
    ['AccessDeniedException', 'AccessDeniedError'],
    ['ResourceNotFoundException', 'UnknownSecretError'],
  ])('never hides %s behind an earlier value', async (error, name) => {
    const reader = newReader({ ttl: 0 });
    await reader.getString('twitter');
    service.answer = () => ({ error });

    await expect(reader.getString('twitter')).rejects.toMatchObject({ name });
  });

  test('does not bring back a value whose reading was denied since', async () => {
    const reader = newReader({ ttl: 0 });
    await reader.getString('twitter');
    service.answer = () => ({ error: 'AccessDeniedException' });
    await reader.getString('twitter').catch(() => undefined);
    service.answer = () => 'drop the connection';

    await expect(reader.getString('twitter')).rejects.toMatchObject({ name: 'SecretsManagerUnavailableError' });
  });
});
