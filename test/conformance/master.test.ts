import { describeCases } from './cases';
import { DatabaseLab, MASTER_SECRET } from './database-lab';
import { expectRotates, expectWorks, failedRotation } from './failed-rotation';
import { type Account, MASTER } from './servers';

/**
 * Does something once, when a function has asked for the master secret and has not got the answer yet.
 * @returns tells how often that function has read it
 */
function onceMasterIsRead({ lab }: DatabaseLab, act: () => Promise<void>): () => number {
  let reader: string | undefined;
  let reads = 0;
  lab.calls.intercept(async ({ operation, resource, caller }, phase) => {
    if (operation !== 'GetSecretValue' || !resource?.includes(MASTER_SECRET) || phase === 'before') return;
    const isFirst = reader === undefined;
    reader ??= caller;
    if (caller === reader) reads++;
    if (isFirst) await act();
  });
  return () => reads;
}

describeCases(({ kind, strategy }) => {
  if (strategy === 'singleUser') return;

  let sample: DatabaseLab;
  beforeAll(async () => {
    sample = await DatabaseLab.start(kind, { strategy, masterRotates: true, lab: { rotationAttempts: 1 } });
  });
  afterAll(async () => await sample?.stop());

  test('the master secret rotates by itself, and its users rotate before and after', async () => {
    for (let time = 0; time < 3; time++) {
      await expectRotates(sample);

      const { outcome, attempts } = await sample.lab.rotate(MASTER_SECRET);

      expect({ outcome, attempts: attempts.length }).toEqual({ outcome: 'succeeded', attempts: 1 });
      await expectWorks(sample);
    }
    await expectRotates(sample);
    await expect(sample.run(MASTER, 'SELECT 1;')).rejects.toThrow();
  });

  test('a master password that rotates between its reading and the login is read again', async () => {
    const reads = onceMasterIsRead(sample, async () => {
      expect(await sample.lab.rotate(MASTER_SECRET)).toMatchObject({ outcome: 'succeeded' });
    });

    await expectRotates(sample);

    expect(reads()).toBe(2);
  });

  test('a master password that stays refused fails as one to retry, and the repeat makes it good', async () => {
    const master = JSON.parse(sample.lab.secretsManager.textOf(MASTER_SECRET)!) as Account;
    await sample.put(MASTER_SECRET, { ...master, password: 'Of-an-older-master-1' });

    const { step, type, message } = await failedRotation(sample);

    expect({ step, type }).toEqual({ step: 'setSecret', type: 'MasterRejectedError' });
    expect(message).toMatch(/refuses the master user master_user .* also after a second look.*the repeat/);
    await expectWorks(sample);
    await sample.put(MASTER_SECRET, master);
    await expectRotates(sample);
  });
});
