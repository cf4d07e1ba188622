import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dependencyOrder } from './order';
import type { Template } from './template';

/** A synthesized app: what `cdk synth` writes to cdk.out. */
export interface CloudAssembly {
  /** Absolute path of the folder. */
  readonly directory: string;
  /** The stacks of the app and of all its stages, in the order in which they can be deployed. */
  readonly stacks: Stack[];
}

export interface Stack {
  /** Unique in the assembly. */
  readonly id: string;
  /** Name of the stack in CloudFormation. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly template: Template;
  /** Ids of the stacks that are deployed first. */
  readonly dependencies: string[];
  readonly tags: Record<string, string>;
  readonly assets: FileAsset[];
  /** The path of the construct that a resource comes from: `TwitterSecrets/Token/Resource`. */
  displayPath(logicalId: string): string | undefined;
}

/** A file or folder that a stack ships. One that is made by a command at publish time is not listed. */
export interface FileAsset {
  /** Its key in the bucket for assets, as a template's S3Key says it. */
  readonly objectKey: string;
  /** Absolute path of the file or folder. */
  readonly path: string;
}

export interface ReadAssemblyOptions {
  /** Account of stacks that name none, 12 digits. @default '123456789012' */
  readonly account?: string;
  /** Region of stacks that name none. @default 'us-east-1' */
  readonly region?: string;
}

/** Reads a synthesized app, its stages included. Throws when the folder is none, or when a template or an asset is missing from it. */
export function readAssembly(directory: string, options: ReadAssemblyOptions = {}): CloudAssembly {
  const root = resolve(directory);
  if (!existsSync(join(root, 'manifest.json'))) throw new Error(`no cloud assembly at ${root}: run cdk synth first`);
  const stacks = new Map(stacksIn(root, options).map((stack) => [stack.id, stack]));
  const order = dependencyOrder([...stacks.keys()], (id) => stacks.get(id)!.dependencies, 'stacks');
  return { directory: root, stacks: order.map((id) => stacks.get(id)!) };
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly dependencies?: string[];
  /** What constructs say about themselves, by construct path. */
  readonly additionalMetadataFile?: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly tags?: Record<string, string>;
    /** Of a nested assembly, one for each stage. */
    readonly directoryName?: string;
    /** Of the list of assets of a stack. */
    readonly file?: string;
  };
}

type Artifacts = Record<string, Artifact>;

function stacksIn(directory: string, options: ReadAssemblyOptions): Stack[] {
  const { artifacts = {} } = readJson<{ artifacts?: Artifacts }>(join(directory, 'manifest.json'));
  return Object.entries(artifacts).flatMap(([id, { type, properties }]) => {
    if (type === 'cdk:cloud-assembly') return stacksIn(join(directory, properties!.directoryName!), options);
    return type === 'aws:cloudformation:stack' ? [readStack(id, artifacts, directory, options)] : [];
  });
}

function readStack(id: string, artifacts: Artifacts, directory: string, options: ReadAssemblyOptions): Stack {
  const { environment = '', dependencies = [], additionalMetadataFile, properties = {} } = artifacts[id];
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment) ?? [];
  const paths = additionalMetadataFile ? pathsIn(join(directory, additionalMetadataFile)) : new Map<string, string>();
  const ofType = (type: string): string[] => dependencies.filter((dependency) => artifacts[dependency]?.type === type);
  return {
    id,
    name: properties.stackName ?? id,
    account: known(account) ?? options.account ?? '123456789012',
    region: known(region) ?? options.region ?? 'us-east-1',
    template: { Resources: {}, ...readJson<Partial<Template>>(join(directory, properties.templateFile!)) },
    dependencies: ofType('aws:cloudformation:stack'),
    tags: properties.tags ?? {},
    assets: ofType('cdk:asset-manifest').flatMap((name) => assetsIn(directory, artifacts[name].properties!.file!, id)),
    displayPath: (logicalId) => paths.get(logicalId),
  };
}

/** `unknown-account` and `unknown-region` stand for a stack without an environment of its own. */
function known(name: string | undefined): string | undefined {
  return name?.startsWith('unknown-') ? undefined : name;
}

interface AssetManifest {
  readonly files?: Record<
    string,
    {
      readonly displayName?: string;
      readonly source: { readonly path?: string };
      readonly destinations: Record<string, { readonly objectKey: string }>;
    }
  >;
}

function assetsIn(directory: string, file: string, stackId: string): FileAsset[] {
  const { files = {} } = readJson<AssetManifest>(join(directory, file));
  return Object.entries(files).flatMap(([hash, { displayName = hash, source, destinations }]) => {
    if (source.path === undefined) return [];
    const path = resolve(directory, source.path);
    if (!existsSync(path))
      throw new Error(`asset ${displayName} of stack ${stackId} is missing: ${path}; run cdk synth again`);
    return Object.values(destinations).map(({ objectKey }) => ({ objectKey, path }));
  });
}

/** Construct path by logical id. */
function pathsIn(file: string): Map<string, string> {
  const metadata = readJson<Record<string, { type: string; data?: unknown }[]>>(file);
  const entries = Object.entries(metadata).flatMap(([path, facts]) =>
    facts
      .filter(({ type }) => type === 'aws:cdk:logicalId')
      .map(({ data }): [string, string] => [String(data), path.replace(/^\//, '')]),
  );
  return new Map(entries);
}

function readJson<T>(file: string): T {
  if (!existsSync(file)) throw new Error(`${file} is missing from the cloud assembly: run cdk synth again`);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (cause) {
    throw new Error(`${file} is not JSON: run cdk synth again`, { cause });
  }
}
