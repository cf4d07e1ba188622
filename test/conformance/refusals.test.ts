import { describeCases } from './cases';
import { DatabaseLab, HOST } from './database-lab';
import { expectRotates, expectWorks, failedRotation } from './failed-rotation';
import { holdLock } from './held-lock';
import { MASTER, type ServerKind } from './servers';
import { startStandby } from './standby';

/** Shorter than what a lock is waited for otherwise. */
const TIMEOUT = 8;

/** Takes from the master user, and gives back, the right to change other users; who may UPDATE their table has it too. */
const RIGHT_TO_CHANGE_USERS: Record<ServerKind['engine'], { readonly take: string; readonly give: string }> = {
  postgres: {
    take: `REVOKE app_user FROM ${MASTER.username} CASCADE; ALTER ROLE ${MASTER.username} NOCREATEROLE;`,
    give: `GRANT app_user TO ${MASTER.username} WITH ADMIN OPTION; ALTER ROLE ${MASTER.username} CREATEROLE;`,
  },
  mariadb: {
    take: `REVOKE CREATE USER, UPDATE ON *.* FROM ${MASTER.username}@'%';`,
    give: `GRANT CREATE USER, UPDATE ON *.* TO ${MASTER.username}@'%' WITH GRANT OPTION;`,
  },
  mysql: {
    take: 'REVOKE CREATE USER, UPDATE ON *.* FROM rds_superuser_role;',
    give: 'GRANT CREATE USER, UPDATE ON *.* TO rds_superuser_role WITH GRANT OPTION;',
  },
};

/** Until it is called, the server that the functions reach takes no changes. */
type TakeChanges = () => Promise<void>;

async function asOwner({ kind, server }: DatabaseLab, statements: string): Promise<string> {
  return await kind.run(server, server.admin, statements);
}

async function takeNoChanges(sample: DatabaseLab): Promise<TakeChanges> {
  if (sample.kind.engine !== 'postgres') {
    await asOwner(sample, 'SET GLOBAL read_only = ON;');
    return async () => void (await asOwner(sample, 'SET GLOBAL read_only = OFF;'));
  }
  const standby = await startStandby(sample, await sample.lab.authority.issue([HOST]));
  sample.relay.port = standby.port;
  return async () => {
    sample.relay.port = sample.server.port;
    await standby.stop();
  };
}

describeCases(({ kind, strategy }) => {
  let sample: DatabaseLab;
  beforeAll(async () => {
    sample = await DatabaseLab.start(kind, { strategy, timeout: TIMEOUT, lab: { rotationAttempts: 1 } });
    // Of two users, each has had its turn then.
    for (let time = 0; time < 2; time++) await expectRotates(sample);
  });
  afterAll(async () => await sample?.stop());

  test('a lock that another session holds ends the step in time, and the repeat makes it good', async () => {
    const release = await holdLock(sample, strategy === 'alternatingUsers' ? 'app_user_clone' : 'app_user');

    const { step, type, message } = await failedRotation(sample).finally(release);

    expect({ step, type }).toEqual({ step: 'setSecret', type: 'DatabaseError' });
    expect(message).toMatch(kind.engine === 'postgres' ? /lock timeout \(55P03\)/ : /another session holds a lock/);
    await expectWorks(sample);
    await expectRotates(sample);
  });

  test('a server that takes no changes is named as such', async () => {
    const takeChanges = await takeNoChanges(sample);

    const { step, type, message } = await failedRotation(sample).finally(takeChanges);

    expect({ step, type }).toEqual({ step: 'setSecret', type: 'ReadOnlyError' });
    expect(message).toMatch(/replica.*put the (writer's host|host of the writer) into the secret/);
    await expectWorks(sample);
    await expectRotates(sample);
  });

  // Neither PostgreSQL nor MariaDB or MySQL keeps a user from changing the own password.
  if (strategy === 'singleUser') return;

  test('a master user who may not change others is told so', async () => {
    await asOwner(sample, RIGHT_TO_CHANGE_USERS[kind.engine].take);

    const { step, type, message } = await failedRotation(sample);

    expect({ step, type }).toEqual({ step: 'setSecret', type: 'PermissionError' });
    expect(message).toContain(MASTER.username);
    await expectWorks(sample);
    await asOwner(sample, RIGHT_TO_CHANGE_USERS[kind.engine].give);
    await expectRotates(sample);
  });
});
