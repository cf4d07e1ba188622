import { Calls, type OutsideCall } from '../../lab/calls';
import { Clock } from '../../lab/clock';
import { Faults } from '../../lab/faults';
import type { Fault } from '../../lab/faults/fault';
import { parseFault } from '../../lab/faults/fault-text';

const READ = { service: 'secretsmanager', operation: 'GetSecretValue', caller: 'App-ReaderRole-1a2b', resource: 'key' };
const WRITE = { ...READ, operation: 'PutSecretValue' };
const TOKEN = { service: 'api.x.com', operation: 'POST /oauth2/token' };

let calls: Calls;
let faults: Faults;
let effects: string[];
let runningFunctions: Record<string, string>;
let killed: string[];
beforeEach(() => {
  calls = new Calls(new Clock());
  effects = [];
  killed = [];
  runningFunctions = {};
  faults = new Faults(calls, {
    running: (caller) =>
      Object.keys(runningFunctions).filter((name) => caller === undefined || runningFunctions[name] === caller),
    kill: (name) => void killed.push(name),
  });
});

/** Makes a call and answers its outcome. */
async function make(call: Omit<OutsideCall, 'at'>): Promise<string> {
  await calls.run(call, () => effects.push(call.operation)).catch(() => undefined);
  return calls.all.at(-1)!.outcome!;
}

async function makeEach(...made: Omit<OutsideCall, 'at'>[]): Promise<string[]> {
  const outcomes: string[] = [];
  for (const call of made) outcomes.push(await make(call));
  return outcomes;
}

describe('a fault', () => {
  test.each<[Fault['action'], 'before' | 'after', string, string[]]>([
    ['drop', 'before', 'DropConnection', []],
    ['drop', 'after', 'DropConnection', ['GetSecretValue']],
    ['throttle', 'before', 'ThrottlingException', []],
    ['throttle', 'after', 'ThrottlingException', ['GetSecretValue']],
    ['kill', 'before', 'DropConnection', []],
    ['kill', 'after', 'DropConnection', ['GetSecretValue']],
  ])('%s %s the effect gives %s', async (action, at, outcome, happened) => {
    runningFunctions.reader = READ.caller;
    faults.add({ action, at, call: 'GetSecretValue' } as Fault);

    expect(await make(READ)).toBe(outcome);
    expect(effects).toEqual(happened);
  });

  test.each([
    [READ, 'AccessDeniedException', 'AccessDeniedException', 400],
    [READ, 'DecryptionFailure', 'DecryptionFailure', 400],
    [READ, 'InternalServiceError', 'InternalServiceError', 500],
    [TOKEN, 503, '503', 503],
  ])('refuses %j with %s', async (call, error, outcome, status) => {
    faults.add({ action: 'refuse', call: call.operation, error });

    await expect(calls.run(call, () => undefined)).rejects.toMatchObject({ status });
    expect(calls.all[0].outcome).toBe(outcome);
  });

  test('throttles a stand-in with 429', async () => {
    faults.add({ action: 'throttle', call: 'POST /oauth2/token' });

    expect(await make(TOKEN)).toBe('429');
  });

  test('that delays lets the call go on', async () => {
    faults.add({ action: 'delay', milliseconds: 1, call: 'GetSecretValue' });

    expect(await make(READ)).toBe('ok');
  });

  test('strikes once unless it says how often', async () => {
    faults.add({ action: 'drop' });

    expect(await makeEach(READ, READ)).toEqual(['DropConnection', 'ok']);
  });

  test('strikes from the nth of the calls that match, so many times', async () => {
    faults.add({ action: 'drop', call: 'GetSecretValue', nth: 2, times: 2 });

    const outcomes = await makeEach(READ, WRITE, READ, READ, READ);

    expect(outcomes).toEqual(['ok', 'ok', 'DropConnection', 'DropConnection', 'ok']);
  });

  test.each<[keyof Fault, string, object]>([
    ['call', 'PutSecretValue', WRITE],
    ['service', 'api.x.com', TOKEN],
    ['caller', 'App-Reader', { ...READ, caller: 'App-ReaderRole-ffff' }],
    ['resource', 'other', { ...READ, resource: 'other' }],
  ])('with a `%s` leaves other calls alone', async (member, value, matching) => {
    faults.add({ action: 'drop', times: Infinity, [member]: value });

    const outcomes = await makeEach({ ...READ, caller: 'Another' }, matching as OutsideCall);

    expect(outcomes).toEqual(['ok', 'DropConnection']);
  });

  test('strikes the calls that a function picks', async () => {
    faults.add({ action: 'drop', call: ({ resource }) => resource === 'key' });

    expect(await makeEach(TOKEN, READ)).toEqual(['ok', 'DropConnection']);
  });

  test('tells how often it has struck, and is gone when used up', async () => {
    const fault = faults.add({ action: 'drop', times: 2 });

    await make(READ);
    expect(fault.struck).toBe(1);
    expect(faults.all).toEqual([fault]);
    await makeEach(READ, READ);

    expect(fault.struck).toBe(2);
    expect(faults.all).toEqual([]);
  });

  test('strikes no more once it was removed', async () => {
    const fault = faults.add({ action: 'drop' });

    fault.remove();

    expect(await make(READ)).toBe('ok');
  });

  test('that refuses any call strikes only where its kind of error is known', async () => {
    faults.add({ action: 'refuse', error: 500 });
    faults.add({ action: 'refuse', error: 'DecryptionFailure' });

    expect(await makeEach(READ, TOKEN)).toEqual(['DecryptionFailure', '500']);
  });
});

describe('several faults', () => {
  test('strike in the order in which they were added', async () => {
    faults.add({ action: 'throttle' });
    faults.add({ action: 'drop' });

    expect(await makeEach(READ, READ, READ)).toEqual(['ThrottlingException', 'DropConnection', 'ok']);
  });

  test('are taken off together', async () => {
    faults.add({ action: 'throttle' });
    faults.add({ action: 'drop' });

    faults.clear();

    expect(await make(READ)).toBe('ok');
  });
});

describe('kill', () => {
  beforeEach(() => {
    runningFunctions = { reader: READ.caller, other: 'App-OtherRole' };
  });

  test("ends the functions of the caller's role", async () => {
    faults.add({ action: 'kill', at: 'after' });

    await make(READ);

    expect(killed).toEqual(['reader']);
  });

  test('ends all that run when the caller is not known', async () => {
    faults.add({ action: 'kill', call: 'POST /oauth2/token' });

    await make(TOKEN);

    expect(killed).toEqual(['reader', 'other']);
  });

  test('does not count calls of somebody who has no function', async () => {
    const fault = faults.add({ action: 'kill' });

    expect(await make({ ...READ, caller: 'administrator' })).toBe('ok');
    expect(fault.struck).toBe(0);
  });
});

describe('a fault in words', () => {
  test.each<[string, object]>([
    ['kill after PutSecretValue', { action: 'kill', at: 'after', call: 'PutSecretValue' }],
    ['drop before any call to api.x.com', { action: 'drop', at: 'before', service: 'api.x.com' }],
    [
      'delay 1.5s after POST /oauth2/token',
      { action: 'delay', milliseconds: 1500, at: 'after', call: 'POST /oauth2/token' },
    ],
    ['throttle GetSecretValue', { action: 'throttle', call: 'GetSecretValue' }],
    ['throttle GetSecretValue of app/key always', { action: 'throttle', resource: 'app/key', times: Infinity }],
    [
      'refuse GetSecretValue with DecryptionFailure 3 times',
      { action: 'refuse', error: 'DecryptionFailure', times: 3 },
    ],
    ['refuse POST /oauth2/token with 503', { action: 'refuse', error: 503 }],
    ['drop after GetSecretValue by App-Reader the 2nd time', { caller: 'App-Reader', nth: 2 }],
    ['Kill  before GetSecretValue, the 11th time, 2 times', { action: 'kill', nth: 11, times: 2 }],
  ])('%s', (text, expected) => {
    expect(parseFault(text)).toMatchObject(expected);
  });

  test.each([
    'kill after PutSecretValue',
    'drop before any call by App-Reader to api.x.com the 22nd time 3 times',
    'delay 250ms before POST /oauth2/token',
    'throttle GetSecretValue of app/key always',
    'refuse after GetSecretValue with DecryptionFailure the 3rd time',
  ])('is told as it was given: %s', (text) => {
    expect(faults.add(text).text).toBe(text);
  });

  test.each([
    ['', 'expected kill, drop, throttle, refuse or delay, got nothing more'],
    ['explode before GetSecretValue', 'expected kill, drop, throttle, refuse or delay, got explode'],
    [
      'kill GetSecretValue',
      'expected `before` (the call has no effect) or `after` (it has, and the answer is lost), got Get',
    ],
    ['drop after', 'expected a call: GetSecretValue, POST /path, or any call, got nothing more'],
    ['drop after any', 'expected `call` after `any`, got nothing more'],
    ['drop after POST', 'expected a path after POST, as POST /oauth2/token, got nothing more'],
    [
      'delay before GetSecretValue',
      'a duration must be a number and one of ms, s, m, h, d, as 250ms or 30d, got before',
    ],
    ['refuse GetSecretValue', 'refuse must say `with` which error, as ThrottlingException, or 503 of a stand-in'],
    ['kill after GetSecretValue with 500', 'only refuse has `with`, got kill with 500'],
    ['kill after GetSecretValue the second time', '`the` must be followed by which time, as the 2nd time'],
    ['kill after GetSecretValue sometimes', 'it says sometimes where it may say: with, of, by, to, the 2nd time'],
  ])('that cannot be read says why: "%s"', (text, message) => {
    expect(() => faults.add(text)).toThrow(`cannot read the fault "${text}": ${message}`);
  });
});

test.each<[string, Fault | string, string]>([
  ['an unknown operation', 'kill after PutSecret', 'no operation PutSecret in Secrets Manager; there are '],
  [
    'a status of Secrets Manager',
    'refuse GetSecretValue with 500',
    'refuses with an error type, as InternalServiceError, got 500',
  ],
  [
    'an error type of a stand-in',
    'refuse GET /x with NotFound',
    'a stand-in refuses with a status, as 500, got NotFound',
  ],
  [
    'an operation of a stand-in',
    'drop after GetSecretValue to api.x.com',
    'must be method and path, as POST /oauth2/token, got Get',
  ],
  ['a path of Secrets Manager', 'drop after GET /x to secretsmanager', 'GET /x is no call to Secrets Manager'],
  ['a status that is no error', 'refuse GET /x with 200', 'a status from 400 to 599, got 200'],
  ['no error type', 'refuse GetSecretValue with it', '`error` must be an error type of AWS'],
  ['no time', { action: 'drop', nth: 0 }, '`nth` must be a whole number from 1, got 0'],
  ['half a time', { action: 'drop', times: 1.5 }, '`times` must be a whole number from 1, got 1.5'],
  ['time that runs back', { action: 'delay', milliseconds: -1 }, '`milliseconds` must be 0 or more, got -1'],
])('a fault with %s is refused', (_, fault, message) => {
  expect(() => faults.add(fault)).toThrow(message);
  expect(faults.all).toEqual([]);
});
