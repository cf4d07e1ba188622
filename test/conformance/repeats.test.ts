import { UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { describeCases } from './cases';
import { DatabaseLab, SECRET } from './database-lab';

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

/** Begins a rotation that goes no further than the empty version that Secrets Manager makes. */
async function begin(sample: DatabaseLab): Promise<string> {
  sample.lab.faults.add('kill before DescribeSecret');
  const { token, outcome } = await sample.rotate();
  expect(outcome).toBe('failed');
  return token;
}

describeCases(({ kind, strategy, currentAlwaysWorks }) => {
  let sample: DatabaseLab;
  beforeAll(async () => {
    sample = await DatabaseLab.start(kind, { strategy, lab: { rotationAttempts: 1 } });
    // Of two users, each has had its turn then.
    for (let time = 0; time < 2; time++) expect(await sample.rotate()).toMatchObject({ outcome: 'succeeded' });
  });
  afterAll(async () => await sample?.stop());

  async function expectWorks(): Promise<void> {
    expect(await sample.works(await sample.version())).toBe(true);
  }

  test('each step does nothing new when it is repeated', async () => {
    const token = await begin(sample);

    for (const step of STEPS) {
      await sample.step(step, token);
      const stored = [await sample.version(), await sample.labels()];
      await sample.step(step, token);
      expect([await sample.version(), await sample.labels()]).toEqual(stored);
    }

    expect((await sample.labels())[token]).toContain('AWSCURRENT');
    await expectWorks();
  });

  test('steps of a rotation that has ended, in any order, change nothing', async () => {
    const { token } = await sample.rotate();
    const stored = [await sample.version(), await sample.labels()];

    for (const step of [...STEPS].reverse()) await sample.step(step, token);

    expect([await sample.version(), await sample.labels()]).toEqual(stored);
    await expectWorks();
  });

  test('a test before the password is set fails, publishes nothing, and the rotation goes on', async () => {
    const token = await begin(sample);
    const current = await sample.version();
    await sample.step('createSecret', token);

    await expect(sample.step('testSecret', token)).rejects.toThrow(/does not work|refuse/);

    expect(await sample.version()).toEqual(current);
    await expectWorks();
    for (const step of STEPS.slice(1)) await sample.step(step, token);
    expect((await sample.labels())[token]).toContain('AWSCURRENT');
    await expectWorks();
  });

  test('two callers of the same step leave one new version that works', async () => {
    const token = await begin(sample);

    for (const step of STEPS) {
      const both = await Promise.allSettled([sample.step(step, token), sample.step(step, token)]);
      expect(both.map(({ status }) => status)).toContain('fulfilled');
      if (currentAlwaysWorks) await expectWorks();
    }

    expect((await sample.labels())[token]).toContain('AWSCURRENT');
    await expectWorks();
  });

  test.each([0, 1, 2, 3])('a rotation that is abandoned after %i steps leaves the next one free', async (done) => {
    const token = await begin(sample);
    for (const step of STEPS.slice(0, done)) await sample.step(step, token);
    const input = { SecretId: SECRET, VersionStage: 'AWSPENDING', RemoveFromVersionId: token };
    await sample.client.send(new UpdateSecretVersionStageCommand(input));
    if (currentAlwaysWorks) await expectWorks();

    await expect(sample.step('finishSecret', token)).rejects.toThrow('the next rotation starts afresh');
    const { outcome, attempts } = await sample.rotate();

    const errors = attempts.flatMap(({ steps }) => steps.flatMap(({ error }) => error?.message ?? []));
    expect({ outcome, errors }).toEqual({ outcome: 'succeeded', errors: [] });
    await expectWorks();
  });
});
