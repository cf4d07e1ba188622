import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rotate } from '../../bin/demo/rotation';
import { type ClientConfig, Lab } from '../../lab';
import { pythonWithBoto3 } from './python/environment';
import { TOKEN, TwitterLab } from './twitter-lab';

const boto3 = pythonWithBoto3();
if ('missing' in boto3 && !process.env.CI) {
  process.stderr.write(`NOT TESTED: that boto3 reads secrets from the lab: ${boto3.missing}\n`);
}

/** Runs one of the programs beside this test, with the variables that point boto3 at the lab and nothing else. */
async function run(program: string, { endpoint, credentials }: ClientConfig): Promise<string> {
  if ('missing' in boto3) throw new Error(boto3.missing);
  const env = {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  };
  const { stdout } = await promisify(execFile)(boto3.python, [join(__dirname, 'python', program)], { env });
  return stdout.trim();
}

// Under CI a missing Python is a failure, not a gap.
const describeBoto3 = 'missing' in boto3 && !process.env.CI ? describe.skip : describe;

describeBoto3('the Python program of the tutorials, unchanged', () => {
  let sample: TwitterLab;

  beforeAll(async () => {
    sample = await TwitterLab.start();
    await sample.putConsumerKeys();
    await rotate(sample.lab, TOKEN);
  });

  afterAll(async () => {
    await sample?.stop();
  });

  test('prints the key that X has issued, as the role of the consumer', async () => {
    const { lab, consumerRole } = sample;

    const printed = await run('get_api_key.py', lab.client(consumerRole));

    expect(printed).toBe(await sample.currentToken());
    expect(lab.events.named('GetSecretValue')).toContainEqual(
      expect.objectContaining({
        detail: expect.objectContaining({
          userAgent: expect.stringContaining('Boto3/'),
          userIdentity: expect.objectContaining({ arn: expect.stringContaining(consumerRole) }),
        }),
      }),
    );
  });

  test('is refused as another role', async () => {
    const { lab } = sample;
    const arn = 'arn:aws:iam::123456789012:role/stranger';
    lab.identities.addRole({
      name: 'stranger',
      arn,
      trust: { Statement: [] },
      inline: new Map(),
      attached: new Set(),
      tags: {},
    });

    await expect(run('get_api_key.py', lab.client('stranger'))).rejects.toThrow(
      /ClientError: An error occurred \(AccessDeniedException\) when calling the GetSecretValue operation: User: arn:\S+stranger/,
    );
  });
});

describeBoto3('boto3 in an account with other secrets', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.start();
    for (const Name of ['one', 'two', 'three']) {
      await lab.secretsManager.handle('CreateSecret', { Name }, lab.identities.administrator);
    }
  });

  afterAll(async () => {
    await lab?.stop();
  });

  test('says that an unknown secret is not found', async () => {
    await expect(run('get_api_key.py', lab.client())).rejects.toThrow(
      "ResourceNotFoundException: An error occurred (ResourceNotFoundException) when calling the GetSecretValue operation: Secrets Manager can't find the specified secret.",
    );
  });

  test('pages through secrets, catches errors by their class, and has no waiters', async () => {
    const printed = JSON.parse(await run('boto3_extras.py', lab.client())) as { pages: string[][] };

    expect(printed).toEqual({
      pages: [expect.any(Array), expect.any(Array)],
      waiters: [],
      caught: "Secrets Manager can't find the specified secret.",
    });
    expect(printed.pages.flat().sort()).toEqual(['one', 'three', 'two']);
  });
});
