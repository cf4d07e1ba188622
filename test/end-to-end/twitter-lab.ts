import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { putSecret } from '../../bin/put';
import { twitterApp } from '../../bin/twitter/app';
import { type DeployedStack, Lab, type LabOptions, XApi } from '../../lab';

export const TOKEN = 'my-twitter-api-key';
export const CONSUMER_KEYS = 'twitter/consumer-keys';

/** Hostile on purpose: what a shell, a URL, JSON or a template could take apart. */
export const X_APP = {
  consumerKey: 'k3y+with/"quotes"&{{password}}',
  consumerSecret: 's3cret%2F\\back\\slash ${x} `tick`',
  accessToken: "12345-token;--'quoted'<html>",
  accessTokenSecret: 't0ken$ecret=ümlaut@:/?#[]',
};

type Template = { Resources: Record<string, { Type: string; Properties: never }> };

/** Synthesizes the sample once for each test file. */
export const synthesize = once(
  () => twitterApp({ outdir: mkdtempSync(join(tmpdir(), 'keyturn-app-')) }).synth().directory,
);

/** A copy of the sample's cloud assembly with one of its templates changed. */
export function withTemplate(
  stack: 'TwitterSecrets' | 'TwitterConsumer',
  change: (template: Template) => void,
): string {
  const directory = mkdtempSync(join(tmpdir(), 'keyturn-changed-'));
  cpSync(synthesize(), directory, { recursive: true });
  const path = join(directory, `${stack}.template.json`);
  const template = JSON.parse(readFileSync(path, 'utf8')) as Template;
  change(template);
  writeFileSync(path, JSON.stringify(template));
  return directory;
}

/** The Twitter sample in a lab of its own, with the stand-in for the X API. */
export class TwitterLab {
  static async start(directory = synthesize(), options: LabOptions = {}): Promise<TwitterLab> {
    const lab = await Lab.start(options);
    const x = new XApi();
    x.addApp(X_APP);
    await lab.add(x);
    try {
      return new TwitterLab(lab, x, await lab.deploy(directory));
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  readonly client: SecretsManagerClient;

  private constructor(
    readonly lab: Lab,
    readonly x: XApi,
    readonly stacks: DeployedStack[],
  ) {
    this.client = new SecretsManagerClient({ ...lab.client(), maxAttempts: 1 });
  }

  get consumer(): string {
    return this.nameOf('AWS::Lambda::Function', 'TwitterConsumer/');
  }

  get consumerRole(): string {
    return this.nameOf('AWS::IAM::Role', 'TwitterConsumer/');
  }

  get rotationFunction(): string {
    return this.nameOf('AWS::Lambda::Function', 'TwitterSecrets/');
  }

  async putConsumerKeys(): Promise<void> {
    await putSecret({ client: this.client, secretId: CONSUMER_KEYS, input: JSON.stringify(X_APP) });
  }

  /** The token that consumers get: that of AWSCURRENT. Undefined before the first rotation. */
  async currentToken(): Promise<string | undefined> {
    const { SecretString } = await this.client.send(new GetSecretValueCommand({ SecretId: TOKEN }));
    return (JSON.parse(SecretString!) as Record<string, string>).TwitterAPIKey;
  }

  /** Staging labels by version id, without versions that have none. */
  async labels(): Promise<Record<string, string[]>> {
    const { Versions = [] } = await this.client.send(new ListSecretVersionIdsCommand({ SecretId: TOKEN }));
    return Object.fromEntries(Versions.map(({ VersionId, VersionStages }) => [VersionId, [...VersionStages!].sort()]));
  }

  async stop(): Promise<void> {
    this.client.destroy();
    await this.lab.stop();
  }

  private nameOf(type: string, path: string): string {
    return this.stacks
      .flatMap(({ resources }) => resources)
      .find((each) => each.type === type && each.path.startsWith(path))!.ref;
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
