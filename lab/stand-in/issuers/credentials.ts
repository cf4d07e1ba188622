import { randomBytes } from 'node:crypto';
import type { HttpRequest } from '../http-answer';

/** The token of an `Authorization: Bearer` header; undefined when there is none. */
export function bearer({ authorization }: HttpRequest): string | undefined {
  return /^Bearer (.+)$/i.exec(authorization)?.[1];
}

/** User and password of an `Authorization: Basic` header; undefined when there is none. */
export function basic({ authorization }: HttpRequest): [user: string, password: string] | undefined {
  const [, encoded] = /^Basic (.+)$/i.exec(authorization) ?? [];
  const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
  return user === undefined ? undefined : [user, password];
}

/** So many random characters of those that base64url has. */
export function random(length: number): string {
  return randomBytes(length).toString('base64url').slice(0, length);
}

/** So many random hexadecimal digits. */
export function randomHex(length: number): string {
  return randomBytes(length).toString('hex').slice(0, length);
}
