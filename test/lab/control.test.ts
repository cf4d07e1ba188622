import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { Lab, WELL_KNOWN_ADMINISTRATOR } from '../../lab';
import { allow, ask, deploy, inlineFunction, roleWith } from './assemblies';

let lab: Lab;
let port: number;
beforeAll(async () => {
  lab = await Lab.start({ port: 0, control: true, administrator: WELL_KNOWN_ADMINISTRATOR });
  port = portOf(lab);
  await deploy(lab, {
    Resources: {
      Role: roleWith(allow('logs:*')),
      Function: inlineFunction(
        'console.log("called"); if (event.fail) throw new TypeError("told to"); return { event };',
      ),
    },
  });
  await ask(lab, undefined, 'CreateSecret', { Name: 'key', SecretString: 'hunter2' });
});
afterAll(async () => await lab.stop());

function portOf(running: Lab): number {
  return Number(new URL(running.client().endpoint).port);
}

interface Answer {
  readonly status: number;
  readonly body: never;
}

/** With node:http, which sends a Host as it is told to. */
async function send(method: string, path: string, body?: object | string, headers: object = {}): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const sent = request({ port, method, path, headers: { ...headers } }, (response) => {
      json(response).then((answer) => resolve({ status: response.statusCode!, body: answer as never }), reject);
    });
    sent.on('error', reject).end(typeof body === 'string' ? body : body && JSON.stringify(body));
  });
}

const get = async (name: string) => (await send('GET', `/_lab/${name}`)).body;
const post = async (name: string, body: object) => await send('POST', `/_lab/${name}`, body);

test('the status tells what there is to use', async () => {
  expect(await get('status')).toMatchObject({
    account: '123456789012',
    region: 'us-east-1',
    functions: ['example'],
    roles: ['reader'],
    databases: [],
  });
});

test('the clock can be read, set and advanced', async () => {
  await post('clock', { set: '2027-01-01T00:00:00Z' });

  const { body } = await post('clock', { advance: 86_400_000 });

  expect(body).toEqual({ now: expect.stringMatching(/^2027-01-02T00:00/), rotations: [] });
  expect(await get('clock')).toEqual({ now: expect.stringMatching(/^2027-01-02T00:00/), rotations: [] });
});

test('the clock can be stopped', async () => {
  await post('clock', { set: '2027-01-01T00:00:00Z', speed: 0 });

  const now = await get('clock');

  expect(await get('clock')).toEqual(now);
  await post('clock', { speed: 1 });
});

test('faults are added in words, listed and cleared', async () => {
  const added = await post('faults', { fault: 'throttle GetSecretValue always' });
  const listed = await get('faults');
  const refused = ask(lab, undefined, 'GetSecretValue', { SecretId: 'key' });
  await expect(refused).rejects.toThrow('Rate exceeded');

  await send('DELETE', '/_lab/faults');

  expect(added.body).toEqual({ text: 'throttle GetSecretValue always' });
  expect(listed).toEqual([{ text: 'throttle GetSecretValue always', struck: 0 }]);
  expect(await get('faults')).toEqual([]);
});

test('a function is invoked by how its name begins', async () => {
  const { body } = await post('invoke', { function: 'exa', event: { n: 1 } });

  expect(body).toEqual({ returned: { event: { n: 1 } } });
});

test('an error of a function is told as Lambda tells it', async () => {
  const { body } = await post('invoke', { function: 'example', event: { fail: true } });

  expect(body).toMatchObject({ failed: { errorType: 'TypeError', errorMessage: 'told to', trace: expect.any(Array) } });
});

test('credentials are those of a role, or of the administrator', async () => {
  const administrator = await post('credentials', {});
  const role = await post('credentials', { role: 'reader' });

  expect(administrator.body).toEqual(lab.client());
  expect(lab.identities.callerOf((role.body as ReturnType<Lab['client']>).credentials.accessKeyId)!.name).toBe(
    'reader',
  );
});

test('calls, events and logs can be read, without values', async () => {
  await ask(lab, undefined, 'GetSecretValue', { SecretId: 'key' });
  await post('invoke', { function: 'example', event: {} });

  const [calls, events, logs] = await Promise.all(['calls', 'events', 'logs'].map(get));

  expect(calls).toContainEqual(
    expect.objectContaining({ operation: 'GetSecretValue', resource: 'key', outcome: 'ok' }),
  );
  expect(events).toContainEqual(expect.objectContaining({ 'detail-type': 'AWS API Call via CloudTrail' }));
  expect(logs).toContainEqual(
    expect.objectContaining({ functionName: 'example', text: expect.stringContaining('called') }),
  );
  expect(JSON.stringify([calls, events, logs])).not.toContain('hunter2');
});

test.each([
  ['POST', 'faults', { fault: 'explode' }, 'cannot read the fault "explode"'],
  ['POST', 'faults', {}, '`fault` is required, as a text'],
  ['POST', 'clock', { set: 'tomorrow' }, 'the clock cannot be set to an invalid date'],
  [
    'POST',
    'rotate',
    { secret: 'nobody' },
    "nobody cannot be rotated: Secrets Manager can't find the specified secret.",
  ],
  ['POST', 'invoke', { function: 'none' }, 'no function none: the lab has example'],
  ['POST', 'credentials', { role: 'none' }, 'no role none: the lab has reader'],
  ['POST', 'clock', '{', 'the body of the request must be a JSON object'],
  ['GET', 'nonsense', undefined, 'the lab has no GET /_lab/nonsense'],
])('%s %s %j is refused with the reason', async (method, name, body, error) => {
  const answer = await send(method, `/_lab/${name}`, body);

  expect(answer).toEqual({ status: 400, body: { error: expect.stringContaining(error) } });
});

describe('a web page', () => {
  const PATHS = ['/_lab/status', '/'];
  const HEADERS: [string, object][] = [
    ['another Host', { host: 'evil.example:4599' }],
    ['an Origin', { origin: 'http://evil.example' }],
    ['the Origin of the lab itself', { origin: 'http://127.0.0.1:4599' }],
    ['a request across sites', { 'sec-fetch-site': 'cross-site' }],
  ];

  test.each(HEADERS.flatMap(([what, headers]) => PATHS.map((path) => [what, path, headers] as const)))(
    'with %s does not reach %s',
    async (_, path, headers) => {
      const answer = await send('GET', path, undefined, headers);

      expect(answer).toMatchObject({ status: 403, body: { __type: 'AccessDeniedException' } });
    },
  );

  test.each(['127.0.0.1', 'localhost:4599', '[::1]:4599'])('is not suspected of a request to %s', async (host) => {
    expect(await send('GET', '/_lab/status', undefined, { host })).toMatchObject({ status: 200 });
  });
});

describe('a lab', () => {
  test('that was not asked for it has no control', async () => {
    const another = await Lab.start();
    try {
      const answer = await fetch(`${another.client().endpoint}/_lab/status`);

      expect(await answer.json()).toMatchObject({ __type: 'UnknownOperationException' });
    } finally {
      await another.stop();
    }
  });

  test('cannot take the port of another, says so, and leaves nothing behind', async () => {
    await expect(Lab.start({ port })).rejects.toThrow(`port ${port} of 127.0.0.1 is in use; choose another, or 0`);
  });

  test('has a new administrator key unless it is given one', async () => {
    const another = await Lab.start();
    await another.stop();

    expect(another.client().credentials).not.toEqual(WELL_KNOWN_ADMINISTRATOR);
    expect(lab.client().credentials).toEqual(WELL_KNOWN_ADMINISTRATOR);
  });
});
