import { TAG } from '../../../lib/rotation/contract';
import {
  ConfigurationError,
  type CustomRotation,
  PendingUselessError,
  RotationError,
  type RotationContext,
  rotationHandler,
  type SecretFields,
} from '../../../lambda/rotation';
import { Account, errors } from '../account';

/** An error class of a user. */
class NoSuchPlanError extends RotationError {}

/** A rotation of a user, as a class with the four methods. */
class Counted implements CustomRotation {
  readonly called: string[] = [];

  async create(rotation: RotationContext): Promise<SecretFields> {
    this.called.push('create');
    return { ...(await rotation.current()), apiKey: `key-of-${rotation.versionId}` };
  }

  async set(_rotation: RotationContext, pending: SecretFields): Promise<void> {
    this.called.push(`set ${pending.apiKey}`);
  }

  async test(_rotation: RotationContext, pending: SecretFields): Promise<void> {
    this.called.push(`test ${pending.apiKey}`);
  }

  async endOld(rotation: RotationContext): Promise<void> {
    this.called.push(`endOld ${(await rotation.previous())?.apiKey}`);
  }
}

let account: Account;
let custom: Counted;

beforeEach(async () => {
  custom = new Counted();
  account = await new Account(rotationHandler(() => custom)).start();
});

afterEach(async () => await account.stop());

describe('a rotation', () => {
  test('calls the four methods with the pending value, and publishes it', async () => {
    const secret = await account.createSecret('service', { apiKey: 'old-key', plan: 'large' });

    const { outcome, token } = await account.rotate(secret);

    expect(outcome).toBe('succeeded');
    const key = `key-of-${token}`;
    expect(custom.called).toEqual(['create', `set ${key}`, `test ${key}`, 'endOld old-key']);
    expect(await account.state(secret)).toMatchObject({
      AWSCURRENT: { apiKey: key, plan: 'large' },
      AWSPREVIOUS: { apiKey: 'old-key' },
    });
  });

  test('needs neither `set` nor `endOld`', async () => {
    Object.assign(custom, { set: undefined, endOld: undefined });
    const secret = await account.createSecret('service', { apiKey: 'old-key' });

    const { outcome } = await account.rotate(secret);

    expect(outcome).toBe('succeeded');
  });

  test('makes no second value while the first is pending', async () => {
    const secret = await account.createSecret('service', { apiKey: 'old-key' });
    let failures = 1;
    const { test } = custom;
    custom.test = async (...args) => {
      if (failures-- > 0) throw new Error('not yet');
      await test.apply(custom, args);
    };

    const report = await account.rotate(secret);

    expect(report).toMatchObject({ outcome: 'succeeded', attempts: { length: 2 } });
    expect(custom.called.filter((method) => method === 'create')).toHaveLength(1);
  });
});

describe('an error', () => {
  test.each(['create', 'set', 'test'] as const)('of %s leaves what readers get as it was', async (method) => {
    custom[method] = async () => {
      throw new NoSuchPlanError('the plan ended; choose another one');
    };
    const secret = await account.createSecret('service', { apiKey: 'old-key' });

    const report = await account.rotate(secret);

    expect(report.outcome).toBe('failed');
    expect(report.attempts[0].steps.at(-1)!.error).toEqual({
      type: 'NoSuchPlanError',
      message: `${method}Secret: the plan ended; choose another one`,
    });
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { apiKey: 'old-key' }, AWSPREVIOUS: undefined });
  });

  test('of endOld is logged and fails nothing', async () => {
    custom.endOld = async () => {
      throw new NoSuchPlanError('the plan ended');
    };
    const secret = await account.createSecret('service', { apiKey: 'old-key' });

    const { outcome, token } = await account.rotate(secret);

    expect(outcome).toBe('succeeded');
    expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { apiKey: `key-of-${token}` } });
    expect(account.output.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        level: 'ERROR',
        step: 'finishSecret',
        message: 'the new version is published, but ending the old one failed',
        error: expect.objectContaining({ name: 'NoSuchPlanError', message: 'the plan ended' }),
      }),
    );
  });

  test('that says that the value is useless frees the way for the next rotation', async () => {
    custom.test = async () => {
      throw new PendingUselessError('it will never work');
    };
    const secret = await account.createSecret('service', { apiKey: 'old-key' });

    await account.rotate(secret);

    expect((await account.state(secret)).AWSPENDING).toBeUndefined();
  });

  test('while the rotation is made fails the step', async () => {
    const handler = rotationHandler(() => {
      throw new ConfigurationError('the environment variable REGION must be one of eu, us, got nothing');
    });
    const event = { SecretId: 'service', ClientRequestToken: 'token', Step: 'createSecret' };

    const step = handler(event, { getRemainingTimeInMillis: () => 30_000 });

    await expect(step).rejects.toThrow('createSecret: the environment variable REGION must be one of eu, us');
  });
});

test.each([
  ['logged', async (rotation: RotationContext, key: string) => rotation.log.info(`got ${key}`, { key })],
  ['logged in an error', async (rotation: RotationContext, key: string) => rotation.log.warn('x', { e: Error(key) })],
  ['thrown', async (_rotation: RotationContext, key: string) => await Promise.reject(new Error(`cannot use ${key}`))],
])('a hidden value is not seen when it is %s', async (_how, show) => {
  const key = 'issued"key+of/the=issuer';
  custom.create = async (rotation) => {
    rotation.hide(key);
    await show(rotation, key);
    return { apiKey: key };
  };
  const secret = await account.createSecret('service');

  const report = await account.rotate(secret);

  const shown = account.output.join('') + JSON.stringify(report);
  expect(shown).toContain('[redacted]');
  for (const form of [key, JSON.stringify(key).slice(1, -1), encodeURIComponent(key)])
    expect(shown).not.toContain(form);
});

describe('what a rotation is told of its secret', () => {
  /** What a step of the rotation finds out. */
  async function ask<T>(tags: Record<string, string>, question: (rotation: RotationContext) => Promise<T>): Promise<T> {
    let answer: Promise<T> | undefined;
    custom.create = async (rotation) => {
      answer = question(rotation);
      await answer.catch(() => undefined);
      return { apiKey: 'new-key' };
    };
    await account.rotate(await account.createSecret('service', { apiKey: 'old-key' }, tags));
    return await answer!;
  }

  test('is the field to replace', async () => {
    expect(await ask({ [TAG.ROTATED_FIELD]: 'apiKey' }, async (rotation) => await rotation.field())).toBe('apiKey');
  });

  test('is no field when the app names none', async () => {
    const field = ask({}, async (rotation) => await rotation.field());

    await expect(field).rejects.toThrow(
      /does not say which field is replaced: set `field` of its rotation, or its tag/,
    );
    await expect(field).rejects.toBeInstanceOf(ConfigurationError);
  });

  test('are the secrets of its issuers, in their order', async () => {
    const tags = { [TAG.ISSUER_SECRET]: 'arn:one', [`${TAG.ISSUER_SECRET}:2`]: 'arn:two' };

    expect(await ask(tags, async (rotation) => await rotation.issuerSecrets())).toEqual(['arn:one', 'arn:two']);
  });

  test('are its tags', async () => {
    const tags = { plan: 'large' };

    expect(await ask(tags, async (rotation) => await rotation.tags())).toMatchObject(tags);
  });

  test('is the credential of an issuer, with the fields it must have', async () => {
    const issuer = await account.createSecret('issuer', { adminKey: 'admin' });

    const credential = await ask({}, async (rotation) => await rotation.credential(issuer, ['adminKey']));

    expect(credential).toEqual({ secretId: issuer, fields: { adminKey: 'admin' } });
  });

  test('is that the credential of an issuer lacks a field', async () => {
    const issuer = await account.createSecret('issuer', { adminKey: 'admin' });

    const credential = ask({}, async (rotation) => await rotation.credential(issuer, ['adminKey', 'account']));

    await expect(credential).rejects.toThrow(`${issuer} lacks "account": npx keyturn put ${issuer}`);
  });
});

test('endOld runs again when the repeat of finishSecret finds the version published', async () => {
  const secret = await account.createSecret('service', { apiKey: 'old-key' });
  const { token } = await account.rotate(secret);
  custom.called.length = 0;

  await account.invoke({ SecretId: secret, ClientRequestToken: token, Step: 'finishSecret' });

  expect(custom.called).toEqual(['endOld old-key']);
  expect(errors(await account.secretsManager.rotation(secret))).toEqual([undefined]);
});
