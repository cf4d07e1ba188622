import { ServiceError } from '../errors';
import type { Input } from '../input';

/** The page of the list that MaxResults and NextToken ask for, and the token of the page after it. */
export function page<T>(input: Input, all: readonly T[], limit = 100): { items: T[]; nextToken?: string } {
  const size = input.integer('MaxResults', 1, limit) ?? limit;
  const token = input.text('NextToken', 1, 4096);
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) {
    throw new ServiceError('InvalidNextTokenException', 'The NextToken value is not valid.');
  }
  const end = start + size;
  const nextToken = end < all.length ? Buffer.from(String(end)).toString('base64url') : undefined;
  return { items: all.slice(start, end), nextToken };
}
