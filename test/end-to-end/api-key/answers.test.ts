import type { IssuerFault, IssuerFaultOptions } from '../../../lab';
import { CASE, READY_CASES } from './cases';
import { errorsOf, expectRotates, failedRotation } from './failed-rotation';
import { KeyLab } from './key-lab';

const LIST = 'GET /v1/keys';
const ISSUE = 'POST /v1/keys';
const REVOKE = 'DELETE /v1/keys/{id}';
const PROBE = 'GET /v1/me';

const AFTER = { at: 'after' } as const;
const SOON = { retryAfterSeconds: 1 };
const LATE = { retryAfterSeconds: 3600 };
/** More often than a rotation could ask. */
const ALWAYS = { times: 1000 };

/** A function with so little time gives up early what it would repeat for a minute. */
const HASTY = { timeout: 6, lab: { rotationAttempts: 1 } };

type Fault = [operation: string, fault: IssuerFault, options: IssuerFaultOptions];

describe('Acme', () => {
  let sample: KeyLab;
  beforeAll(async () => {
    sample = await KeyLab.start(CASE.named, HASTY);
    await sample.rotate();
    await sample.rotate();
  });
  afterAll(async () => await sample?.stop());

  test.each<[...Fault, RegExp]>([
    [
      ISSUE,
      429,
      LATE,
      /api\.acme\.example answered POST \/v1\/keys with 429: asked too often; Acme answers again at 20/,
    ],
    [ISSUE, 401, {}, /with 401: Acme does not accept adminKey in arn:.*issuer-credential.*npx keyturn put arn:/],
    [ISSUE, 403, {}, /with 403: Acme does not accept adminKey in arn:.*npx keyturn put arn:/],
    [ISSUE, 409, {}, /with 409, which does not say that it was done; see the documentation of Acme/],
    [ISSUE, 500, {}, /with 500: Acme is out of order; look at its status page/],
    [ISSUE, 500, AFTER, /with 500: Acme is out of order/],
    [ISSUE, 'html', {}, /with 200, but without a key at "\/key"/],
    [ISSUE, 'html', AFTER, /with 200, but without a key at "\/key"/],
    [ISSUE, 'wrong json', {}, /but without a key at "\/key"/],
    [ISSUE, 'wrong json', AFTER, /with 201, but without a key at "\/key"/],
    [ISSUE, 'truncated', AFTER, /api\.acme\.example dropped the connection, .* \(POST \/v1\/keys\)/],
    [ISSUE, 'drop', {}, /api\.acme\.example dropped the connection, .* \(POST \/v1\/keys\)/],
    [ISSUE, 'drop', AFTER, /api\.acme\.example dropped the connection/],
    [ISSUE, 'silence', AFTER, /api\.acme\.example was silent for .* s \(POST \/v1\/keys\)/],
    [LIST, 401, {}, /GET \/v1\/keys with 401: Acme does not accept adminKey.*npx keyturn put/],
    [LIST, 429, LATE, /asked too often; Acme answers again at/],
    [LIST, 500, ALWAYS, /GET \/v1\/keys with 500: Acme is out of order/],
    [LIST, 'html', {}, /GET \/v1\/keys with 200, but without a list of keys at "\/keys"/],
    [LIST, 'wrong json', {}, /GET \/v1\/keys with 200, but without a list of keys at "\/keys"/],
    [PROBE, 403, {}, /cannot tell whether "apiKey" of version .* works: .*GET \/v1\/me with 403/],
    [PROBE, 429, LATE, /cannot tell whether "apiKey".*asked too often; Acme answers again/],
    [PROBE, 500, {}, /cannot tell whether "apiKey" of version .* works: .*GET \/v1\/me with 500/],
    [PROBE, 'drop', ALWAYS, /cannot tell whether .* dropped the connection/],
  ])('a rotation fails, and changes nothing that is published, when %s is answered with %s %o', async (...args) => {
    const [operation, fault, options, says] = args;
    sample.api.answerWith(operation, fault, options);

    const error = await failedRotation(sample);

    expect(error).toMatch(says);
    sample.api.clearFaults();
    await expectRotates(sample);
  });

  test.each<Fault>([
    [ISSUE, 429, SOON],
    [ISSUE, 'delay', { milliseconds: 500 }],
    [ISSUE, 'delay', { ...AFTER, milliseconds: 500 }],
    [LIST, 429, SOON],
    [LIST, 500, {}],
    [LIST, 'truncated', {}],
    [LIST, 'drop', {}],
    [LIST, 'delay', {}],
    [PROBE, 401, { times: 2 }],
    [PROBE, 429, SOON],
    [PROBE, 'truncated', {}],
    [PROBE, 'drop', {}],
    [PROBE, 'delay', {}],
    [REVOKE, 429, SOON],
    [REVOKE, 404, AFTER],
    [REVOKE, 500, {}],
    [REVOKE, 500, AFTER],
    [REVOKE, 'html', AFTER],
    [REVOKE, 'wrong json', AFTER],
    [REVOKE, 'truncated', AFTER],
    [REVOKE, 'drop', {}],
    [REVOKE, 'drop', AFTER],
    [REVOKE, 'delay', AFTER],
  ])('a rotation is not disturbed when %s is answered with %s %o', async (operation, fault, options) => {
    sample.api.answerWith(operation, fault, options);

    await expectRotates(sample);
  });

  test.each<Fault>([
    [REVOKE, 401, {}],
    [REVOKE, 403, {}],
    [REVOKE, 409, {}],
    [REVOKE, 429, LATE],
    [REVOKE, 500, ALWAYS],
  ])(
    'a rotation publishes its key when %s is answered with %s %o, and the next one revokes what was left',
    async (operation, fault, options) => {
      sample.api.answerWith(operation, fault, options);

      const { outcome } = await sample.rotate();

      expect(outcome).toBe('succeeded');
      expect(sample.live).toHaveLength((await sample.needed()).length + 1);
      sample.api.clearFaults();
      await expectRotates(sample);
    },
  );
});

describe.each(READY_CASES)('$name', (of) => {
  let sample: KeyLab;
  beforeAll(async () => {
    sample = await KeyLab.start(of, { lab: { rotationAttempts: 1 } });
    await sample.rotate();
  });
  afterAll(async () => await sample?.stop());

  test('comes again when it is told to', async () => {
    sample.api.answerWith(of.effects[0], 429, SOON);

    await expectRotates(sample);
  });

  test('fails when the issuer refuses its credential, and says which that is', async () => {
    sample.api.answerWith(of.effects[0], 401);

    const error = await failedRotation(sample);

    const { credential } = sample.beginning;
    expect(error).toMatch(
      credential
        ? `does not accept ${Object.keys(credential).join(', ')} in arn:aws:secretsmanager:us-east-1:123456789012:secret:issuer-credential`
        : `does not accept "${of.fields[0]}"`,
    );
    await expectRotates(sample);
  });

  // What a lost answer costs that shows the only key is another test's.
  const isShownOnce = of === CASE.gitLabInPlace;
  const isLost = isShownOnce ? 'before it' : 'after it';
  test(`leaves no key behind when the connection breaks ${isLost} has made one`, async () => {
    sample.api.answerWith(of.effects[0], 'drop', { at: isShownOnce ? 'before' : 'after' });

    const report = await sample.rotate();

    if (report.outcome !== 'succeeded') {
      expect(errorsOf(report).at(-1)).toMatch(/ dropped the connection/);
      await sample.rotate();
    }
    expect(sample.isLive(await sample.key())).toBe(true);
    expect(sample.live).toEqual(await sample.needed());
  });
});
