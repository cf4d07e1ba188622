import { randomUUID } from 'node:crypto';

/** A random UUID in one piece: Node puts it together from 20, all of which a string that is kept would keep, ten times its size. */
export const newUuid = (): string => Buffer.from(randomUUID(), 'latin1').toString('latin1');
