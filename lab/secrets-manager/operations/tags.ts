import { invalidParameter } from '../errors';
import { required } from '../input';
import type { Operation } from '../request';
import type { Secret } from '../secret';

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_TagResource.html */
const MAX_TAGS = 50;

/** Adds tags, or replaces the values of those that are there. */
export const tagResource: Operation = {
  parameters: ['SecretId', 'Tags'],
  run(request) {
    const tags = required('Tags', request.input.tags('Tags'));
    const secret = request.changeableSecret();
    checkRoomForTags(secret, tags);

    for (const [key, value] of tags) secret.tags.set(key, value);
    secret.changedAt = request.now;
    return {};
  },
};

export function checkRoomForTags(secret: Secret, tags: ReadonlyMap<string, string>): void {
  if (new Set([...secret.tags.keys(), ...tags.keys()]).size <= MAX_TAGS) return;
  throw invalidParameter(`A secret can have at most ${MAX_TAGS} tags.`);
}

/** Takes tags off; a key that is not there is no error. */
export const untagResource: Operation = {
  parameters: ['SecretId', 'TagKeys'],
  run(request) {
    const keys = required('TagKeys', request.input.texts('TagKeys', [0, Infinity], [1, 128]));
    const secret = request.changeableSecret();

    for (const key of keys) secret.tags.delete(key);
    secret.changedAt = request.now;
    return {};
  },
};
