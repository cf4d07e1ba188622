// Runs in the child process, as it is, and imports nothing of ours: loads the function and calls it, as Lambda's runtime for Node.js 24
// does. TypeScript whose types Node can strip; built-in modules come by getBuiltinModule, so that nothing says CommonJS or ESM.

/** From the runner: run the function once. */
export interface Invocation {
  readonly requestId: string;
  readonly arn: string;
  readonly event: unknown;
  /** Milliseconds since 1970. */
  readonly deadline: number;
}

/** To the runner. */
export type Reply =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'returned'; readonly json: string }
  | {
      readonly kind: 'failed';
      readonly errorType: string;
      readonly errorMessage: string;
      readonly trace: string[];
      /** The process ends after it. */
      readonly fatal: boolean;
    };

type Handler = (event: unknown, context: object) => unknown;

const { existsSync } = process.getBuiltinModule('node:fs');
const { registerHooks } = process.getBuiltinModule('node:module');
const { basename, delimiter, dirname, join } = process.getBuiltinModule('node:path');
const { pathToFileURL } = process.getBuiltinModule('node:url');

const { env } = process;
const channel = process.channel!;
const sendToRunner = process.send!.bind(process);
// Lambda's process has no channel: libraries that look for one must not find it.
delete process.send;

let requestId: string | undefined;

/** An error of Lambda's runtime, under the name that Lambda reports. */
function runtimeError(name: string, message: string, stack?: string): Error {
  const error = new Error(message);
  error.name = `Runtime.${name}`;
  if (stack) error.stack = stack;
  return error;
}

function describe(error: unknown): { errorType: string; errorMessage: string; trace: string[] } {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}

/** The line that Lambda writes for an error: with all its enumerable properties, whatever these hold. */
function logError(label: string, error: unknown): void {
  const { errorType, errorMessage, trace: stack } = describe(error);
  const known = { errorType, errorMessage, stack };
  const own = error instanceof Error ? { ...error } : {};
  let json: string;
  try {
    json = JSON.stringify({ ...known, ...own });
  } catch {
    json = JSON.stringify(known); // a property that is no JSON
  }
  console.error(`${new Date().toISOString()}\t${requestId ?? 'undefined'}\tERROR\t${label}\t${json}`);
}

function reply(answer: Reply, then?: () => void): void {
  sendToRunner(answer, undefined, undefined, then);
}

/** Tells the runner and ends the process, as Lambda does after what leaves it in an unknown state. */
function fail(label: string, error: unknown, exitCode: number): void {
  logError(label, error);
  reply({ kind: 'failed', ...describe(error), fatal: true }, () => process.exit(exitCode));
}

/** Lambda lets `import` look into NODE_PATH too, where the AWS SDK lies; Node does that for `require` only. */
function importFromNodePath(): void {
  const folders = (env.NODE_PATH ?? '').split(delimiter).filter((folder) => basename(folder) === 'node_modules');
  registerHooks({
    resolve(specifier, context, nextResolve) {
      try {
        return nextResolve(specifier, context);
      } catch (error) {
        if (/^(\.|\/|file:|node:)/.test(specifier)) throw error;
        for (const folder of folders) {
          try {
            return nextResolve(specifier, { ...context, parentURL: pathToFileURL(join(dirname(folder), '-')).href });
          } catch {
            // Not in this folder.
          }
        }
        throw error;
      }
    },
  });
}

async function importModule(path: string): Promise<Record<string, unknown>> {
  const file = ['.js', '.mjs', '.cjs'].map((extension) => path + extension).find((candidate) => existsSync(candidate));
  if (!file) throw runtimeError('ImportModuleError', `Error: Cannot find module '${basename(path)}'`);
  try {
    const namespace = await import(pathToFileURL(file).href);
    return namespace['module.exports'] ?? namespace; // the former is there for CommonJS
  } catch (error) {
    const { code, stack } = error as NodeJS.ErrnoException;
    if (error instanceof SyntaxError) throw runtimeError('UserCodeSyntaxError', String(error), stack);
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
      throw runtimeError('ImportModuleError', String(error));
    }
    throw error;
  }
}

/** `folder/file.name.nested`: the file ends at the first dot of the last part. */
async function loadHandler(name: string): Promise<Handler> {
  const [, file, names] = /^([^.]*)\.(.+)$/.exec(basename(name)) ?? [];
  if (!file || name.includes('..')) throw runtimeError('MalformedHandlerName', `'${name}' is not a valid handler name`);
  const exported = await importModule(join(env.LAMBDA_TASK_ROOT!, dirname(name), file));
  const handler = names
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], exported);
  if (handler === undefined) throw runtimeError('HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof handler !== 'function') throw runtimeError('HandlerNotFound', `${name} is not a function`);
  if (handler.length < 3) return handler as Handler;
  throw runtimeError(
    'CallbackHandlerDeprecated',
    'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.',
  );
}

function contextOf({ arn, deadline }: Invocation): object {
  return {
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: arn,
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

async function run(handler: Handler, invocation: Invocation): Promise<void> {
  requestId = invocation.requestId;
  channel.unref(); // so that a promise that nothing can settle any more ends the process, see beforeExit
  let answer: Reply;
  try {
    const result = await handler(invocation.event, contextOf(invocation));
    answer = { kind: 'returned', json: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    logError('Invoke Error', error);
    answer = { kind: 'failed', ...describe(error), fatal: false };
  }
  channel.ref();
  reply(answer);
}

process.on('uncaughtException', (error) => fail('Uncaught Exception', error, 129));
process.on('unhandledRejection', (reason) =>
  fail('Unhandled Promise Rejection', runtimeError('UnhandledPromiseRejection', String(reason)), 128),
);
// Nothing is left to do and the handler has not returned: Node's own code for a promise that was never settled.
process.on('beforeExit', () => process.exit(13));
process.on('disconnect', () => process.exit());

importFromNodePath();
loadHandler(env._HANDLER!).then(
  (handler) => {
    process.on('message', (invocation) => void run(handler, invocation as Invocation));
    reply({ kind: 'loaded' });
  },
  (error) => fail('Uncaught Exception', error, 1),
);
