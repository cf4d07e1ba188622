import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import * as floor from 'aws-cdk-lib';
import * as floorLambda from 'aws-cdk-lib/aws-lambda';
import * as floorSecrets from 'aws-cdk-lib/aws-secretsmanager';
import * as newest from 'aws-cdk-newest';
import * as newestLambda from 'aws-cdk-newest/aws-lambda';
import * as newestSecrets from 'aws-cdk-newest/aws-secretsmanager';
import { parameterValues, readAssembly, resolve, resourceOrder, type Scope, type Stack } from '../../assembly';

// One source for both versions: the types of the newest stand for the floor's, which has everything that is used here.
type Cdk = { cdk: typeof newest; lambda: typeof newestLambda; secrets: typeof newestSecrets };
const FLOOR = { cdk: floor, lambda: floorLambda, secrets: floorSecrets } as unknown as Cdk;
const NEWEST: Cdk = { cdk: newest, lambda: newestLambda, secrets: newestSecrets };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assembly-'));
  mkdirSync(join(folder, 'code'));
  writeFileSync(join(folder, 'code', 'index.js'), 'exports.handler = async () => 1;');
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Synthesizes a secret in one stack and a function that refers to it in another; answers the assembly's folder. */
function synthesize({ cdk, lambda, secrets }: Cdk = FLOOR): string {
  const app = new cdk.App({ outdir: join(folder, 'cdk.out') });
  const scopes = [app, new cdk.Stage(app, 'Prod', { env: { account: '444455556666', region: 'eu-west-1' } })];
  for (const scope of scopes) {
    // The consumer is declared first, so that the order must come from the dependency.
    const consumer = new cdk.Stack(scope, 'Consumer', { tags: { team: 'a' } });
    const store = new cdk.Stack(scope, 'Store');
    const secret = new secrets.Secret(store, 'Token');
    new lambda.Function(consumer, 'Read', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(join(folder, 'code')),
      environment: { SECRET: secret.secretArn },
    });
  }
  return app.synth().directory;
}

const nameOf = ({ name }: Stack): string => name;
const resourceOf = ({ template }: Stack, type: string) =>
  Object.entries(template.Resources).find(([, resource]) => resource.Type === type)!;

function change(file: string, edit: (content: string) => string): void {
  writeFileSync(file, edit(readFileSync(file, 'utf8')));
}

describe.each([
  ['the oldest CDK that is supported', FLOOR],
  ['the newest CDK', NEWEST],
])('an app synthesized by %s', (_, cdk) => {
  test('gives the stacks of the app and its stages in the order of deployment', () => {
    const { stacks, directory } = readAssembly(synthesize(cdk));

    expect(directory).toBe(join(folder, 'cdk.out'));
    const names = stacks.map(nameOf);
    expect(names.toSorted()).toEqual(['Consumer', 'Prod-Consumer', 'Prod-Store', 'Store']);
    expect(names.indexOf('Store')).toBeLessThan(names.indexOf('Consumer'));
    expect(names.indexOf('Prod-Store')).toBeLessThan(names.indexOf('Prod-Consumer'));
  });

  test('gives each stack its environment, tags and dependencies', () => {
    const stacks = readAssembly(synthesize(cdk)).stacks;

    const [plain, staged] = ['Consumer', 'Prod-Consumer'].map((name) => stacks.find((stack) => stack.name === name)!);
    expect(plain).toMatchObject({ id: 'Consumer', account: '123456789012', region: 'us-east-1', tags: { team: 'a' } });
    expect(plain.dependencies).toEqual(['Store']);
    expect(staged).toMatchObject({ account: '444455556666', region: 'eu-west-1' });
    expect(staged.dependencies).toEqual([stacks.find(({ name }) => name === 'Prod-Store')!.id]);
  });

  test('leads from the code of a function to its folder', () => {
    const stacks = readAssembly(synthesize(cdk)).stacks.filter(({ name }) => name.endsWith('Consumer'));

    for (const stack of stacks) {
      const [, { Properties }] = resourceOf(stack, 'AWS::Lambda::Function');
      const { S3Key } = Properties!.Code as { S3Key: string };
      const asset = stack.assets.find(({ objectKey }) => objectKey === S3Key)!;
      expect(isAbsolute(asset.path)).toBe(true);
      expect(readdirSync(asset.path)).toEqual(['index.js']);
    }
  });

  test('names the construct of each resource', () => {
    const stacks = readAssembly(synthesize(cdk)).stacks;

    const paths = stacks
      .filter(({ name }) => name.endsWith('Store'))
      .map((stack) => stack.displayPath(resourceOf(stack, 'AWS::SecretsManager::Secret')[0]));
    expect(paths.toSorted()).toEqual(['Prod/Store/Token/Resource', 'Store/Token/Resource']);
    expect(stacks[0].displayPath('Unknown')).toBeUndefined();
  });

  test('resolves from one stack to the next', () => {
    const { stacks } = readAssembly(synthesize(cdk));
    const exported = new Map<string, unknown>();
    const scopeOf = (stack: Stack): Scope => ({
      pseudo: { ...stack, partition: 'aws', stackName: stack.name, stackId: 'id', urlSuffix: 'amazonaws.com' },
      parameters: parameterValues(stack.template),
      mappings: {},
      conditions: {},
      ref: (logicalId) => `${stack.name}.${logicalId}`,
      getAtt: (logicalId, attribute) => `${stack.name}.${logicalId}.${attribute}`,
      importValue: (name) => exported.get(name),
      stackOutput: () => undefined,
      dynamicReference: (service, reference) => `${service} ${reference}`,
    });

    const secrets = stacks.flatMap((stack) => {
      const properties = resourceOrder(stack.template).map((id) =>
        resolve(stack.template.Resources[id].Properties, scopeOf(stack)),
      ) as { Environment?: { Variables: { SECRET: string } } }[];
      for (const { Value, Export } of Object.values(stack.template.Outputs ?? {})) {
        exported.set(String(resolve(Export!.Name, scopeOf(stack))), resolve(Value, scopeOf(stack)));
      }
      return properties.flatMap((resource) => resource.Environment?.Variables.SECRET ?? []);
    });

    expect(secrets.toSorted()).toEqual([
      expect.stringMatching(/^Prod-Store\.Token\w+$/),
      expect.stringMatching(/^Store\.Token\w+$/),
    ]);
  });
});

test('an output read by the name of its stack resolves', () => {
  const app = new newest.App({ outdir: join(folder, 'cdk.out') });
  const stack = new newest.Stack(app, 'Consumer');
  new newest.CfnOutput(stack, 'Copy', { value: newest.Fn.getStackOutput('Store', 'TokenArn', 'eu-west-1') });
  const { template } = readAssembly(app.synth().directory).stacks[0];
  const scope = { stackOutput: (...asked: unknown[]) => asked.join() } as unknown as Scope;

  expect(resolve(template.Outputs!.Copy.Value, scope)).toBe('Store,TokenArn,eu-west-1');
});

test('a stack without an environment takes the account and region that are asked for', () => {
  const { stacks } = readAssembly(synthesize(), { account: '999988887777', region: 'ap-south-1' });

  expect(stacks.find(({ name }) => name === 'Store')).toMatchObject({ account: '999988887777', region: 'ap-south-1' });
  expect(stacks.find(({ name }) => name === 'Prod-Store')).toMatchObject({
    account: '444455556666',
    region: 'eu-west-1',
  });
});

test('a stack without resources has none', () => {
  const app = new floor.App({ outdir: join(folder, 'cdk.out') });
  new floor.Stack(app, 'Empty');

  expect(readAssembly(app.synth().directory).stacks[0].template.Resources).toEqual({});
});

describe('a folder that is no whole cloud assembly', () => {
  test('is an error that says to synthesize first', () => {
    expect(() => readAssembly(folder)).toThrow(`no cloud assembly at ${folder}: run cdk synth first`);
  });

  test('is an error that names the missing template', () => {
    const directory = synthesize();
    rmSync(join(directory, 'Store.template.json'));

    expect(() => readAssembly(directory)).toThrow(
      `${join(directory, 'Store.template.json')} is missing from the cloud assembly: run cdk synth again`,
    );
  });

  test('is an error that names the missing asset', () => {
    const directory = synthesize();
    const asset = readdirSync(directory).find((name) => name.startsWith('asset.'))!;
    rmSync(join(directory, asset), { recursive: true });

    expect(() => readAssembly(directory)).toThrow(
      new RegExp(`^asset Read/Code of stack \\w+ is missing: ${join(directory, asset)}; run cdk synth again$`),
    );
  });

  test('is an error that names a file which is not JSON', () => {
    const directory = synthesize();
    change(join(directory, 'manifest.json'), (content) => content.slice(0, 100));

    expect(() => readAssembly(directory)).toThrow(
      `${join(directory, 'manifest.json')} is not JSON: run cdk synth again`,
    );
  });

  test('is an error that names a circle of stacks', () => {
    const directory = synthesize();
    change(join(directory, 'manifest.json'), (content) => {
      const manifest = JSON.parse(content);
      manifest.artifacts.Store.dependencies.push('Consumer');
      return JSON.stringify(manifest);
    });

    expect(() => readAssembly(directory)).toThrow(
      'stacks depend on each other in a circle: Consumer -> Store -> Consumer',
    );
  });
});
