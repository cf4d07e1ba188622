import { FunctionRunner } from '../../../lab/runner';
import { CREDENTIALS, functionOf } from './bundle';

let runner: FunctionRunner;
beforeEach(() => {
  const routes = () => ({ 'api.example.com:443': 1 });
  runner = new FunctionRunner({ routes, authorityPem: '-----BEGIN CERTIFICATE-----' });
});
afterEach(async () => await runner.stop());

test('are those of the template and of Lambda, and no others', async () => {
  const environment = { STAGE: 'test', NODE_OPTIONS: '--no-deprecation' };
  const definition = functionOf('return process.env;', { environment, logGroup: 'my-logs' });
  runner.add(definition);

  const found = await runner.invoke('example', {});

  expect(found).toEqual({
    STAGE: 'test',
    NODE_OPTIONS: '--no-deprecation',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: 'example',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: 'my-logs',
    AWS_LAMBDA_LOG_STREAM_NAME: expect.any(String),
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_SESSION_TOKEN: CREDENTIALS.sessionToken,
    LAMBDA_TASK_ROOT: definition.codePath,
    LAMBDA_RUNTIME_DIR: expect.any(String),
    LANG: 'en_US.UTF-8',
    NODE_PATH: expect.stringContaining('node_modules'),
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    TZ: ':UTC',
    _HANDLER: 'index.handler',
  });
});

test('of the template are what the function runs with', async () => {
  runner.add(functionOf('return process.noDeprecation;', { environment: { NODE_OPTIONS: '--no-deprecation' } }));

  expect(await runner.invoke('example', {})).toBe(true);
});

test('may replace those that Lambda does not reserve', async () => {
  runner.add(functionOf('return new Date(0).getHours();', { environment: { TZ: 'Asia/Tokyo' } }));

  expect(await runner.invoke('example', {})).toBe(9);
});

test('may not replace those that Lambda reserves', async () => {
  runner.add(functionOf('', { environment: { AWS_REGION: 'eu-west-1', STAGE: 'test' } }));

  await expect(runner.invoke('example', {})).rejects.toThrow(/reserved keys .* in this request: AWS_REGION$/);
});

test('and the rest of the process do not tell that it runs in the lab', async () => {
  runner.add(functionOf('return { argv: process.argv.slice(2), send: typeof process.send };'));

  expect(await runner.invoke('example', {})).toEqual({ argv: [], send: 'undefined' });
});

test('leave the time zone at UTC', async () => {
  runner.add(functionOf('return [new Date(0).getHours(), Intl.DateTimeFormat().resolvedOptions().timeZone];'));

  expect(await runner.invoke('example', {})).toEqual([0, 'UTC']);
});
