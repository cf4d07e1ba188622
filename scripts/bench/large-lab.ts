import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ClientConfig } from '../../lab';

export const SECRETS = 10_000;

/** A lab with 10,000 secrets in a process of its own, so that its memory and its core are its own as well. */
export class LargeLab {
  static async start(): Promise<LargeLab> {
    const child = fork(join(__dirname, 'large-lab-process.mjs'), [String(SECRETS)], {
      // As `keyturn lab` sets it for itself.
      execArgv: ['--optimize-for-size'],
    });
    const [client] = (await once(child, 'message')) as [ClientConfig];
    return new LargeLab(child, client);
  }

  private constructor(
    private readonly child: ChildProcess,
    readonly client: ClientConfig,
  ) {}

  /** Resident memory of its process, in MB. */
  async memory(): Promise<number> {
    this.child.send('memory');
    const [{ rss }] = (await once(this.child, 'message')) as [{ rss: number }];
    return rss / 1_000_000;
  }

  stop(): void {
    this.child.kill();
  }
}
