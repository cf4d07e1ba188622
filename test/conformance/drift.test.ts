import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describeCases } from './cases';
import { DatabaseLab, SECRET } from './database-lab';
import { MASTER } from './servers';

/** The errors of a rotation that has failed, and that AWSCURRENT and what it holds stayed as they were. */
async function failure(sample: DatabaseLab): Promise<string> {
  const before = [await sample.storedText(), await currentId(sample)];
  const { outcome, attempts } = await sample.rotate();
  expect(outcome).toBe('failed');
  expect([await sample.storedText(), await currentId(sample)]).toEqual(before);
  await sample.giveUp();
  return attempts.at(-1)!.steps.at(-1)!.error!.message;
}

async function currentId(sample: DatabaseLab): Promise<string | undefined> {
  return Object.entries(await sample.labels()).find(([, labels]) => labels.includes('AWSCURRENT'))?.[0];
}

describeCases(({ kind, strategy }) => {
  let sample: DatabaseLab;
  beforeAll(async () => {
    sample = await DatabaseLab.start(kind, { strategy, lab: { rotationAttempts: 1 } });
    for (let time = 0; time < 2; time++) expect(await sample.rotate()).toMatchObject({ outcome: 'succeeded' });
  });
  afterAll(async () => await sample?.stop());

  async function expectRotates(): Promise<void> {
    const { outcome, attempts } = await sample.rotate();
    const errors = attempts.flatMap(({ steps }) => steps.flatMap(({ error }) => error?.message ?? []));
    expect({ outcome, errors }).toEqual({ outcome: 'succeeded', errors: [] });
    expect(await sample.works(await sample.version())).toBe(true);
  }

  test('a server at the AWSPREVIOUS password is found there', async () => {
    const [current, previous] = [await sample.version(), await sample.version('AWSPREVIOUS')];
    // Two users have a password each.
    const password = strategy === 'alternatingUsers' ? current!.password : previous!.password;
    await sample.run(MASTER, sample.kind.changePassword({ ...current!, password }));

    await expectRotates();
  });

  test('a password that was changed by hand is found by a master, or is an error with its cure', async () => {
    const current = (await sample.version())!;
    await sample.run(MASTER, sample.kind.changePassword({ ...current, password: 'changed-by-hand-1' }));
    if (strategy === 'singleUserByMaster' || strategy === 'dualPassword') return await expectRotates();

    // The other one of two users still has the password of AWSPREVIOUS, so the pair is known as the secret's own.
    if (strategy === 'alternatingUsers') return await expectRotates();
    expect(await failure(sample)).toMatch(/refuses app_user with the passwords of AWSCURRENT.*npx keyturn put/s);
    await sample.put(SECRET, { ...current, password: 'changed-by-hand-1' });
    await expectRotates();
  });

  test('a value put in after a rotation is not undone by the next one, which says so', async () => {
    const current = (await sample.version())!;
    await sample.run(MASTER, sample.kind.changePassword({ ...current, password: 'changed-by-hand-2' }));
    const SecretString = JSON.stringify({ ...current, password: 'changed-by-hand-2' });
    await sample.client.send(new PutSecretValueCommand({ SecretId: SECRET, SecretString }));

    const { outcome, attempts } = await sample.rotate();

    expect({ outcome, message: attempts.at(-1)!.steps.at(-1)!.error!.message }).toEqual({
      outcome: 'abandoned',
      message: expect.stringContaining('has been put in since it was made'),
    });
    expect(await sample.version()).toMatchObject({ password: 'changed-by-hand-2' });
    await expectRotates();
  });

  test.each([
    ['is not JSON', 'just text'],
    ['is JSON, but no object', '["a list"]'],
  ])('an AWSPREVIOUS value that %s does not matter', async (_what, text) => {
    const current = await sample.version();
    await sample.put(SECRET, text);
    await sample.put(SECRET, current);

    await expectRotates();
  });

  test('the port may be text', async () => {
    const current = await sample.version();
    await sample.put(SECRET, { ...current, port: String(kind.port) });

    await expectRotates();
  });

  test.each<[string, (value: Record<string, unknown>) => unknown, RegExp]>([
    ['that is not JSON', () => 'just text', /is not JSON.*npx keyturn put/s],
    ['without a host', ({ host: _, ...rest }) => rest, /lacks? "host"/],
    ['without a user name', ({ username: _, ...rest }) => rest, /lacks? "username"/],
    ['without a password', ({ password: _, ...rest }) => rest, /lacks? "password"/],
    ['of another engine', (value) => ({ ...value, engine: 'oracle' }), /engine.*oracle|oracle.*engine/s],
    ['with a port that is none', (value) => ({ ...value, port: 'abc' }), /port.*abc/s],
    ['that wants no TLS', (value) => ({ ...value, ssl: false }), /ssl.*false/s],
  ])('a value %s is an error, and stays as it is', async (_what, change, says) => {
    const current = await sample.version();
    await sample.put(SECRET, change(current!));

    const message = await failure(sample);

    expect(message).toMatch(says);
    await sample.put(SECRET, current);
    await expectRotates();
  });

  test('a binary value is an error', async () => {
    const current = await sample.version();
    await sample.putBinary(Buffer.from([1, 2, 3]));

    expect(await failure(sample)).toMatch(/is binary/);

    await sample.put(SECRET, current);
    await expectRotates();
  });
});
