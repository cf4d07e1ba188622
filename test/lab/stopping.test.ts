import { setTimeout as sleep } from 'node:timers/promises';
import { Lab } from '../../lab';
import { allow, deploy, rotating, withFunction } from './assemblies';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

describe('a lab that has stopped', () => {
  const FOREVER = 'console.log(process.pid); await new Promise(() => setInterval(() => {}, 1000));';
  const LOGS = allow('logs:*');

  async function pidInLog(): Promise<number> {
    for (let tries = 0; tries < 1_000 && lab.runner.logs().length === 0; tries++) await sleep(5);
    return Number(lab.runner.logs()[0].text);
  }

  test('listens no more', async () => {
    const { endpoint } = lab.client();
    const answered = await fetch(endpoint, { method: 'POST' });

    await lab.stop();

    expect(answered.status).toBe(400);
    await expect(fetch(endpoint, { method: 'POST' })).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });

  test('leaves no process behind, idle or busy', async () => {
    await deploy(lab, withFunction(`if (event.idle) return process.pid; ${FOREVER}`, LOGS));
    const idle = (await lab.invoke('example', { idle: true })) as number;
    const running = lab.invoke('example').catch((error: unknown) => error);
    const other = lab.invoke('example').catch((error: unknown) => error);
    const busy = await pidInLog();

    await lab.stop();

    for (const pid of [idle, busy]) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    for (const error of [await running, await other]) expect(error).toMatchObject({ errorType: 'Runtime.ExitError' });
  });

  test('starts no process for a rotation that was running, which fails', async () => {
    await deploy(lab, rotating({ createSecret: FOREVER }, LOGS));
    const rotation = lab.rotate('key');
    const pid = await pidInLog();

    await lab.stop();

    const { outcome, attempts } = await rotation;
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(outcome).toBe('failed');
    expect(attempts[1].steps[0].error!.message).toBe('the lab has stopped: it does not run example any more');
  });

  test('may be stopped again', async () => {
    await lab.stop();

    await expect(lab.stop()).resolves.toBeUndefined();
  });
});
