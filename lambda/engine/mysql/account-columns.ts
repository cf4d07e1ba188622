import { Row } from './connection';
import { literal } from './quoting';

/** The column compares without regard to blanks at the end. */
export function isUser(user: string, column = 'User'): string {
  return `${column} = ${literal(user)} AND LENGTH(${column}) = LENGTH(${literal(user)})`;
}

/** What TLS an account wants of a client. Both servers keep it in the same columns. */
export function requireClause(row: Row): string {
  if (row.ssl_type === 'ANY') return 'REQUIRE SSL';
  if (row.ssl_type === 'X509') return 'REQUIRE X509';
  const wanted = [
    { word: 'SUBJECT', value: row.x509_subject },
    { word: 'ISSUER', value: row.x509_issuer },
    { word: 'CIPHER', value: row.ssl_cipher },
  ].filter(({ value }) => value !== null && value !== '');
  if (row.ssl_type !== 'SPECIFIED' || wanted.length === 0) return 'REQUIRE NONE';
  return `REQUIRE ${wanted.map(({ word, value }) => `${word} ${literal(String(value))}`).join(' AND ')}`;
}

/** How much an account may ask; 0 is no limit. Both servers keep it in the same columns. */
export function limits(row: Row): string[] {
  return [
    `MAX_QUERIES_PER_HOUR ${row.max_questions}`,
    `MAX_UPDATES_PER_HOUR ${row.max_updates}`,
    `MAX_CONNECTIONS_PER_HOUR ${row.max_connections}`,
    `MAX_USER_CONNECTIONS ${row.max_user_connections}`,
  ];
}
