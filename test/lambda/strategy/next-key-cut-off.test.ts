import { DropConnection } from '../../../lab/calls';
import { IssuerNoAnswerError } from '../../../lambda/provider/errors';
import { Account } from '../account';
import { startTwoApps, TwoApps } from './two-apps';

let account: Account;
let issuer: TwoApps;
let one: string;
let two: string;
let both: Record<string, string>;

beforeEach(async () => {
  ({ account, issuer, one, two, both } = await startTwoApps());
});
afterEach(async () => await account.stop());

const token = async (value: object) => await account.createSecret('my-token', value, both);

// Calls to Secrets Manager and to the issuer.
const CALLS = 14;
const points = Array.from({ length: CALLS }, (_, call) => [
  [call, 'before'],
  [call, 'after'],
]).flat() as [number, 'before' | 'after'][];

/** Everything stops at a call; the second attempt goes through. Answers the values of AWSCURRENT that the issuer did not accept on the way. */
async function rotateCutOff(secret: string, at: number, phase: 'before' | 'after') {
  let call = -1;
  let dead = false;
  const refused: unknown[] = [];
  const step = (now: string) => {
    if (now === 'before') call++;
    if (call === at && now === phase) dead = true;
    if (dead) throw new DropConnection();
  };
  const look = async () => {
    const { AWSCURRENT } = await account.state(secret);
    if (!issuer.accepts(AWSCURRENT?.bearerToken)) refused.push(AWSCURRENT?.bearerToken);
  };
  account.intercept(async (_call, now) => {
    await look();
    step(now);
  });
  issuer.fault = (_call, now) => step(now);
  account.beforeStep = (name) => {
    if (name !== 'createSecret' || !dead) return;
    dead = false;
    call = Infinity;
  };
  return { report: await account.rotate(secret), refused };
}

test.each(points)('cut off at call %i, %s its effect, both keys work after one more attempt', async (at, phase) => {
  const secret = await token({ bearerToken: 'live-key-of-one-1', issuerarn: one });
  await account.rotate(secret);
  const OLD = (await account.state(secret)).AWSCURRENT;

  const { report, refused } = await rotateCutOff(secret, at, phase);

  expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}, {}] });
  expect(refused).toEqual([]);
  expect(await account.state(secret)).toMatchObject({
    AWSCURRENT: { bearerToken: 'live-key-of-one-2', issuerarn: one },
    AWSPREVIOUS: OLD,
  });
  expect(issuer.accepts(OLD?.bearerToken)).toBe(true);
});

test.each(points)(
  'in the first turn of the second app cut off at call %i, %s its effect, both keys work after one more attempt',
  async (at, phase) => {
    const OLD = { bearerToken: 'live-key-of-one-1', issuerarn: one };
    const secret = await token(OLD);

    const { report, refused } = await rotateCutOff(secret, at, phase);

    const { AWSCURRENT, AWSPREVIOUS } = await account.state(secret);
    expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}, {}] });
    expect(refused).toEqual([]);
    expect(AWSCURRENT).toEqual({ bearerToken: issuer.two.live, issuerarn: two });
    // The first one may have been in use for years.
    expect(issuer.two.live).not.toBe('live-key-of-two-1');
    expect(AWSPREVIOUS).toEqual(OLD);
    expect(issuer.accepts(OLD.bearerToken)).toBe(true);
  },
);

test('an answer that got lost is made good in the same attempt', async () => {
  const secret = await token({ bearerToken: 'live-key-of-one-1', issuerarn: one });
  let lost = false;
  issuer.fault = (call, phase) => {
    if (call !== 'invalidate two' || phase !== 'after' || lost) return;
    lost = true;
    throw new IssuerNoAnswerError('dropped');
  };

  const report = await account.rotate(secret);

  expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
});
