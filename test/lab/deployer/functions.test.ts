import { existsSync, mkdtempSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, aws_lambda as lambda, Aws, Duration, Stack } from 'aws-cdk-lib';
import { Lab } from '../../../lab';
import { deploy, inlineFunction, roleWith } from '../assemblies';
import { folderOf } from '../runner/bundle';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

const withFunction = (body: string, properties: object = {}) => ({
  Resources: { Role: roleWith(), Function: inlineFunction(body, properties) },
});

/** An app of one stack, `App`, with what CDK makes of it. */
function synthesized(build: (stack: Stack) => void): string {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'keyturn-app-')), analyticsReporting: false });
  build(new Stack(app, 'App'));
  return app.synth().directory;
}

describe('a function', () => {
  const code = folderOf({
    'lib/main.js': `exports.handler = async (event, { functionName, memoryLimitInMB, getRemainingTimeInMillis }) => ({
      event, functionName, memoryLimitInMB, left: getRemainingTimeInMillis(), greeting: process.env.GREETING,
    });`,
  });
  const build = (stack: Stack) => {
    new lambda.Function(stack, 'Example', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'lib/main.handler',
      code: lambda.Code.fromAsset(code),
      environment: { GREETING: `hello ${Aws.REGION}` },
      memorySize: 512,
      timeout: Duration.seconds(7),
    });
  };

  test('of an app of the CDK runs with what the template says', async () => {
    const [{ resources, leftOut }] = await lab.deploy(synthesized(build));
    const { ref, path } = resources.find(({ type }) => type === 'AWS::Lambda::Function')!;

    const answer = (await lab.invoke(ref, { a: 1 })) as { left: number };

    expect(path).toBe('App/Example/Resource');
    expect(answer).toMatchObject({
      event: { a: 1 },
      functionName: ref,
      memoryLimitInMB: '512',
      greeting: 'hello us-east-1',
    });
    expect(answer.left).toBeGreaterThan(3_000);
    expect(leftOut).toEqual([]);
  });

  test('has the values of Lambda where the template says nothing', async () => {
    await deploy(lab, withFunction('return process.env;'));

    expect(await lab.invoke('example')).toMatchObject({
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/example',
    });
  });

  test('gets the variables of its environment as texts', async () => {
    const Environment = { Variables: { PORT: 5432, ON: true, STACK: { Ref: 'AWS::StackName' } } };
    await deploy(lab, withFunction('return process.env;', { Environment }));

    expect(await lab.invoke('example')).toMatchObject({ PORT: '5432', ON: 'true', STACK: 'App' });
  });

  test('of a runtime that the lab does not have is listed, and everything else is made', async () => {
    const { leftOut, resources } = await deploy(lab, withFunction('', { Runtime: 'python3.13' }));

    expect(leftOut).toEqual(['Function: running it: the lab runs Node.js functions, this one wants python3.13']);
    expect(resources.map(({ ref }) => ref)).toEqual(['reader', 'example']);
    await expect(lab.invoke('example')).rejects.toThrow('no function example in the lab; it has none');
  });

  test('in a container image is listed', async () => {
    const image = { PackageType: 'Image', Runtime: undefined, Handler: undefined, Code: { ImageUri: 'image:1' } };

    const { leftOut } = await deploy(lab, withFunction('', image));

    expect(leftOut).toEqual(['Function: running it: the lab runs Node.js functions, this one wants a container image']);
  });

  test('with layers runs without them, and they are listed', async () => {
    const { leftOut } = await deploy(lab, withFunction('return 1;', { Layers: ['arn:layer'] }));

    expect(leftOut).toEqual(['Function: its layers']);
    expect(await lab.invoke('example')).toBe(1);
  });

  test('whose code the app does not ship is an error', async () => {
    const Code = { S3Bucket: 'elsewhere', S3Key: 'function.zip' };

    await expect(deploy(lab, withFunction('', { Code }))).rejects.toThrow(
      'Function (AWS::Lambda::Function) of stack App could not be made: its code is no asset of the stack, S3Key function.zip; ' +
        'the lab runs code that the app ships itself',
    );
  });

  test('whose asset is missing from the app is an error', async () => {
    const directory = synthesized(build);
    const asset = readdirSync(directory).find((name) => name.startsWith('asset.'))!;
    renameSync(join(directory, asset), join(directory, 'lost'));

    await expect(lab.deploy(directory)).rejects.toThrow(
      `asset Example/Code of stack App is missing: ${join(directory, asset)}; run cdk synth again`,
    );
  });

  test('whose asset is an archive is an error', async () => {
    const archive = join(mkdtempSync(join(tmpdir(), 'keyturn-archive-')), 'code.zip');
    writeFileSync(archive, 'PK');
    const directory = synthesized((stack) => {
      const runtime = lambda.Runtime.NODEJS_24_X;
      new lambda.Function(stack, 'Example', { runtime, handler: 'a.b', code: lambda.Code.fromAsset(archive) });
    });

    await expect(lab.deploy(directory)).rejects.toThrow(/the code of App-Example\w+-\w+ must be a folder, got .*\.zip/);
  });
});

describe('inline code', () => {
  test('is where the function finds it, until the lab stops', async () => {
    await deploy(lab, withFunction('return __dirname;'));
    const folder = (await lab.invoke('example')) as string;
    const before = existsSync(folder);

    await lab.stop();

    expect(before).toBe(true);
    expect(existsSync(folder)).toBe(false);
  });

  test('of each function is its own', async () => {
    await deploy(lab, {
      Resources: {
        Role: roleWith(),
        One: inlineFunction('return 1;', { FunctionName: 'one' }),
        Two: inlineFunction('return 2;', { FunctionName: 'two' }),
      },
    });

    expect([await lab.invoke('one'), await lab.invoke('two')]).toEqual([1, 2]);
  });
});
