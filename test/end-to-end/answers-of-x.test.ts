import { type RotationReport, type XFault, type XOperation } from '../../lab';
import { TOKEN, TwitterLab, withTemplate } from './twitter-lab';

const ASK: XOperation = 'POST /oauth2/token';
const END: XOperation = 'POST /oauth2/invalidate_token';

/** More often than a rotation and all its attempts could ask. */
const ALWAYS = 1_000;

/** The answers of X by which nothing can be rotated, and what the error then says. */
const FAULTS: [XOperation, XFault, RegExp][] = [
  [
    ASK,
    401,
    /api\.x\.com answered POST \/oauth2\/token with 401 \(X error 32\).*does not accept consumerKey, consumerSecret.*npx keyturn put/,
  ],
  [ASK, 403, /403 \(X error 99\).*asked too often.*npx keyturn put/],
  [ASK, 429, /429 \(X error 88\).*asked too often; X answers again at 20\d\d-/],
  [ASK, 500, /500 \(X error 131\).*out of order/],
  [ASK, 'html', /not JSON/],
  [END, 401, /401 \(X error 32\).*does not accept consumerKey, consumerSecret, accessToken, accessTokenSecret/],
  [END, 403, /403 \(X error 99\)/],
  [END, 429, /429 \(X error 88\)/],
  [END, 500, /500 \(X error 131\)/],
  [END, 'html', /not JSON/],
  [END, 'same token again', /X gave the same key again .* nothing is stored/],
];

function errorOf({ attempts }: RotationReport): string {
  return attempts.at(-1)!.steps.at(-1)!.error!.message;
}

/** A function with so little time gives up early what it would repeat for a minute. */
const hasty = () =>
  withTemplate('TwitterSecrets', ({ Resources }) => {
    const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    functions.forEach((each) => Object.assign(each.Properties, { Timeout: 4 }));
  });

describe('a rotation', () => {
  let sample: TwitterLab;
  beforeEach(async () => {
    sample = await TwitterLab.start(hasty(), { rotationAttempts: 1 });
    await sample.putConsumerKeys();
    await sample.lab.rotate(TOKEN);
  });
  afterEach(async () => await sample.stop());

  test.each(FAULTS)(
    'fails, and changes no stored version, when X answers %s with %s',
    async (operation, fault, says) => {
      const token = await sample.currentToken();
      sample.x.answerWith(operation, fault, ALWAYS);

      const report = await sample.lab.rotate(TOKEN);

      expect(report.outcome).toBe('failed');
      expect(errorOf(report)).toMatch(says);
      expect(await sample.currentToken()).toBe(token);
      await expect(sample.lab.invoke(sample.consumer)).resolves.toMatchObject({ status: 200 });
    },
  );

  test('names the silent host before the function is cut off', async () => {
    const token = await sample.currentToken();
    sample.x.answerWith(ASK, 'silence', ALWAYS);

    const report = await sample.lab.rotate(TOKEN);

    expect(errorOf(report)).toMatch(/api\.x\.com was silent for/);
    expect(await sample.currentToken()).toBe(token);
  });

  test.each<[XFault]>([[429], [500], ['html']])(
    'publishes the new token although its test is answered with %s: X itself calls it the live one',
    async (fault) => {
      const token = await sample.currentToken();
      sample.x.answerWith('GET /2/usage/tweets', fault, ALWAYS);

      const report = await sample.lab.rotate(TOKEN);

      expect(report.outcome).toBe('succeeded');
      expect(await sample.currentToken()).not.toBe(token);
    },
  );

  test.each<[XFault]>([[403], [429], [500], ['html']])(
    'is bridged when X answers once with %s while no token lives',
    async (fault) => {
      const token = await sample.currentToken();
      let ended = false;
      sample.lab.calls.intercept(({ operation }, phase) => {
        if (operation !== END || phase !== 'after' || ended) return;
        ended = true;
        sample.x.answerWith(ASK, fault);
      });

      const report = await sample.lab.rotate(TOKEN);

      expect(report).toMatchObject({ outcome: 'succeeded', attempts: { length: 1 } });
      expect(await sample.currentToken()).not.toBe(token);
    },
  );
});
