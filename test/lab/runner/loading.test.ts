import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FunctionRunner } from '../../../lab/runner';
import { folderOf, functionOf } from './bundle';

let runner: FunctionRunner;
beforeEach(() => {
  runner = new FunctionRunner({ routes: () => ({}), authorityPem: '' });
});
afterEach(async () => await runner.stop());

async function load(files: Record<string, string>, handler = 'index.handler'): Promise<unknown> {
  runner.add(functionOf('', { codePath: folderOf(files), handler }));
  return await runner.invoke('example', {});
}

test.each([
  ['CommonJS', { 'index.js': 'exports.handler = async () => "ran";' }],
  ['CommonJS that is named so', { 'index.cjs': 'exports.handler = async () => "ran";' }],
  ['an ES module', { 'index.mjs': 'const word = await "ran"; export const handler = async () => word;' }],
  [
    'an ES module by package.json',
    { 'index.js': 'export const handler = async () => "ran";', 'package.json': '{"type":"module"}' },
  ],
])('runs %s', async (_name, files) => {
  expect(await load(files as unknown as Record<string, string>)).toBe('ran');
});

test.each([
  ['in a folder', 'src/index.handler', { 'src/index.js': 'exports.handler = async () => "ran";' }],
  ['inside an object', 'index.api.handler', { 'index.js': 'exports.api = { handler: async () => "ran" };' }],
])('finds a handler %s', async (_name, handler, files) => {
  expect(await load(files as unknown as Record<string, string>, handler)).toBe('ran');
});

test.each([
  [
    'a CommonJS bundle',
    {
      'index.js':
        'const sdk = require("@aws-sdk/client-secrets-manager"); exports.handler = async () => typeof sdk.SecretsManagerClient;',
    },
  ],
  [
    'an ES module',
    {
      'index.mjs':
        'import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager"; export const handler = async () => typeof SecretsManagerClient;',
    },
  ],
])('%s finds the AWS SDK that it leaves out', async (_name, files) => {
  expect(await load(files as unknown as Record<string, string>)).toBe('function');
});

test.each([
  ['Runtime.ImportModuleError', 'the file is missing', {}, "Error: Cannot find module 'index'"],
  [
    'Runtime.ImportModuleError',
    'a module is missing',
    { 'index.js': 'require("no-such-module");' },
    "Cannot find module 'no-such-module'",
  ],
  [
    'Runtime.ImportModuleError',
    'an ES module is missing',
    { 'index.mjs': 'import "no-such-module";' },
    "Cannot find package 'no-such-module'",
  ],
  [
    'Runtime.UserCodeSyntaxError',
    'the code is no JavaScript',
    { 'index.js': 'const = 1;' },
    'SyntaxError: Unexpected token',
  ],
  [
    'Runtime.HandlerNotFound',
    'nothing of that name is exported',
    { 'index.js': 'exports.main = async () => 1;' },
    'index.handler is undefined or not exported',
  ],
  [
    'Runtime.HandlerNotFound',
    'it is not a function',
    { 'index.js': 'exports.handler = 1;' },
    'index.handler is not a function',
  ],
  [
    'Runtime.CallbackHandlerDeprecated',
    'the handler wants a callback',
    { 'index.js': 'exports.handler = (event, context, done) => done();' },
    'removed support for callback-based function handlers',
  ],
  ['RangeError', 'the code throws', { 'index.js': 'throw new RangeError("too far");' }, 'too far'],
])('is %s when %s', async (errorType, _name, files, message) => {
  const loading = load(files as unknown as Record<string, string>);

  await expect(loading).rejects.toMatchObject({ errorType, message: expect.stringContaining(message) });
});

test.each(['handler', '../index.handler'])('refuses the handler name %s', async (handler) => {
  const loading = load({ 'index.js': '' }, handler);

  await expect(loading).rejects.toMatchObject({ errorType: 'Runtime.MalformedHandlerName' });
});

test('is tried again at the next invocation', async () => {
  const codePath = folderOf({});
  runner.add(functionOf('', { codePath }));
  await expect(runner.invoke('example', {})).rejects.toMatchObject({ errorType: 'Runtime.ImportModuleError' });
  writeFileSync(join(codePath, 'index.js'), 'exports.handler = async () => "ran";');

  expect(await runner.invoke('example', {})).toBe('ran');
});

test('refuses code that is not a folder', () => {
  const add = () => runner.add(functionOf('', { codePath: '/no/such/folder' }));

  expect(add).toThrow('the code of example must be a folder, got /no/such/folder');
});
