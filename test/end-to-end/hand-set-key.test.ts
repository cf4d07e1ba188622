import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { putSecret } from '../../bin/put';
import { type CustomEvent, findLeaks, Lab } from '../../lab';
import { ApiKeyRotation, ApiKeySecret } from '../../lib';

const KEY = 'hand-set "k3y"+&{{x}}';

let lab: Lab;
/** What is deployed: the ARNs of a hand-set secret and of one that is not, and the function that looks at their age. */
let handSet: string;
let other: string;
let ageFunction: string;

beforeEach(async () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const told = new lambda.Function(stack, 'Told', {
    code: lambda.Code.fromInline("exports.handler = async (event) => console.log('told', JSON.stringify(event));"),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });
  const rotation = ApiKeyRotation.byHand({
    maxAge: Duration.days(90),
    remindBefore: Duration.days(14),
    targets: [new targets.LambdaFunction(told)],
  });
  new ApiKeySecret(stack, 'HandSet', { secretName: 'hand-set', fields: ['key'], rotation });
  new ApiKeySecret(stack, 'Other', { secretName: 'other', fields: ['key'] });
  lab = await Lab.start();
  const [{ resources }] = await lab.deploy(app.synth().directory);
  const ref = (path: RegExp) => resources.find((resource) => path.test(resource.path))!.ref;
  handSet = ref(/HandSet\/Resource$/);
  other = ref(/Other\/Resource$/);
  ageFunction = ref(/KeyturnSecretAge\/Function\/Resource$/);
});

afterEach(async () => await lab.stop());

async function put(): Promise<void> {
  const client = new SecretsManagerClient({ ...lab.client(), maxAttempts: 1 });
  await putSecret({ client, secretId: 'hand-set', input: JSON.stringify({ key: KEY }) });
  client.destroy();
}

/** Lets days pass; answers the reminders that came in them. */
async function remindersIn(days: number): Promise<CustomEvent[]> {
  const before = lab.events.custom.length;
  await lab.advance({ days });
  return lab.events.custom.slice(before);
}

const daysLeft = (reminders: CustomEvent[]) => reminders.map(({ detail }) => detail.DaysLeft);

test('a new value is asked for each day from two weeks before the end on, and no more once it is put in', async () => {
  await put();

  const early = await remindersIn(75);
  const [first, ...next] = await remindersIn(10);
  await lab.advance({ days: 4 });
  const late = await remindersIn(3);
  await put();
  const after = await remindersIn(75);

  expect(early).toEqual([]);
  expect(first).toMatchObject({
    source: 'cdk-keyturn',
    'detail-type': 'Secret Value Due',
    resources: [handSet],
    detail: { SecretId: handSet, VersionId: expect.any(String), Cure: `npx keyturn put ${handSet}` },
  });
  const [from] = daysLeft([first]) as number[];
  expect([13, 14]).toContain(from);
  expect(daysLeft(next)).toEqual(next.map((_, index) => from - 1 - index));
  expect(next.length).toBeGreaterThanOrEqual(8);
  expect(daysLeft(late)).toHaveLength(3);
  expect(Math.min(...(daysLeft(late) as number[]))).toBeLessThan(0);
  expect(after).toEqual([]);
});

test('a secret without a value is asked for each day, and the function that the rule names is told', async () => {
  const reminders = await remindersIn(3);

  expect(reminders).toHaveLength(3);
  const told = lab.runner.logs().flatMap(({ text }) => /told (\{.*\})/.exec(text)?.[1] ?? []);
  expect(told.map((text) => JSON.parse(text) as CustomEvent)).toEqual(reminders);
  expect(reminders[0].detail).not.toHaveProperty('VersionId');
});

test('no reminder, log line or call holds the value', async () => {
  await put();
  await lab.advance({ days: 80 });

  const lines = lab.runner.logs().map(({ text }) => text);
  const texts = [...lines, JSON.stringify([lab.events.all, lab.calls.all])].join('\n');
  expect(lab.events.custom.length).toBeGreaterThan(0);
  expect(findLeaks('logs, events and calls', texts, [KEY])).toEqual([]);
  expect(findLeaks('planted', `${texts}${KEY}`, [KEY])).toHaveLength(1);
});

test('the function that looks at the age of hand-set secrets may look at no other', async () => {
  const Secrets = [handSet, other].map((SecretId) => ({ SecretId, MaxAgeDays: 90, RemindDays: 14 }));

  const looking = lab.invoke(ageFunction, { At: '2026-01-01T08:00:00Z', Secrets });

  await expect(looking).rejects.toThrow(`refused ListSecretVersionIds on ${other} (AccessDeniedException)`);
  const looks = lab.calls.all.filter(({ operation }) => operation === 'ListSecretVersionIds');
  expect(looks.map(({ resource, outcome }) => [resource, outcome])).toEqual([
    ['hand-set', 'ok'],
    ['other', 'AccessDeniedException'],
  ]);
});
