import { Command } from 'commander';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { CONTROL_PATH } from '../../lab/control';
import { DEFAULT_PORT, portNumber } from './options';

/** A command that talks to a lab which runs already. */
export function clientCommand(name: string): Command {
  return new Command(name).option(
    '--port <port>',
    `port of the lab (default: as AWS_ENDPOINT_URL_SECRETS_MANAGER says, else ${DEFAULT_PORT})`,
    portNumber,
  );
}

/** A lab that `keyturn lab` serves in another process. */
export class RunningLab {
  /** The lab that `--port` names, here or after `lab`; else that of the environment; else the one on the usual port. */
  static of(command: Command): RunningLab {
    const { port } = command.optsWithGlobals<{ port?: number }>();
    const named = port === undefined ? process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER : undefined;
    return new RunningLab(named || `http://127.0.0.1:${port ?? DEFAULT_PORT}`);
  }

  private constructor(private readonly endpoint: string) {}

  async get<T>(name: string): Promise<T> {
    return await this.ask('GET', name);
  }

  /** @throws with the lab's own words when it refuses */
  async post<T>(name: string, body: object): Promise<T> {
    return await this.ask('POST', name, JSON.stringify(body));
  }

  async delete(name: string): Promise<void> {
    await this.ask('DELETE', name);
  }

  private async ask<T>(method: string, name: string, body?: string): Promise<T> {
    const answer = parse(await this.send(method, name, body));
    if (answer === undefined) throw new Error(`${this.endpoint} answers, but is no lab of keyturn. ${CURE}`);
    const { error, __type } = answer as { error?: string; __type?: string };
    if (error !== undefined) throw new Error(error);
    if (__type !== undefined) {
      throw new Error(
        `the lab at ${this.endpoint} takes no commands. ${CURE}; one that a program starts needs \`control\``,
      );
    }
    return answer as T;
  }

  /** Not with fetch, which gives up after five minutes: a rotation with all its attempts may take longer. */
  private async send(method: string, name: string, body?: string): Promise<string> {
    const url = this.url(name);
    return await new Promise((resolve, reject) => {
      const sent = request(url, { method }, (response) => text(response).then(resolve, failed));
      const failed = ({ message, code }: NodeJS.ErrnoException) =>
        reject(new Error(`no lab answers at ${this.endpoint} (${code ?? message}). ${CURE}`));
      sent.on('error', failed).end(body);
    });
  }

  private url(name: string): URL {
    const base = URL.canParse(this.endpoint) ? new URL(this.endpoint) : undefined;
    if (base?.protocol === 'http:') return new URL(`${CONTROL_PATH}${name}`, base);
    throw new Error(
      `AWS_ENDPOINT_URL_SECRETS_MANAGER names no lab, which is at http://127.0.0.1, got ${this.endpoint}`,
    );
  }
}

const CURE = 'Start one with `keyturn lab`, or say with --port where it listens';

function parse(answer: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(answer);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}
