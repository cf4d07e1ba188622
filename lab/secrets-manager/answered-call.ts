import type { Caller } from './caller';
import type { ServiceError } from './errors';
import type { Connection } from './secrets-manager';

/** A request that has been answered. */
export interface AnsweredCall {
  readonly operation: string;
  /** The members that the operation has; what else was sent is not recorded. */
  readonly parameters: readonly string[];
  readonly input: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  readonly connection?: Connection;
  /** The secret that it was for, where there is one. */
  readonly secretArn?: string;
}

/** Never recorded: the values, and the token that proves a rotation's assumed role. */
const HIDDEN = new Set(['SecretString', 'SecretBinary', 'RotationToken']);
/** What answers of writing calls say; the documented examples and patterns have no more. */
const ANSWERED = ['ARN', 'Name', 'VersionId'];
/** No parameter of the API is deeper: `Filters` is a list of members with lists. What goes on below is not followed. */
const DEPTH = 3;

/** CloudTrail shortens the name of one error; the others it writes as they were answered. */
export function errorOf({ type, message }: ServiceError): { errorCode: string; errorMessage: string } {
  return { errorCode: type === 'AccessDeniedException' ? 'AccessDenied' : type, errorMessage: message };
}

/** What was asked, in CloudTrail's spelling, without values; null when there is nothing. */
export function requestParameters({ parameters, input }: AnsweredCall): Record<string, unknown> | null {
  const sent = parameters.filter((name) => !HIDDEN.has(name) && input[name] !== undefined && input[name] !== null);
  if (sent.length === 0) return null;
  return Object.fromEntries(sent.map((name) => [lowerFirst(name), lowerMembers(input[name])]));
}

/** Answers without an ARN, as TagResource gives one, are recorded with it all the same: AWS's own patterns look for it there. */
export function responseElements(
  answer: Record<string, unknown>,
  { secretArn }: AnsweredCall,
): Record<string, unknown> {
  const elements = ANSWERED.map((name) => [name === 'ARN' ? 'arn' : lowerFirst(name), answer[name]]);
  if (answer.ARN === undefined) elements.push(['arn', secretArn]);
  if (typeof answer.DeletionDate === 'number') elements.push(['deletionDate', longDate(answer.DeletionDate)]);
  return Object.fromEntries(elements.filter(([, value]) => value !== undefined));
}

function lowerMembers(value: unknown, depth = DEPTH): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return undefined;
  if (Array.isArray(value)) return value.map((each) => lowerMembers(each, depth - 1));
  const members = Object.entries(value).map(([name, member]) => [lowerFirst(name), lowerMembers(member, depth - 1)]);
  return Object.fromEntries(members);
}

const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

/** `May 3, 2018, 5:51:02 PM`, as CloudTrail writes dates of answers, without the comma after the year. */
function longDate(seconds: number): string {
  const date = new Date(seconds * 1000);
  const day = date.toLocaleDateString('en-US', { dateStyle: 'medium', timeZone: 'UTC' });
  const time = date.toLocaleTimeString('en-US', { timeStyle: 'medium', timeZone: 'UTC' });
  return `${day} ${time.replaceAll('\u202f', ' ')}`;
}
