import type { Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AcmeApi, findLeaks } from '../../../lab';
import { CASE } from './cases';
import { expectRotates, failedRotation } from './failed-rotation';
import { KeyLab } from './key-lab';

/** Reads the key by its label, tries it, and answers what the issuer's answer tells it to. */
const CODE = `
  const { GetSecretValueCommand, SecretsManagerClient } = require('@aws-sdk/client-secrets-manager');
  exports.handler = async (event) => {
    console.log('asked', JSON.stringify(event));
    const { SecretId, VersionStage } = event;
    const { SecretString } = await new SecretsManagerClient().send(new GetSecretValueCommand({ SecretId, VersionStage }));
    const { apiKey } = JSON.parse(SecretString);
    const answer = await fetch('https://api.acme.example/v1/me', { headers: { authorization: 'Bearer ' + apiKey } });
    switch (answer.headers.get('x-canary')) {
      case 'false': return false;
      case 'throw': throw new Error('no good: ' + apiKey.length);
      case 'text': return 'true';
      case 'nothing': return undefined;
      default: return answer.status === 200;
    }
  };
`;

/** What the canary is to do comes with the answer that it asks for. */
class ApiWithCanary extends AcmeApi {
  canary = 'true';
  protected override async answer(...args: Parameters<AcmeApi['answer']>) {
    const answer = await super.answer(...args);
    return { ...answer, headers: { ...answer.headers, 'x-canary': this.canary } };
  }
}

function canaryIn(stack: Stack): lambda.Function {
  return new lambda.Function(stack, 'Canary', {
    code: lambda.Code.fromInline(CODE),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });
}

const WITH_CANARY = {
  ...CASE.named,
  begin: () => {
    const { credential } = CASE.named.begin();
    const api = new ApiWithCanary();
    api.addCredential(credential!.adminKey);
    return { api, credential };
  },
};

let sample: KeyLab;
let api: ApiWithCanary;
beforeEach(async () => {
  sample = await KeyLab.start(WITH_CANARY, {
    rotation: (stack) => ({ canary: canaryIn(stack) }),
    lab: { rotationAttempts: 1 },
  });
  api = sample.api as ApiWithCanary;
  await expectRotates(sample);
});
afterEach(async () => await sample.stop());

const asked = () => sample.lab.runner.logs().filter(({ text }) => text.includes('asked'));

test('a key that the canary takes is published, and the canary is told where it stands, not what it is', async () => {
  await expectRotates(sample);

  expect(asked()).toHaveLength(2);
  const { text } = asked().at(-1)!;
  const [version] = Object.entries(await sample.labels()).find(([, labels]) => labels.includes('AWSCURRENT'))!;
  expect(text).toContain(`"VersionId":"${version}","VersionStage":"AWSPENDING"`);
  expect(findLeaks('log of the canary', text, sample.secretValues)).toEqual([]);
});

test('a key that the canary refuses is given up, and the next rotation gets another', async () => {
  api.canary = 'false';

  const error = await failedRotation(sample);

  expect(error).toMatch(
    /testSecret: the canary arn:.*:function:.* refuses version .* of arn:.*; the next rotation gets another key/,
  );
  const refused = api.issued.at(-1);
  expect(await sample.key('AWSPENDING')).toBeUndefined();
  api.canary = 'true';
  await expectRotates(sample);
  expect(await sample.key()).not.toBe(refused);
});

test.each([
  ['throw', /the canary arn:.* failed \(.*\); see its log/],
  ['text', /the canary arn:.* must answer true or false to version .*, and answered something else; it is asked again/],
  [
    'nothing',
    /the canary arn:.* must answer true or false to version .*, and answered something else; it is asked again/,
  ],
])('a key of which the canary says neither yes nor no (%s) is kept, and asked about again', async (answer, says) => {
  api.canary = answer;

  const error = await failedRotation(sample);

  expect(error).toMatch(says);
  const pending = await sample.key('AWSPENDING');
  expect(pending).toBe(api.issued.at(-1));
  api.canary = 'true';
  await expectRotates(sample);
  expect(await sample.key()).toBe(pending);
});
