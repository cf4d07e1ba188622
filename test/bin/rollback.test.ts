import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { App, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { rollBackSecret } from '../../bin/rollback';
import { Lab } from '../../lab';
import { ApiKeyRotation, ApiKeySecret, SendGrid } from '../../lib';

let lab: Lab;

beforeAll(async () => {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: '123456789012', region: 'us-east-1' } });
  const credential = new ApiKeySecret(stack, 'Admin', { secretName: 'admin', fields: ['apiKey'] });
  const reader = new Role(stack, 'Reader', { roleName: 'reader', assumedBy: new AccountRootPrincipal() });
  const rotated = new ApiKeySecret(stack, 'Rotated', {
    secretName: 'rotated',
    fields: ['key', 'keyid'],
    rotation: ApiKeyRotation.http({ issuer: SendGrid.apiKey({ scopes: ['mail.send'] }), credential }),
  });
  rotated.grantRead(reader);
  foreign(stack, 'answers', 'return { token: "hunter2" };');
  foreign(stack, 'silent', '');
  foreign(stack, 'throws', 'throw new Error("hunter2");');
  foreign(stack, 'exits', 'process.exit(7);');
  lab = await Lab.start();
  await lab.deploy(app.synth().directory);
});
afterAll(async () => await lab.stop());

/** A secret, rotated by a function that is not of this package. */
function foreign(stack: Stack, secretName: string, body: string): void {
  const rotates = new lambda.Function(stack, `${secretName}Function`, {
    code: lambda.Code.fromInline(`exports.handler = async () => { ${body} };`),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });
  const rotation = ApiKeyRotation.custom(rotates);
  new ApiKeySecret(stack, secretName, { secretName, fields: ['key'], rotation });
}

/** What it says instead of going back. */
async function refusal(secretId: string, role?: string): Promise<string> {
  const client = new SecretsManagerClient(lab.client(role));
  const invoker = new LambdaClient({ ...lab.client(role), maxAttempts: 1 });
  const error = await rollBackSecret({ client, lambda: invoker, secretId }).catch((thrown: Error) => thrown);
  return (error as Error).message;
}

test('a secret that is not there is named, with the Region as a thing to check', async () => {
  const says = await refusal('nobody');

  expect(says).toMatch(/^there is no secret nobody in this account and Region. Check the name and --region/);
});

test('a secret without a rotation is told what helps instead', async () => {
  const says = await refusal('admin');

  expect(says).toBe(
    'admin has no rotation function, which would try the value before. Put that in again: npx keyturn put admin',
  );
});

test('what the rotation function says is repeated in its words', async () => {
  const says = await refusal('rotated');

  expect(says).toMatch(/^arn:aws:secretsmanager:\S+:secret:rotated-\w+ has no AWSPREVIOUS version to go back to$/);
});

test.each(['answers', 'silent', 'throws'])(
  'a function that is not of this package is named, and nothing that it says is repeated: it %s',
  async (secretId) => {
    const says = await refusal(secretId);

    expect(says).toMatch(/^arn:aws:lambda:\S+ cannot roll back: it is no rotation function of cdk-keyturn/);
    expect(says).not.toContain('hunter2');
  },
);

test('after a function that was cut off the labels are what to look at', async () => {
  const says = await refusal('exits');

  expect(says).toMatch(/^arn:aws:lambda:\S+ was cut off, or does not start \(Runtime.ExitError: .*describe-secret$/);
});

test('a role that may not invoke the function is told which right it lacks', async () => {
  const says = await refusal('rotated', 'reader');

  expect(says).toMatch(
    /^lambda:InvokeFunction on arn:aws:lambda:\S+ is not allowed \(.*\)\. Cure: allow lambda:Invoke/,
  );
});

test('a role that may not see the secret is told which right it lacks', async () => {
  const says = await refusal('admin', 'reader');

  expect(says).toMatch(
    /^secretsmanager:DescribeSecret on admin is not allowed \(.*\)\. Cure: secret\.grantRead\(role\)/,
  );
});
