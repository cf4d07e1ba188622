import type { IncomingMessage } from 'node:http';
import { ServiceError } from './errors';

/** A value of 65,536 bytes, each escaped to six, and as much again for the rest. */
const MAX_BODY_BYTES = 1_048_576;
/** What is read of a longer body, so that its sender gets an answer; whoever sends more loses the connection. */
const MAX_READ_BYTES = 16 * MAX_BODY_BYTES;
const CONTENT_TYPE = 'application/x-amz-json-1.1';
const TARGET = 'secretsmanager.';
const CREDENTIAL = /^AWS4-HMAC-SHA256 .*Credential=([^/\s,]+)\/[^/\s,]*\/([^/\s,]*)\/([^/\s,]*)/;

/** The operation that a request names. */
export function operationOf({ method, headers }: IncomingMessage): string {
  const target = String(headers['x-amz-target'] ?? '');
  const type = headers['content-type'] ?? 'none';
  if (method !== 'POST' || !target.startsWith(TARGET)) throw unknown(`X-Amz-Target ${target}`);
  if (type.split(';')[0].trim().toLowerCase() !== CONTENT_TYPE) {
    throw unknown(`the Content-Type must be ${CONTENT_TYPE}, got ${type}`);
  }
  return target.slice(TARGET.length);
}

const unknown = (why: string) =>
  new ServiceError('UnknownOperationException', `No operation of Secrets Manager: ${why}`);

/** Access key and Region of the credential scope; the signature itself is not looked at. */
export function credentialOf({ headers: { authorization } }: IncomingMessage): { accessKeyId: string; region: string } {
  if (!authorization) throw new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  const [, accessKeyId, region] = CREDENTIAL.exec(authorization) ?? [];
  if (accessKeyId) return { accessKeyId, region };
  throw new ServiceError('IncompleteSignatureException', 'Authorization header requires an AWS4 Credential.');
}

/** The service that a request was signed for: `secretsmanager`, `rds`. */
export function signedFor({ headers: { authorization = '' } }: IncomingMessage): string | undefined {
  return CREDENTIAL.exec(authorization)?.[3];
}

/** Reads on when the body is too long, so that the caller gets an answer and not a broken connection. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  await new Promise<void>((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else if (bytes > MAX_READ_BYTES) request.destroy();
    });
    request.on('end', resolve);
    request.on('close', () => reject(new Error('the request broke off')));
    request.on('error', reject);
  });
  if (bytes <= MAX_BODY_BYTES) return (chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)).toString();
  throw new ServiceError('RequestEntityTooLargeException', `A request has at most ${MAX_BODY_BYTES} bytes.`, 413);
}

/** The members of a request, from its body. */
export function membersOf(body: string): Record<string, unknown> {
  try {
    const input = JSON.parse(body || '{}');
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input;
  } catch {
    // The parser's own message quotes the body, which can hold a value.
  }
  throw new ServiceError('SerializationException', 'The body of the request is not a JSON object.');
}
