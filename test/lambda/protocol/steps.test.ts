import { DropConnection } from '../../../lab/calls';
import { ServiceError } from '../../../lab/secrets-manager';
import { PendingNotProvenError, PendingUselessError } from '../../../lambda/protocol/errors';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { Strategy } from '../../../lambda/protocol/strategy';
import { Account, errors, FUNCTION } from '../account';

const TOKEN = '11111111-2222-3333-4444-555555555555';
const OLD = { password: 'old-password' };
const NEW = { password: 'new-password' };

let account: Account;
let strategy: { -readonly [Member in keyof Strategy]: Strategy[Member] };

beforeEach(async () => {
  strategy = { createActsOutside: false, create: jest.fn(async () => NEW), set: jest.fn(), test: jest.fn() };
  account = await new Account(rotationHandler(() => strategy)).start();
});

afterEach(async () => await account.stop());

/** The state in which Secrets Manager calls the first step: the version is labelled, and empty. */
async function pendingSecret(
  value: object | undefined = OLD,
): Promise<{ SecretId: string; ClientRequestToken: string }> {
  const SecretId = await account.createSecret('my-key', value);
  account.stepsByHand = true;
  await account.handle('RotateSecret', { SecretId, ClientRequestToken: TOKEN, RotationLambdaARN: FUNCTION });
  return { SecretId, ClientRequestToken: TOKEN };
}

describe('a rotation', () => {
  test('publishes the new value and keeps the old one as AWSPREVIOUS', async () => {
    const secret = await account.createSecret('my-key', OLD);

    const report = await account.rotate(secret);

    expect(report.outcome).toBe('succeeded');
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: NEW, AWSPREVIOUS: OLD });
  });

  test('gives an empty secret its first value', async () => {
    const secret = await account.createSecret('my-key');

    const report = await account.rotate(secret);

    expect(report.outcome).toBe('succeeded');
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: NEW, AWSPREVIOUS: undefined });
  });

  test('hands set and test the pending value, and the current one on request', async () => {
    const secret = await account.createSecret('my-key', OLD);
    const seen: unknown[] = [];
    strategy.set = async (rotation, pending) => void seen.push(await rotation.current(), pending);
    strategy.test = async (_rotation, pending) => void seen.push(pending);

    await account.rotate(secret);

    expect(seen).toEqual([OLD, NEW, NEW]);
  });

  test('tells the ids of both versions without a call more', async () => {
    const secret = await account.createSecret('my-key', OLD);
    const seen: unknown[] = [];
    strategy.set = async (rotation) => {
      await rotation.current();
      seen.push(await rotation.currentVersionId(), rotation.versionId);
    };
    const [before] = Object.keys(await account.labels(secret));

    await account.rotate(secret);

    const after = Object.entries(await account.labels(secret)).find(([, labels]) => labels.includes('AWSCURRENT'));
    expect(seen).toEqual([before, after?.[0]]);
    expect(account.asked.filter((operation) => operation === 'GetSecretValue')).toHaveLength(3);
  });

  test('takes 7 calls when the strategy reads the current value once', async () => {
    const secret = await account.createSecret('my-key', OLD);
    strategy.create = async (rotation) => ({ ...(await rotation.current()), ...NEW });

    await account.rotate(secret);

    expect(account.asked).toEqual([
      ...['DescribeSecret', 'GetSecretValue', 'PutSecretValue'],
      ...['GetSecretValue', 'GetSecretValue'],
      ...['DescribeSecret', 'UpdateSecretVersionStage'],
    ]);
  });

  const OUTSIDE_CALLS = Array.from({ length: 7 }, (_, call) => call);

  test.each(
    OUTSIDE_CALLS.flatMap(
      (call) =>
        [
          [call, 'before'],
          [call, 'after'],
        ] as const,
    ),
  )('recovers in the next attempt when everything stops at call %i, %s its effect', async (at, phase) => {
    const secret = await account.createSecret('my-key', OLD);
    strategy.create = async (rotation) => ({ ...(await rotation.current()), ...NEW });
    let call = -1;
    let dead = false;
    account.intercept((_call, now) => {
      if (now === 'before') call++;
      if (call === at && now === phase) dead = true;
      if (dead) throw new DropConnection();
    });
    account.beforeStep = (step) => {
      // The next attempt is a new process.
      if (step === 'createSecret' && dead) {
        dead = false;
        call = Infinity;
      }
    };

    const report = await account.rotate(secret);

    expect(report.outcome).toBe('succeeded');
    expect(report.attempts).toHaveLength(2);
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: NEW, AWSPREVIOUS: OLD });
  });
});

describe('createSecret', () => {
  test('stores the value under the version of the rotation', async () => {
    const event = await pendingSecret();

    await account.invoke({ ...event, Step: 'createSecret' });

    expect(await account.state(event.SecretId)).toMatchObject({ AWSCURRENT: OLD, AWSPENDING: NEW });
    expect((await account.labels(event.SecretId))[TOKEN]).toEqual(['AWSPENDING']);
  });

  test('keeps the value that an earlier run has stored', async () => {
    const event = await pendingSecret();
    await account.invoke({ ...event, Step: 'createSecret' });
    strategy.create = async () => ({ password: 'another-password' });

    await account.invoke({ ...event, Step: 'createSecret' });

    expect(await account.state(event.SecretId)).toMatchObject({ AWSPENDING: NEW });
  });

  test('asks a strategy that acts outside for nothing when the value is stored already', async () => {
    const event = await pendingSecret();
    await account.invoke({ ...event, Step: 'createSecret' });
    strategy = { ...strategy, createActsOutside: true, create: jest.fn() };

    await account.invoke({ ...event, Step: 'createSecret' });

    expect(strategy.create).not.toHaveBeenCalled();
  });

  test('does nothing when the version is published already', async () => {
    const event = await pendingSecret();
    for (const Step of ['createSecret', 'finishSecret']) await account.invoke({ ...event, Step });
    strategy.create = jest.fn();

    await account.invoke({ ...event, Step: 'createSecret' });

    expect(strategy.create).not.toHaveBeenCalled();
  });

  test.each(['createSecret', 'setSecret', 'testSecret', 'finishSecret'])(
    'is abandoned, like every step, when AWSPENDING was taken off: %s',
    async (Step) => {
      const event = await pendingSecret();
      const remove = { VersionStage: 'AWSPENDING', RemoveFromVersionId: TOKEN };
      await account.handle('UpdateSecretVersionStage', { SecretId: event.SecretId, ...remove });

      const step = account.invoke({ ...event, Step });

      await expect(step).rejects.toMatchObject({
        name: 'AbandonedRotationError',
        message: `${Step}: abandoned: version ${TOKEN} of ${event.SecretId} is neither AWSPENDING nor AWSCURRENT any more; the next rotation starts afresh`,
      });
    },
  );

  test('is abandoned when AWSPENDING was taken off while the value was made', async () => {
    const event = await pendingSecret();
    await account.invoke({ ...event, Step: 'createSecret' });
    strategy.create = async () => {
      const remove = { VersionStage: 'AWSPENDING', RemoveFromVersionId: TOKEN };
      await account.handle('UpdateSecretVersionStage', { SecretId: event.SecretId, ...remove });
      return { password: 'another-password' };
    };

    const step = account.invoke({ ...event, Step: 'createSecret' });

    await expect(step).rejects.toMatchObject({ name: 'AbandonedRotationError' });
  });

  test('sends the RotationToken on, and shows it nowhere', async () => {
    const event = { ...(await pendingSecret()), RotationToken: 'proof-of-the-rotation' };
    const handle = jest.spyOn(account.secretsManager, 'handle');
    account.intercept(({ operation }) => {
      if (operation === 'PutSecretValue')
        throw new ServiceError('AccessDeniedException', 'not with proof-of-the-rotation');
    });

    const step = account.invoke({ ...event, Step: 'createSecret' });

    await expect(step).rejects.toMatchObject({ message: expect.stringContaining('not with [redacted]') });
    const sent = handle.mock.calls.find(([operation]) => operation === 'PutSecretValue')![1];
    expect(sent).toMatchObject({ RotationToken: 'proof-of-the-rotation', ClientRequestToken: TOKEN });
    expect(account.output.join('')).not.toContain('proof-of-the-rotation');
  });
});

describe('setSecret', () => {
  test('asks for nothing when the strategy has nothing to set', async () => {
    const event = await pendingSecret();
    strategy.set = undefined;

    await account.invoke({ ...event, Step: 'setSecret' });

    expect(account.asked).toEqual([]);
  });

  test('fails when there is no pending value', async () => {
    const event = await pendingSecret();
    account.timeout = 1_500;

    const step = account.invoke({ ...event, Step: 'setSecret' });

    await expect(step).rejects.toMatchObject({
      name: 'SecretValueError',
      message: expect.stringMatching(
        /^setSecret: the AWSPENDING value of arn:.*my-key.*, version 1111.*, cannot be read/,
      ),
    });
  });
});

describe('setSecret, of a value that can never be applied', () => {
  test('takes AWSPENDING off, so that the next rotation can start', async () => {
    const secret = await account.createSecret('my-key', OLD);
    strategy.set = jest.fn().mockRejectedValueOnce(new PendingUselessError('refused by a password policy'));

    const reports = [await account.rotate(secret), await account.rotate(secret)];

    expect(reports.map(({ outcome }) => outcome)).toEqual(['abandoned', 'succeeded']);
    expect(errors(reports[0])).toEqual(['setSecret: refused by a password policy']);
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: NEW });
  });
});

describe('testSecret', () => {
  test('waits for a value that is not readable at once', async () => {
    const event = await pendingSecret();
    await account.invoke({ ...event, Step: 'createSecret' });
    let reads = 0;
    account.intercept(({ operation }, phase) => {
      if (phase === 'before' && operation === 'GetSecretValue' && ++reads <= 2) {
        throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret value.");
      }
    });

    await account.invoke({ ...event, Step: 'testSecret' });

    expect(strategy.test).toHaveBeenCalledWith(expect.anything(), NEW);
  });

  test('tests the existing value when a deployment sets rotation up without rotating', async () => {
    const secret = await account.createSecret('my-key', OLD);

    const report = await account.rotate(secret, { immediately: false });

    expect(report.outcome).toBe('succeeded');
    expect(strategy.test).toHaveBeenCalledWith(expect.anything(), OLD);
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: OLD });
  });

  test('succeeds on a secret that has no value yet, and says so', async () => {
    const secret = await account.createSecret('my-key');

    const report = await account.rotate(secret, { immediately: false });

    expect(report.outcome).toBe('succeeded');
    expect(account.output.join('')).toContain('not set yet: the secret has no value to test');
  });

  test('leaves AWSPENDING where it is when the value is not proven', async () => {
    const event = await pendingSecret();
    await account.invoke({ ...event, Step: 'createSecret' });
    strategy.test = async () => {
      throw new PendingNotProvenError('cannot tell');
    };

    const step = account.invoke({ ...event, Step: 'testSecret' });

    await expect(step).rejects.toMatchObject({ name: 'PendingNotProvenError', message: 'testSecret: cannot tell' });
    expect((await account.labels(event.SecretId))[TOKEN]).toEqual(['AWSPENDING']);
  });

  test('takes AWSPENDING off a value that can never work, so that the next rotation can start', async () => {
    const secret = await account.createSecret('my-key', OLD);
    strategy.test = jest.fn().mockRejectedValueOnce(new PendingUselessError('dead for good'));

    const reports = [await account.rotate(secret), await account.rotate(secret)];

    expect(reports.map(({ outcome }) => outcome)).toEqual(['abandoned', 'succeeded']);
    expect(errors(reports[0])).toEqual(['testSecret: dead for good']);
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: NEW });
  });
});

describe('finishSecret', () => {
  test('is done when the answer to the move got lost and the repeat is refused', async () => {
    const secret = await account.createSecret('my-key', OLD);
    account.intercept(({ operation }, phase) => {
      if (phase === 'after' && operation === 'UpdateSecretVersionStage') throw new DropConnection();
    });

    const report = await account.rotate(secret);

    expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
  });

  test('does not move AWSCURRENT that somebody else has moved meanwhile', async () => {
    const event = await pendingSecret();
    await account.invoke({ ...event, Step: 'createSecret' });
    let moved = false;
    account.intercept(async ({ operation }, phase) => {
      if (phase === 'before' && operation === 'UpdateSecretVersionStage' && !moved) {
        moved = true;
        await account.handle('PutSecretValue', { SecretId: event.SecretId, SecretString: '{"password":"by hand"}' });
      }
    });

    const step = account.invoke({ ...event, Step: 'finishSecret' });

    await expect(step).rejects.toMatchObject({ name: 'SecretsManagerError' });
    expect(await account.state(event.SecretId)).toMatchObject({ AWSCURRENT: { password: 'by hand' } });
  });
});
