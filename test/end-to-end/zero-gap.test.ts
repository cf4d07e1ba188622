import { SteadyCaller } from '../../bin/demo/steady-caller';
import {
  ALTERNATE_CONSUMER_KEYS,
  ALTERNATE_X_APP,
  CONSUMER_KEYS,
  synthesizeZeroGap,
  TOKEN,
  TwitterLab,
  X_APP,
} from './twitter-lab';

let sample: TwitterLab;
beforeEach(async () => {
  sample = await TwitterLab.start(synthesizeZeroGap(), { rotationAttempts: 1 });
});
afterEach(async () => await sample.stop());

const refusedTokens = () =>
  sample.lab.calls.all.filter(({ operation, outcome }) => operation.startsWith('GET /2/') && outcome !== 'ok');

/** The consumer is called all the time. `movesOn` ends its process, as Lambda does sooner or later, and waits for its next answer. */
function callConsumer() {
  let moved: (() => void) | undefined;
  const caller = new SteadyCaller(async () => {
    const done = moved;
    moved = undefined;
    if (done) sample.lab.runner.kill(sample.consumer);
    await sample.lab.invoke(sample.consumer);
    done?.();
  }, 5);
  return { caller, movesOn: async () => await new Promise<void>((resolve) => (moved = resolve)) };
}

test('twenty rotations in a row end no token that is in use', async () => {
  await sample.putConsumerKeys();
  await sample.lab.rotate(TOKEN);
  const dead = sample.watchCurrentToken();
  const published = new Set<string | undefined>();
  const { caller, movesOn } = callConsumer();

  for (let rotation = 0; rotation < 20; rotation++) {
    const { outcome, attempts } = await sample.lab.rotate(TOKEN);
    expect({ outcome, attempts: attempts.length }).toEqual({ outcome: 'succeeded', attempts: 1 });
    published.add(await sample.currentToken());
    expect(sample.accepts(await sample.token('AWSPREVIOUS'))).toBe(true);
    await movesOn();
  }
  const { calls, failed, errors } = await caller.stop();

  expect({ failed, errors }).toEqual({ failed: 0, errors: [] });
  expect(calls).toBeGreaterThan(20);
  expect(refusedTokens()).toEqual([]);
  expect(dead).toEqual([]);
  expect(published.size).toBe(20);
});

test('a second app without its keys leaves the token in use alone, and the error says what to do', async () => {
  await sample.put(CONSUMER_KEYS, X_APP);
  await sample.lab.rotate(TOKEN);
  const token = await sample.currentToken();

  const report = await sample.lab.rotate(TOKEN);

  const [{ steps }] = report.attempts;
  expect(steps.at(-1)!.error!.message).toMatch(
    /alternate-consumer-keys-\w{6} does not exist or has no value yet: npx keyturn put arn:/,
  );
  expect(await sample.currentToken()).toBe(token);
  await expect(sample.lab.invoke(sample.consumer)).resolves.toMatchObject({ status: 200, waitedMs: 0 });
});

test.each([
  [
    'a wrong secret',
    { consumerSecret: 'wrong' },
    /X does not know consumerKey, consumerSecret in arn:.*alternate-.*npx keyturn put arn:/,
  ],
  [
    "another owner's token",
    { accessToken: '8-somebody-else' },
    /do all keys in arn:.*alternate-.* belong to the same app and its owner/,
  ],
  [
    'the keys of the first app',
    X_APP,
    /of the same app: X gives out the AWSCURRENT key for both.*npx keyturn put arn:.*alternate-/,
  ],
])(
  'a second app with %s leaves the token in use alone, and goes on when it is put right',
  async (_name, keys, says) => {
    await sample.put(CONSUMER_KEYS, X_APP);
    await sample.put(ALTERNATE_CONSUMER_KEYS, { ...ALTERNATE_X_APP, ...keys });
    await sample.lab.rotate(TOKEN);
    const token = await sample.currentToken();

    const failed = await sample.lab.rotate(TOKEN);
    const afterwards = await sample.currentToken();
    await sample.put(ALTERNATE_CONSUMER_KEYS, ALTERNATE_X_APP);
    const { outcome } = await sample.lab.rotate(TOKEN);

    expect(failed.attempts[0].steps.at(-1)!.error!.message).toMatch(says);
    expect(afterwards).toBe(token);
    expect(outcome).toBe('succeeded');
    expect(sample.accepts(token)).toBe(true);
    expect(await sample.currentToken()).toBe(sample.x.liveToken(ALTERNATE_X_APP.consumerKey));
  },
);
