import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { findPlugin } from '../../scripts/database-servers/mariadb-plugins';
import { describeCases } from './cases';
import { DatabaseLab, SECRET } from './database-lab';
import { expectRotates, expectWorks, failedRotation } from './failed-rotation';
import { MARIADB, POSTGRES, type ServerKind } from './servers';

/** How long the passwords are that the functions of these tests make. */
const LENGTH = 20;
const NAME = 'namesake_of_its_password';

/** The check that each kind of server brings along: how it is loaded, and how it is told the length that it wants. */
const CHECKS: Record<ServerKind['engine'], { readonly load?: string; require(length: number): string }> = {
  postgres: {
    require: (length) => `ALTER SYSTEM SET passwordcheck.min_password_length = ${length}; SELECT pg_reload_conf();`,
  },
  mariadb: {
    load: "INSTALL SONAME 'simple_password_check';",
    require: (length) => `SET GLOBAL simple_password_check_minimal_length = ${length};`,
  },
  mysql: {
    load: "INSTALL COMPONENT 'file://component_validate_password';",
    require: (length) => `SET GLOBAL validate_password.length = ${length};`,
  },
};
/** PostgreSQL logs each statement that it refuses; who lets the function hand passwords over as text must not want that. */
const LOADED = { shared_preload_libraries: 'passwordcheck', log_min_error_statement: 'panic' };

async function startChecking(kind: ServerKind, setting: Parameters<typeof DatabaseLab.start>[1]): Promise<DatabaseLab> {
  const settings = kind === POSTGRES ? LOADED : undefined;
  const sample = await DatabaseLab.start(kind, { ...setting, settings, lab: { rotationAttempts: 1 } });
  const { load } = CHECKS[kind.engine];
  if (load) await asOwner(sample, load);
  return sample;
}

async function asOwner({ kind, server }: DatabaseLab, statements: string): Promise<void> {
  await kind.run(server, server.admin, statements);
}

describeCases(
  ({ kind, strategy }) => {
    // PostgreSQL sees how long a password is only when it gets it as text.
    const rotation = { passwordPolicy: { length: LENGTH }, passwordAsText: kind === POSTGRES || undefined };
    let sample: DatabaseLab;
    beforeAll(async () => void (sample = await startChecking(kind, { strategy, rotation })));
    afterAll(async () => await sample?.stop());

    // Of two users, each has had its turn then.
    test.each(['first', 'second', 'third'])('a %s password that the server refuses is given up', async () => {
      await asOwner(sample, CHECKS[kind.engine].require(LENGTH + 1));
      await expectWorks(sample);

      const { step, type, message } = await failedRotation(sample);

      expect({ step, type }).toEqual({ step: 'setSecret', type: 'PasswordPolicyError' });
      expect(message).toMatch(kind === POSTGRES ? /22023/ : /1819/);
      expect(Object.values(await sample.labels()).flat()).not.toContain('AWSPENDING');
      await expectWorks(sample);

      await asOwner(sample, CHECKS[kind.engine].require(LENGTH));
      await expectRotates(sample);
      expect((await sample.version())!.password).toHaveLength(LENGTH);
    });
  },
  (kind) => {
    if (kind === MARIADB) findPlugin('simple_password_check');
  },
);

describeCases(({ kind, strategy }) => {
  if (kind !== POSTGRES) return;
  let sample: DatabaseLab;
  beforeAll(async () => void (sample = await startChecking(kind, { strategy, username: NAME })));
  afterAll(async () => {
    sample?.client.destroy();
    // Not its own stop(): the one password that is refused is the name of a user, which stands in the logs.
    await sample?.lab.stop();
    await sample?.server.stop();
  });

  test('a length that the server wants does not matter to it, because it cannot see it', async () => {
    await asOwner(sample, CHECKS.postgres.require(64));

    await expectRotates(sample);
    await expectRotates(sample);
  });

  test('a verifier that the server refuses is given up, and the message says what would help', async () => {
    const current = (await sample.version())!;
    const username = strategy === 'alternatingUsers' ? `${NAME}_clone` : NAME;
    // The one password that PostgreSQL's check finds out behind a verifier is the name of the user.
    sample.lab.faults.add('kill before PutSecretValue');
    const { token: ClientRequestToken } = await sample.rotate();
    const SecretString = JSON.stringify({ ...current, username, password: username });
    const input = { SecretId: SECRET, ClientRequestToken, SecretString, VersionStages: ['AWSPENDING'] };
    await sample.client.send(new PutSecretValueCommand(input));

    const { step, type, message } = await failedRotation(sample);

    expect({ step, type }).toEqual({ step: 'setSecret', type: 'PasswordPolicyError' });
    expect(message).toContain('let the rotation hand them over as text');
    expect(Object.values(await sample.labels()).flat()).not.toContain('AWSPENDING');
    await expectWorks(sample);
    await expectRotates(sample);
  });
});
