import { FunctionError, FunctionRunner } from '../../../lab/runner';
import { functionOf } from './bundle';

let runner: FunctionRunner;
beforeEach(() => {
  runner = new FunctionRunner({ routes: () => ({}), authorityPem: '', concurrency: 2 });
});
afterEach(async () => await runner.stop());

const SLEEP = 'await new Promise((resolve) => setTimeout(resolve, 300));';
const texts = () => runner.logs().map(({ text }) => text);

async function failure(event: unknown = {}): Promise<FunctionError> {
  return await runner.invoke('example', event).then(
    () => Promise.reject(new Error('the function did not fail')),
    (error) => error,
  );
}

describe('an invocation', () => {
  test('answers what the handler returns for the event', async () => {
    runner.add(functionOf('return { got: event.word };'));

    const answer = await runner.invoke('example', { word: 'hello' });

    expect(answer).toEqual({ got: 'hello' });
  });

  test('answers null when the handler returns nothing', async () => {
    runner.add(functionOf(''));

    expect(await runner.invoke('example', {})).toBeNull();
  });

  test('gives the handler the context of Lambda', async () => {
    runner.add(functionOf('return { ...context, left: context.getRemainingTimeInMillis() };', { memoryMB: 512 }));

    const context = await runner.invoke('example', {});

    expect(context).toEqual({
      functionName: 'example',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:example',
      memoryLimitInMB: '512',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      logGroupName: '/aws/lambda/example',
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
      left: expect.any(Number),
    });
  });

  test('tells how much time is left until the time-out', async () => {
    runner.add(functionOf('return context.getRemainingTimeInMillis();', { timeoutSeconds: 7 }));

    const left = await runner.invoke('example', {});

    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(7000);
  });

  test('of an unknown function is an error that names the known ones', async () => {
    runner.add(functionOf(''));

    await expect(runner.invoke('other', {})).rejects.toThrow('no function other in the lab; it has example');
  });
});

describe('execution environments', () => {
  test('are used again when they are idle', async () => {
    runner.add(functionOf('return globalThis.calls = (globalThis.calls ?? 0) + 1;'));

    const calls = [await runner.invoke('example', {}), await runner.invoke('example', {})];

    expect(calls).toEqual([1, 2]);
  });

  test('are started for invocations at the same time', async () => {
    runner.add(functionOf(`${SLEEP} return process.pid;`));

    const pids = await Promise.all([runner.invoke('example', {}), runner.invoke('example', {})]);

    expect(new Set(pids).size).toBe(2);
  });

  test('are refused beyond the concurrency', async () => {
    runner.add(functionOf(SLEEP));
    const running = [runner.invoke('example', {}), runner.invoke('example', {})];

    const third = runner.invoke('example', {});

    await expect(third).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    await Promise.all(running);
  });

  test('give way when the function is deployed anew', async () => {
    runner.add(functionOf('return "old";'));
    await runner.invoke('example', {});
    runner.add(functionOf('return "new";'));

    expect(await runner.invoke('example', {})).toBe('new');
  });

  test('end with the runner, with all that they started', async () => {
    runner.add(
      functionOf('require("child_process").spawn("/bin/sleep", ["600"], { stdio: "inherit" }); return process.pid;'),
    );
    const pid = (await runner.invoke('example', {})) as number;

    await runner.stop(); // waits for the end of its output, which the started process holds too

    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});

test('nothing is started once the runner has stopped', async () => {
  runner.add(functionOf(''));
  await runner.stop();

  await expect(runner.invoke('example', {})).rejects.toThrow('the lab has stopped: it does not run example any more');
});

describe('a failure', () => {
  test('has type, message and trace of the thrown error', async () => {
    runner.add(functionOf('throw new RangeError("too far");'));

    const error = await failure();

    expect(error).toBeInstanceOf(FunctionError);
    expect(error).toMatchObject({ errorType: 'RangeError', message: 'too far' });
    expect(error.trace.join('\n')).toContain('index.js');
  });

  test('stands in the log with its properties', async () => {
    runner.add(functionOf('throw Object.assign(new Error("no"), { code: "E1" });'));

    await failure();

    expect(texts()).toEqual([
      expect.stringMatching(/\tERROR\tInvoke Error\t\{"errorType":"Error","errorMessage":"no",.*"code":"E1"/),
    ]);
  });

  test('leaves the environment as it is', async () => {
    runner.add(functionOf('if (event.fail) throw new Error("no"); return process.pid;'));
    const pid = await runner.invoke('example', {});
    await failure({ fail: true });

    expect(await runner.invoke('example', {})).toBe(pid);
  });

  test.each([
    ['an uncaught exception', 'setImmediate(() => { throw new TypeError("later"); });', 'TypeError', 'later'],
    ['a rejection that nobody handles', 'Promise.reject("why");', 'Runtime.UnhandledPromiseRejection', 'why'],
  ])('by %s ends the environment', async (_name, code, errorType, message) => {
    runner.add(functionOf(`if (event.ok) return "fine"; ${code} ${SLEEP}`));

    expect(await failure()).toMatchObject({ errorType, message });
    expect(await runner.invoke('example', { ok: true })).toBe('fine');
  });

  test('is a time-out when the handler takes longer than it may', async () => {
    runner.add(
      functionOf('console.log("begun"); await new Promise(() => setInterval(() => {}, 9));', { timeoutSeconds: 0.5 }),
    );

    const error = await failure();

    expect(error.errorType).toBe('Sandbox.Timedout');
    expect(error.message).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z [0-9a-f-]{36} Task timed out after 0\.50 seconds$/);
    expect(texts()).toEqual(['begun', error.message]);
  });

  test('is a time-out also when the handler never lets go of the processor', async () => {
    runner.add(functionOf('for (;;);', { timeoutSeconds: 0.5 }));

    expect(await failure()).toMatchObject({ errorType: 'Sandbox.Timedout' });
  });

  test.each([
    ['exits', 'process.exit(3);', 'Runtime exited with error: exit status 3'],
    ['exits without an error', 'process.exit(0);', 'Runtime exited without providing a reason'],
    ['waits for what can never come', 'await new Promise(() => {});', 'Runtime exited with error: exit status 13'],
  ])('says so when the function %s', async (_name, code, reason) => {
    runner.add(functionOf(code));

    const error = await failure();

    expect(error.errorType).toBe('Runtime.ExitError');
    expect(error.message).toMatch(new RegExp(`^RequestId: [0-9a-f-]{36} Error: ${reason}$`));
  });
});

describe('kill', () => {
  test('ends running invocations with Runtime.ExitError', async () => {
    runner.add(functionOf('console.log("begun"); await new Promise(() => setInterval(() => {}, 9));'));
    const running = [failure(), failure()];
    while (texts().length < 2) await new Promise((resolve) => setImmediate(resolve));

    runner.kill('example');

    const message = expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: signal: killed$/);
    const killed = { errorType: 'Runtime.ExitError', message };
    expect(await Promise.all(running)).toEqual([expect.objectContaining(killed), expect.objectContaining(killed)]);
  });

  test('ends idle environments, and the next invocation starts another', async () => {
    runner.add(functionOf('return process.pid;'));
    const pid = await runner.invoke('example', {});

    runner.kill('example');

    expect(await runner.invoke('example', {})).not.toBe(pid);
  });
});

describe('logs', () => {
  test('hold every line of an invocation when it ends, with its function, request and time', async () => {
    runner.add(functionOf('console.log("one\\ntwo"); process.stderr.write("three\\n"); return context.awsRequestId;'));

    const requestId = await runner.invoke('example', {});

    const line = { functionName: 'example', requestId, at: expect.any(Date) };
    expect(runner.logs()).toHaveLength(3);
    expect(runner.logs()).toEqual(expect.arrayContaining(['one', 'two', 'three'].map((text) => ({ ...line, text }))));
  });

  test('can be asked for one function', async () => {
    for (const name of ['first', 'second']) {
      runner.add(functionOf(`console.log("I am ${name}");`, { name }));
      await runner.invoke(name, {});
    }

    expect(runner.logs('second').map(({ text }) => text)).toEqual(['I am second']);
  });
});
