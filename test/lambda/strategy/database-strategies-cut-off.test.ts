import { DropConnection } from '../../../lab/calls';
import { DatabaseAccount } from './database-account';
import { DATABASE_STRATEGIES } from './database-strategy-cases';

describe.each(DATABASE_STRATEGIES)('$name', ({ make, effects, noGap }) => {
  let given: DatabaseAccount;

  beforeEach(async () => void (given = await new DatabaseAccount(make).start()));

  afterEach(async () => await given.stop());

  test.each(
    effects.flatMap((count, rotations) =>
      Array.from({ length: count }, (_, call) => call).flatMap((call) =>
        ['before', 'after'].map((phase) => [call, phase, rotations] as const),
      ),
    ),
  )(
    'recovers in the next attempt when everything stops at effect %i, %s it, %i rotations on',
    async (at, phase, rotations) => {
      const secret = await given.secret();
      const { account, database } = given;
      for (let done = 0; done < rotations; done++) await account.rotate(secret);
      let effect = -1;
      let dead = false;
      const step = (now: string) => {
        if (now === 'before') effect++;
        if (effect === at && now === phase) dead = true;
        if (dead) throw new DropConnection();
      };
      let gaps = 0;
      const lookForGap = async () => void (gaps += (await given.works(secret)) ? 0 : 1);
      account.intercept(async (_call, now) => {
        await lookForGap();
        step(now);
      });
      database.fault = (_what, now) => step(now);
      database.way = lookForGap;
      account.beforeStep = (name) => {
        // The next attempt is a new process.
        if (name === 'createSecret' && dead) {
          dead = false;
          effect = Infinity;
        }
      };

      const report = await account.rotate(secret);

      expect(report.outcome).toBe('succeeded');
      expect(report.attempts).toHaveLength(2);
      expect(await given.works(secret)).toBe(true);
      if (noGap) expect(gaps).toBe(0);
      expect((await account.rotate(secret)).outcome).toBe('succeeded');
      expect(await given.works(secret)).toBe(true);
    },
  );

  test.each(['setSecret', 'testSecret', 'finishSecret'])(
    'starts afresh after a rotation that was abandoned before %s',
    async (step) => {
      const secret = await given.secret();
      const { account } = given;
      account.beforeStep = (name) => {
        if (name === step) throw new Error('out of order');
      };
      const { token } = await account.rotate(secret);
      const off = { VersionStage: 'AWSPENDING', RemoveFromVersionId: token };
      await account.handle('UpdateSecretVersionStage', { SecretId: secret, ...off });
      account.beforeStep = () => {};

      const report = await account.rotate(secret);

      expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
      expect(await given.works(secret)).toBe(true);
    },
  );
});
