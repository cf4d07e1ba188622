import { durationText, parseDuration } from '../duration';
import { checkFault } from './check-fault';
import type { Delay, Fault, FaultPoint } from './fault';

/** What the parser reads: for the help of the command, and for its errors. */
export const FAULT_EXAMPLES = [
  'kill after PutSecretValue',
  'delay 2s before POST /oauth2/token',
  'refuse GetSecretValue of my-secret with ThrottlingException 3 times',
  'refuse POST /oauth2/token with 503 always',
  'throttle any call to api.x.com the 2nd time',
  'drop after UpdateSecretVersionStage by TwitterSecrets',
];

/**
 * Reads a fault in words:
 *
 *     kill | drop | throttle | refuse | delay <duration>
 *     before | after                    must be said of kill and drop, and is `before` for the others
 *     GetSecretValue | POST /path | any call
 *     with <error type or status>       of refuse
 *     of <secret>, by <role>, to <service or host>
 *     the 2nd time, 3 times, always
 *
 * @throws with what was expected in the place of which word, and for a fault that could never strike
 */
export function parseFault(text: string): Fault {
  const words = new Words(text);
  const act = readAction(words);
  const at = words.take('before', 'after');
  if (!at && (act.action === 'kill' || act.action === 'drop')) {
    throw words.unexpected('`before` (the call has no effect) or `after` (it has, and the answer is lost)');
  }
  const point: Writable<FaultPoint> = { at: at as FaultPoint['at'], call: readCall(words) };
  let error: string | undefined;
  while (!words.ended) {
    if (words.take('with')) error = words.next('an error type or a status');
    else if (words.take('of')) point.resource = words.next('the name of a secret');
    else if (words.take('by')) point.caller = words.next('the name of a role');
    else if (words.take('to'))
      point.service = words.next('a service, as secretsmanager or rds, or the host of a stand-in');
    else if (words.take('the')) point.nth = readOrdinal(words);
    else if (words.take('always')) point.times = Infinity;
    else point.times = readTimes(words);
  }
  if (act.action !== 'refuse') {
    if (error !== undefined) throw words.wrong(`only refuse has \`with\`, got ${act.action} with ${error}`);
    return checkFault({ ...act, ...point });
  }
  if (error === undefined)
    throw words.wrong('refuse must say `with` which error, as ThrottlingException, or 503 of a stand-in');
  return checkFault({ action: 'refuse', error: /^\d+$/.test(error) ? Number(error) : error, ...point });
}

/** The fault in the words that `parseFault` reads. */
export function faultText(fault: Fault): string {
  const { action, at = 'before', call = 'any call', service, caller, resource, nth = 1, times = 1 } = fault;
  return [
    action,
    fault.action === 'delay' && durationText(fault.milliseconds),
    (at === 'after' || !['refuse', 'throttle'].includes(action)) && at,
    typeof call === 'string' ? call : 'a picked call',
    resource && `of ${resource}`,
    caller && `by ${caller}`,
    service && `to ${service}`,
    fault.action === 'refuse' && `with ${fault.error}`,
    nth > 1 && `the ${ordinal(nth)} time`,
    times === Infinity ? 'always' : times > 1 && `${times} times`,
  ]
    .filter(Boolean)
    .join(' ');
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A fault without its point. */
type Act =
  | Pick<Delay, 'action' | 'milliseconds'>
  | { action: 'kill' }
  | { action: 'drop' }
  | { action: 'throttle' }
  | { action: 'refuse' };

function readAction(words: Words): Act {
  const action = words.take('kill', 'drop', 'throttle', 'refuse', 'delay');
  switch (action) {
    case 'delay':
      return { action, milliseconds: readDuration(words) };
    case 'kill':
    case 'drop':
    case 'throttle':
    case 'refuse':
      return { action };
    default:
      throw words.unexpected('kill, drop, throttle, refuse or delay');
  }
}

function readDuration(words: Words): number {
  const word = words.next('a duration, as 250ms or 2s');
  try {
    return parseDuration(word);
  } catch (error) {
    throw words.wrong((error as Error).message);
  }
}

/** Undefined for any call. */
function readCall(words: Words): string | undefined {
  if (words.take('any')) {
    if (words.take('call')) return undefined;
    throw words.unexpected('`call` after `any`');
  }
  const first = words.next('a call: GetSecretValue, POST /path, or any call');
  return /^[A-Z]+$/.test(first) ? `${first} ${words.next(`a path after ${first}, as ${first} /oauth2/token`)}` : first;
}

function readOrdinal(words: Words): number {
  const [, number] = /^(\d+)(?:st|nd|rd|th)$/.exec(words.next('which time, as the 2nd time')) ?? [];
  if (number && words.take('time')) return Number(number);
  throw words.wrong('`the` must be followed by which time, as the 2nd time');
}

function readTimes(words: Words): number {
  const word = words.next('');
  if (/^\d+$/.test(word) && words.take('times', 'time')) return Number(word);
  throw words.wrong(`it says ${word} where it may say: with, of, by, to, the 2nd time, 3 times, always`);
}

function ordinal(n: number): string {
  const [tens, ones] = [n % 100, n % 10];
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][ones] ?? 'th');
  return `${n}${suffix}`;
}

/** The words of a fault, read from the left. */
class Words {
  private readonly rest: string[];

  constructor(private readonly text: string) {
    this.rest = text.split(/[\s,]+/).filter((word) => word !== '');
  }

  get ended(): boolean {
    return this.rest.length === 0;
  }

  /** The next word when it is one of these, undefined otherwise. */
  take<Word extends string>(...words: Word[]): Word | undefined {
    const found = words.find((word) => word === this.rest[0]?.toLowerCase());
    if (found) this.rest.shift();
    return found;
  }

  /** The next word, whatever it is. */
  next(expected: string): string {
    if (this.ended) throw this.unexpected(expected);
    return this.rest.shift()!;
  }

  unexpected(expected: string): Error {
    return this.wrong(`expected ${expected}, got ${this.rest[0] ?? 'nothing more'}`);
  }

  wrong(what: string): Error {
    return new Error(
      `cannot read the fault "${this.text}": ${what}. For example: ${FAULT_EXAMPLES.slice(0, 3).join('; ')}`,
    );
  }
}
