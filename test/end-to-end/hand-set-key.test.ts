import { App, Duration, Stack } from 'aws-cdk-lib';
import { Lab } from '../../lab';
import { ApiKeyRotation, ApiKeySecret } from '../../lib';

let lab: Lab;
/** What is deployed: the ARNs of a hand-set secret and of one that is not, and the function that looks at their age. */
let handSet: string;
let other: string;
let ageFunction: string;

beforeAll(async () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const rotation = ApiKeyRotation.byHand({ maxAge: Duration.days(90) });
  new ApiKeySecret(stack, 'HandSet', { secretName: 'hand-set', fields: ['key'], rotation });
  new ApiKeySecret(stack, 'Other', { secretName: 'other', fields: ['key'] });
  lab = await Lab.start();
  const [{ resources }] = await lab.deploy(app.synth().directory);
  const ref = (path: RegExp) => resources.find((resource) => path.test(resource.path))!.ref;
  handSet = ref(/HandSet\/Resource$/);
  other = ref(/Other\/Resource$/);
  ageFunction = ref(/KeyturnSecretAge\/Function\/Resource$/);
});

afterAll(async () => await lab.stop());

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
