import type { GitLabApi } from '../../../lab';
import { CASE } from './cases';
import { isOfTheRotation, KeyLab, SECRET } from './key-lab';

let sample: KeyLab;
beforeAll(async () => void (sample = await KeyLab.start(CASE.gitLabInPlace, { lab: { rotationAttempts: 2 } })));
afterAll(async () => await sample?.stop());

/** As its owner does it when a rotation has failed for good. */
async function putNewToken(): Promise<void> {
  await sample.giveUp();
  await sample.put(SECRET, { token: (sample.api as GitLabApi).addKey('user 5', 'by hand').value });
}

test.each(['before', 'after'] as const)(
  'killed at any request, %s its effect, a rotation of a token that asks for its own successor is made good, or asks for a new token and repeats nothing',
  async (at) => {
    let lost = 0;
    const [requests] = CASE.gitLabInPlace.requests;
    for (let nth = 1; nth <= requests; nth++) {
      const issued = sample.api.issued.length;
      const fault = sample.lab.faults.add({ action: 'kill', at, call: isOfTheRotation, nth });

      const { outcome, attempts } = await sample.rotate();

      expect({ nth, struck: fault.struck }).toEqual({ nth, struck: 1 });
      expect({ nth, issued: sample.api.issued.length - issued }).toEqual({ nth, issued: 1 });
      if (outcome !== 'succeeded') {
        lost++;
        const { message } = attempts.at(-1)!.steps.at(-1)!.error!;
        expect(message).toMatch(
          /the AWSCURRENT key of .* works no more .* GitLab is asked with it: get a new one at GitLab, and put it in: npx keyturn put arn:/,
        );
        await putNewToken();
      }
      expect({ nth, live: sample.isLive(await sample.key()) }).toEqual({ nth, live: true });
    }
    // Between the answer with the token and its storage: at most the request itself, and those up to PutSecretValue.
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThanOrEqual(3);
  },
  120_000,
);
