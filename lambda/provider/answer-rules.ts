import { AnswerRule } from '../../lib/rotation/issuer-contract';
import { IssuerAnswer } from './issuer-request';
import { valueAt } from './json-pointer';

export const SUCCESS: readonly AnswerRule[] = [{ statuses: Array.from({ length: 100 }, (_, index) => 200 + index) }];
export const UNAUTHORIZED: readonly AnswerRule[] = [{ statuses: [401] }];
export const GONE: readonly AnswerRule[] = [{ statuses: [404, 410] }];
export const TOO_MANY_REQUESTS: readonly AnswerRule[] = [{ statuses: [429] }];

/** Whether one of the rules holds for an answer. */
export function matches({ status, json }: IssuerAnswer, rules: readonly AnswerRule[]): boolean {
  return rules.some(({ statuses, pointer, values }) => {
    if (!statuses.includes(status)) return false;
    if (pointer === undefined) return true;
    const value = valueAt(json, pointer);
    if (values) return values.some((each) => each === value);
    return value !== undefined && value !== null && value !== '';
  });
}
