import { putSecret } from '../../bin/put';
import { describeCases } from './cases';
import { DatabaseLab, SECRET, type Version } from './database-lab';

async function put({ client }: DatabaseLab, value: Version): Promise<void> {
  await putSecret({ client, secretId: SECRET, input: JSON.stringify(value) });
}

describeCases(({ kind, strategy }) => {
  let sample: DatabaseLab;
  beforeEach(async () => void (sample = await DatabaseLab.start(kind, { strategy })));
  afterEach(async () => await sample?.stop());

  test('a value that keyturn put has stored is what the next rotation begins with', async () => {
    await sample.rotate();
    const current = { ...(await sample.version())!, password: 'changed-By-hand-1' };
    await sample.run(undefined, kind.changePassword(current));
    await put(sample, current);

    const { outcome, attempts } = await sample.rotate();

    expect({ outcome, attempts: attempts.length }).toEqual({ outcome: 'succeeded', attempts: 1 });
    expect(await sample.version('AWSPREVIOUS')).toMatchObject({ password: 'changed-By-hand-1' });
    expect(await sample.works(await sample.version())).toBe(true);
  });

  if (strategy !== 'alternatingUsers') return;

  test.each(['app_user', 'app_user_clone'])(
    'two users from elsewhere take turns when both values are put in, the one of %s last',
    async (last) => {
      const original = (await sample.version())!;
      const clone = { ...original, username: 'app_user_clone', password: 'made-By-something-1' };
      await sample.run(undefined, kind.createUser(clone));
      const [previous, current] = last === clone.username ? [original, clone] : [clone, original];
      await put(sample, previous);
      await put(sample, current);

      for (const username of [previous.username, current.username, previous.username]) {
        const { outcome, attempts } = await sample.rotate();

        const errors = attempts.flatMap(({ steps }) => steps.flatMap(({ error }) => error?.message ?? []));
        expect({ outcome, errors }).toEqual({ outcome: 'succeeded', errors: [] });
        expect(await sample.version()).toMatchObject({ username });
        expect(await sample.works(await sample.version())).toBe(true);
      }
    },
  );
});
