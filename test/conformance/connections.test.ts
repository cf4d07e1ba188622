import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';
import { findLeaks } from '../../lab';
import { Authority } from '../../lab/authority';
import type { DatabaseServer } from '../../lab/database/database-server';
import { describeCases } from './cases';
import { DatabaseLab, HOST, MASTER_SECRET, SECRET } from './database-lab';
import { expectRotates, expectWorks, failedRotation } from './failed-rotation';
import { Relay } from './relay';
import { DATABASE, MASTER } from './servers';
import { startSilentServer } from './silent-server';

/** Shorter than a login is waited for otherwise. */
const TIMEOUT = 6;
const ADDRESS = '192.0.2.7';
/** Of the same host, where nobody listens. */
const CLOSED_PORT = 1;

/** Makes the server log who logs in. */
const LOG_LOGINS = {
  postgres: { log_connections: 'on' },
  mariadb: { 'general-log': '1' },
  mysql: { 'general-log': '1' },
};
const LOGGED_IN = {
  postgres: /connection authorized|connection authenticated/,
  mariadb: /\bConnect\t/,
  mysql: /\bConnect\t/,
};

/** Lets the functions reach another server in the place of the right one; the log of a real one must not have a password. */
async function inPlaceOfServer<T>(
  sample: DatabaseLab,
  other: { readonly port: number; log?(): string; stop(): Promise<void> },
  use: () => Promise<T>,
): Promise<T> {
  sample.relay.port = other.port;
  try {
    return await use();
  } finally {
    sample.relay.port = sample.server.port;
    await other.stop();
    const versions = [await sample.version(), await sample.version('AWSPENDING'), MASTER];
    const passwords = versions.flatMap((version) => version?.password ?? []);
    expect(findLeaks('log', other.log?.() ?? '', passwords)).toEqual([]);
  }
}

/** As the functions never do. @throws when the server does not let it in */
async function logInInTheClear({ engine, port }: DatabaseServer): Promise<void> {
  const { username: user, password } = MASTER;
  const login = { host: '127.0.0.1', port, user, password, database: DATABASE };
  if (engine === 'postgres') {
    const client = new Client({ ...login, ssl: false });
    await client.connect();
    await client.end();
  } else {
    await (await createConnection(login)).end();
  }
}

describeCases(({ kind, strategy }) => {
  let sample: DatabaseLab;
  beforeAll(async () => {
    sample = await DatabaseLab.start(kind, { strategy, timeout: TIMEOUT, lab: { rotationAttempts: 1 } });
    await sample.lab.add(new Relay(`${ADDRESS}:${kind.port}`, sample.server.port));
    const { port, stop } = await startSilentServer();
    await stop();
    await sample.lab.add({ host: `${HOST}:${CLOSED_PORT}`, start: async () => port, stop: async () => undefined });
    await expectRotates(sample);
  });
  afterAll(async () => await sample?.stop());

  test('a server whose certificate another authority has signed gets no password', async () => {
    const certificate = await (await Authority.create()).issue([HOST]);
    const other = await kind.start({ certificate });

    const { step, type, message } = await inPlaceOfServer(sample, other, async () => await failedRotation(sample));

    expect({ step, type }).toEqual({ step: 'setSecret', type: 'TlsError' });
    expect(message).toMatch(/is not trusted.*give the authority that signed it to the rotation/);
    await expectWorks(sample);
    await expectRotates(sample);
  });

  test('a server whose certificate is for another host gets no password', async () => {
    const certificate = await sample.lab.authority.issue(['other.example.test']);
    const other = await kind.start({ certificate });

    const { step, type, message } = await inPlaceOfServer(sample, other, async () => await failedRotation(sample));

    expect({ step, type }).toEqual({ step: 'setSecret', type: 'TlsError' });
    expect(message).toMatch(/is for other names \(DNS:other\.example\.test\)/);
    await expectWorks(sample);
    await expectRotates(sample);
  });

  test('nobody logs in to a server without TLS', async () => {
    const other = await kind.start({
      certificate: await sample.lab.authority.issue([HOST]),
      tls: false,
      settings: LOG_LOGINS[kind.engine],
    });
    const logins = () => other.log().match(new RegExp(LOGGED_IN[kind.engine], 'g'))?.length ?? 0;
    const before = logins();

    const { step, type, message } = await inPlaceOfServer(sample, other, async () => {
      const failure = await failedRotation(sample);
      expect(logins()).toBe(before);
      await logInInTheClear(other); // it would have let anyone in
      expect(logins()).toBeGreaterThan(before);
      return failure;
    });

    expect({ step, type }).toEqual({ step: 'setSecret', type: 'TlsError' });
    expect(message).toContain('offers no TLS, and nothing is sent without it');
    await expectWorks(sample);
    await expectRotates(sample);
  });

  test('a server that accepts the connection and is silent ends the step in time', async () => {
    const { step, type, message } = await inPlaceOfServer(
      sample,
      await startSilentServer(),
      async () => await failedRotation(sample),
    );

    expect({ step, type }).toEqual({ step: 'setSecret', type: 'UnreachableError' });
    expect(message).toMatch(/accepted the connection and was silent for \d\.\d s/);
    await expectWorks(sample);
    await expectRotates(sample);
  });

  test.each([
    ['is an address that the certificate does not have', { host: ADDRESS }, 'TlsError', /is for other names/],
    [
      'cannot be resolved',
      { host: 'nobody.example.test' },
      'UnreachableError',
      /nobody.* cannot be resolved, ENOTFOUND/,
    ],
    ['has nothing that listens', { port: CLOSED_PORT }, 'UnreachableError', /nothing listens at .*:1, ECONNREFUSED/],
  ])('a host that %s is an error that says so', async (_what, elsewhere, expected, says) => {
    const current = (await sample.version())!;
    const { engine, host, port, dbname } = current;
    const master = { engine, host, port, dbname, ...MASTER };
    await sample.put(MASTER_SECRET, { ...master, ...elsewhere });
    await sample.put(SECRET, { ...current, ...elsewhere });

    const { step, type, message } = await failedRotation(sample);

    expect({ step, type }).toEqual({ step: 'setSecret', type: expected });
    expect(message).toMatch(says);
    await expectWorks(sample);
    await sample.put(MASTER_SECRET, master);
    await sample.put(SECRET, current);
    await expectRotates(sample);
  });
});
