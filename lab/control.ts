import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Lab } from './lab';
import type { LabDatabase } from './rds';
import { FunctionError } from './runner';
import type { RotationReport } from './secrets-manager';

/** Where the commands `keyturn lab ...` reach a lab that runs, on its own port. */
export const CONTROL_PATH = '/_lab/';

type Body = Readonly<Record<string, unknown>>;
type Answer = (lab: Lab, body: Body) => unknown;

/**
 * JSON for JSON: `GET /_lab/clock`, `POST /_lab/clock {"advance": 86400000}`. What the lab refuses is `{"error": "..."}` with status 400. The
 * port sees to it that no web page asks.
 */
export function control(lab: Lab): RequestListener {
  return (request, response) => void serve(lab, request, response);
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  'GET status': (lab) => statusOf(lab),
  'GET clock': (lab): LabClock => ({ now: lab.clock.now().toISOString(), rotations: [] }),
  'POST clock': async (lab, { set, advance, speed }): Promise<LabClock> => {
    if (set !== undefined) await lab.clock.set(new Date(String(set)));
    const rotations = advance === undefined ? [] : await lab.advance(Number(advance));
    if (speed !== undefined) lab.clock.speed(Number(speed));
    return { now: lab.clock.now().toISOString(), rotations };
  },
  'GET faults': (lab) => lab.faults.all.map(({ text, struck }) => ({ text, struck })),
  'POST faults': (lab, { fault }) => ({ text: lab.faults.add(required('fault', fault)).text }),
  'DELETE faults': (lab) => lab.faults.clear(),
  'POST rotate': async (lab, { secret }) => await lab.rotate(required('secret', secret)),
  'POST invoke': async (lab, { function: name, event }) => {
    try {
      return { returned: await lab.invoke(choose('function', required('function', name), lab.runner.names), event) };
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      return { failed: { errorType: error.errorType, errorMessage: error.message, trace: error.trace } };
    }
  },
  'POST credentials': (lab, { role }) =>
    lab.client(role === undefined ? undefined : choose('role', required('role', role), lab.identities.roleNames)),
  'GET calls': (lab) => lab.calls.all,
  'GET events': (lab) => lab.events.all,
  'GET logs': (lab) => lab.runner.logs(),
};

/** The lab's time, and the rotations that took place while it advanced. */
export interface LabClock {
  readonly now: string;
  readonly rotations: readonly RotationReport[];
}

/** What a lab has, for whoever asks how to use it. */
export interface LabStatus {
  readonly account: string;
  readonly region: string;
  readonly now: string;
  readonly functions: string[];
  readonly roles: string[];
  readonly databases: readonly LabDatabase[];
}

function statusOf({ account, region, clock, runner, identities, databases }: Lab): LabStatus {
  const now = clock.now().toISOString();
  return { account, region, now, functions: runner.names, roles: identities.roleNames, databases };
}

async function serve(lab: Lab, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { pathname } = new URL(request.url!, 'http://lab');
    const answer = ANSWERS[`${request.method} ${pathname.slice(CONTROL_PATH.length)}`];
    if (!answer)
      throw new Error(`the lab has no ${request.method} ${pathname}; is it of another version than the command?`);
    const body = request.method === 'POST' ? await bodyOf(request) : {};
    send(response, 200, (await answer(lab, body)) ?? {});
  } catch (error) {
    send(response, 400, { error: error instanceof Error ? error.message : String(error) });
  }
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const body = await json(request).catch(() => undefined);
  if (typeof body === 'object' && body !== null) return body as Body;
  throw new Error('the body of the request must be a JSON object');
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function required(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`\`${name}\` is required, as a text`);
}

/** The name itself, or the only one that begins so: CloudFormation adds random characters that nobody wants to type. */
function choose(kind: string, given: string, names: string[]): string {
  const found = names.includes(given) ? [given] : names.filter((name) => name.startsWith(given));
  if (found.length === 1) return found[0];
  const among = found.length > 1 ? `${given} fits ${found.join(', ')}` : `the lab has ${names.join(', ') || 'none'}`;
  throw new Error(`${found.length > 1 ? `more than one ${kind}` : `no ${kind} ${given}`}: ${among}`);
}
