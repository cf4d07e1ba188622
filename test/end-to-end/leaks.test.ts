import { findLeaks, findLeaksInFolder, type RotationReport } from '../../lab';
import { synthesize, TOKEN, TwitterLab, X_APP } from './twitter-lab';

/** Everything that went wrong in a rotation, as Secrets Manager was told it. */
function errorsOf({ attempts }: RotationReport): string[] {
  return attempts.flatMap(({ steps }) => steps.flatMap(({ error }) => (error ? [JSON.stringify(error)] : [])));
}

describe('after rotations that went well and rotations that failed', () => {
  let sample: TwitterLab;
  let values: string[];
  const errors: string[] = [];

  beforeAll(async () => {
    sample = await TwitterLab.start(undefined, { rotationAttempts: 1 });
    const { lab, x, consumer } = sample;
    const rotate = async () => void errors.push(...errorsOf(await lab.rotate(TOKEN)));
    const consume = async () => await lab.invoke(consumer).catch((error: Error) => errors.push(`${error.stack}`));

    await rotate(); // without consumer keys
    await consume();
    await sample.putConsumerKeys();
    await rotate();
    await consume();
    for (const fault of [401, 403, 429, 'html'] as const) {
      x.answerWith('POST /oauth2/token', fault);
      await rotate();
    }
    x.answerWith('POST /oauth2/invalidate_token', 'same token again');
    await rotate();
    x.answerWith('GET /2/usage/tweets', 401);
    await rotate();
    await rotate();
    x.answerWith('GET /2/users/by/username', 500);
    await consume();
    values = [...Object.values(X_APP), ...x.issued];
  });
  afterAll(async () => await sample.stop());

  test('no secret value stands in a template or an asset', () => {
    const { files, leaks } = findLeaksInFolder(synthesize(), values);

    expect(files).toBeGreaterThan(8);
    expect(leaks).toEqual([]);
  });

  test('no secret value stands in a log line', () => {
    const lines = sample.lab.runner.logs().map(({ text }) => text);

    expect(lines.length).toBeGreaterThan(20);
    expect(findLeaks('logs', lines.join('\n'), values)).toEqual([]);
  });

  test('no secret value stands in an error', () => {
    expect(errors.length).toBeGreaterThan(6);
    expect(findLeaks('errors', errors.join('\n'), values)).toEqual([]);
  });

  test('no secret value stands in what the lab tells of calls and events', () => {
    const told = JSON.stringify([sample.lab.calls.all, sample.lab.events.all, sample.stacks]);

    expect(findLeaks('calls and events', told, values)).toEqual([]);
  });

  test('the search finds a value where there is one', async () => {
    const token = await sample.currentToken();

    expect(findLeaks('planted', `token=${token}`, values)).toMatchObject([{ where: 'planted', form: 'plain' }]);
  });
});
