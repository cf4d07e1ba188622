import { ServiceError } from '../../../lab/secrets-manager';
import { handler } from '../../../lambda/entry/secret-age';
import { Account } from '../account';
import { LocalEventBus } from './local-event-bus';

const VALUE = 'the-key-that-somebody-got';
const DAY_MS = 86_400_000;

const bus = new LocalEventBus();
let account: Account;
let count = 0;

beforeAll(async () => {
  account = await new Account(handler).start();
  await bus.start();
});

beforeEach(() => {
  bus.sent.length = 0;
  bus.refusals.clear();
});

afterEach(() => expect(account.output.join('')).not.toContain(VALUE));

afterAll(async () => {
  await account.stop();
  await bus.stop();
});

async function newSecret(value?: string): Promise<string> {
  return await account.createSecret(`hand-set-${++count}`, value);
}

/** Id and time of each version, by its label. */
async function versionsOf(SecretId: string): Promise<Record<string, { id: string; at: number }>> {
  const { Versions } = (await account.handle('ListSecretVersionIds', { SecretId })) as {
    Versions: { VersionId: string; VersionStages: string[]; CreatedDate: number }[];
  };
  return Object.fromEntries(
    Versions.flatMap(({ VersionId: id, VersionStages, CreatedDate }) =>
      VersionStages.map((label) => [label, { id, at: CreatedDate * 1000 }]),
    ),
  );
}

/** Calls the function as its rule does, at some time. */
async function look(at: number, ...secrets: string[]): Promise<void> {
  const Secrets = secrets.map((SecretId) => ({ SecretId, MaxAgeDays: 90, RemindDays: 14 }));
  await account.invoke({ At: new Date(at).toISOString(), Secrets });
}

const details = () => bus.sent.map(({ Detail }) => JSON.parse(Detail));

test('the event of a value that is due soon says which, since when, until when, and what to do', async () => {
  const secret = await newSecret(VALUE);
  const { id, at } = (await versionsOf(secret)).AWSCURRENT;

  await look(at + 80.5 * DAY_MS, secret);

  expect(bus.sent).toMatchObject([{ Source: 'cdk-keyturn', DetailType: 'Secret Value Due', Resources: [secret] }]);
  expect(details()).toEqual([
    {
      SecretId: secret,
      VersionId: id,
      SetAt: new Date(at).toISOString(),
      DueAt: new Date(at + 90 * DAY_MS).toISOString(),
      DaysLeft: 9,
      Cure: `npx keyturn put ${secret}`,
    },
  ]);
});

test.each([
  ['younger than the reminder', 76 * DAY_MS - 1, []],
  ['as old as the reminder begins', 76 * DAY_MS, [14]],
  ['due', 90 * DAY_MS, [0]],
  ['overdue for a moment', 90 * DAY_MS + 1, [-1]],
  ['overdue for ten days', 100 * DAY_MS, [-10]],
])('of a value that is %s', async (_name, age, daysLeft) => {
  const secret = await newSecret(VALUE);
  const { at } = (await versionsOf(secret)).AWSCURRENT;

  await look(at + age, secret);

  expect(details().map(({ DaysLeft }) => DaysLeft)).toEqual(daysLeft);
});

test('events come each time until a new value is put in', async () => {
  const secret = await newSecret(VALUE);
  const { at } = (await versionsOf(secret)).AWSCURRENT;
  await look(at + 95 * DAY_MS, secret);
  await look(at + 96 * DAY_MS, secret);
  const before = bus.sent.length;
  await account.clock.set(new Date(at + 96 * DAY_MS));
  await account.handle('PutSecretValue', { SecretId: secret, SecretString: `${VALUE}-2` });

  await look(at + 97 * DAY_MS, secret);

  expect([before, bus.sent.length]).toEqual([2, 2]);
});

test('a value that was made current again is as old as it was', async () => {
  const secret = await newSecret(VALUE);
  const first = (await versionsOf(secret)).AWSCURRENT;
  await account.clock.set(new Date(first.at + 60 * DAY_MS));
  await account.handle('PutSecretValue', { SecretId: secret, SecretString: `${VALUE}-2` });
  const label = { VersionStage: 'AWSCURRENT', MoveToVersionId: first.id };
  const RemoveFromVersionId = (await versionsOf(secret)).AWSCURRENT.id;
  await account.handle('UpdateSecretVersionStage', { SecretId: secret, ...label, RemoveFromVersionId });

  await look(first.at + 90 * DAY_MS, secret);

  expect(details()).toMatchObject([{ VersionId: first.id, DaysLeft: 0 }]);
});

test('a secret without a value is due at once', async () => {
  const secret = await newSecret();
  const at = Date.UTC(2026, 0, 1);

  await look(at, secret);

  expect(details()).toEqual([
    { SecretId: secret, DueAt: '2026-01-01T00:00:00.000Z', DaysLeft: 0, Cure: `npx keyturn put ${secret}` },
  ]);
});

test('no value is read', async () => {
  const secret = await newSecret(VALUE);
  const before = account.asked.length;

  await look(Date.UTC(2100, 0, 1), secret);

  expect(account.asked.slice(before)).toEqual(['ListSecretVersionIds']);
});

describe('a secret that fails', () => {
  const late = Date.UTC(2100, 0, 1);

  test('keeps no other from being looked at, and is named in the end', async () => {
    const [first, gone, denied, last] = [
      await newSecret(),
      `${await newSecret()}x`,
      await newSecret(),
      await newSecret(),
    ];
    const stop = account.intercept(({ resource }) => {
      if (denied.includes(`:secret:${resource}-`)) throw new ServiceError('AccessDeniedException', 'not authorized');
    });

    const error = await look(late, first, gone, denied, last).catch((thrown) => thrown);

    stop();
    expect(details().map(({ SecretId }) => SecretId)).toEqual([first, last]);
    expect(error.name).toBe('UncheckedSecretsError');
    expect(error.message).toMatch(/^2 of 4 secrets were not looked at, or nobody was told: /);
    expect(error.message).toContain(`refused ListSecretVersionIds on ${gone} (ResourceNotFoundException): `);
    expect(error.message).toContain(`refused ListSecretVersionIds on ${denied} (AccessDeniedException): `);
  });

  test.each([
    [
      'the call',
      { status: 400, body: { __type: 'AccessDeniedException', message: 'no right to put events' } },
      '(AccessDeniedException): no right to put events',
    ],
    [
      'the event alone',
      {
        status: 200,
        body: { FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'slow' }] },
      },
      '(ThrottlingException): slow',
    ],
    ['nothing in words', { status: 200, body: { Entries: [{}] } }, '(no EventId): it does not say why'],
  ])('is one whose event EventBridge refuses: %s', async (_name, refusal, words) => {
    const [refused, other] = [await newSecret(), await newSecret()];
    bus.refusals.set(refused, refusal);

    const error = await look(late, refused, other).catch((thrown) => thrown);

    expect(details().map(({ SecretId }) => SecretId)).toEqual([other]);
    expect(error.message).toContain(`EventBridge refused PutEvents about ${refused} ${words}`);
    expect(error.cause.name).toBe('EventBridgeError');
  });
});

test.each([
  ['nothing', undefined, 'it lacks At, a time; and Secrets, each with'],
  ['no time', { Secrets: [] }, 'it lacks At, a time; the function'],
  ['a time that is none', { At: 'today', Secrets: [] }, 'it lacks At, a time; the function'],
  ['no secrets', { At: '2026-01-01T00:00:00Z' }, 'it lacks Secrets, each with'],
  ['a secret without an age', { At: '2026-01-01T00:00:00Z', Secrets: [{ SecretId: 'one' }] }, 'it lacks Secrets, each'],
])('a call with %s is refused', async (_name, input, message) => {
  await expect(account.invoke(input as object)).rejects.toThrow(message);
});
