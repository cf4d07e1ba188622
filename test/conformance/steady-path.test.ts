import { describeCases } from './cases';
import { DatabaseLab, isOfTheRotation } from './database-lab';

describeCases(({ kind, strategy, calls, connections, currentAlwaysWorks }) => {
  let sample: DatabaseLab;
  beforeAll(async () => void (sample = await DatabaseLab.start(kind, { strategy })));
  afterAll(async () => await sample?.stop());

  // The first one makes what is needed once, the third one has each of two users behind it.
  test.each(['first', 'second', 'third'])('a %s rotation costs what it must, and no login fails', async () => {
    const before = await sample.version();
    const seen = sample.lab.calls.all.length;
    const refused = sample.refusedLogins();

    const { outcome, attempts } = await sample.rotate();

    const made = sample.lab.calls.all.slice(seen).filter(isOfTheRotation);
    expect({ outcome, attempts: attempts.length }).toEqual({ outcome: 'succeeded', attempts: 1 });
    expect(made.filter(({ service }) => service === 'secretsmanager')).toHaveLength(calls);
    expect(made.filter(({ operation }) => operation === 'connect')).toHaveLength(connections);
    expect(sample.refusedLogins()).toBe(refused);
    const after = await sample.version();
    expect(after!.password).not.toBe(before!.password);
    expect(await sample.works(after)).toBe(true);
    expect(await sample.works(before)).toBe(currentAlwaysWorks);
  });

  test('some stored version logs in with its rights at every moment', async () => {
    const seen = sample.watch();

    const { outcome } = await sample.rotate();

    expect(outcome).toBe('succeeded');
    expect(seen.moments).toBeGreaterThan(calls + connections);
    expect(seen.allDead).toBe(0);
    expect(seen.currentDead > 0).toBe(!currentAlwaysWorks);
  });
});
