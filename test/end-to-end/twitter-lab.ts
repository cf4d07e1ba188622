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
import { type DeployedStack, Lab, type LabOptions, type OutsideCall, XApi } from '../../lab';

export const TOKEN = 'my-twitter-api-key';
export const CONSUMER_KEYS = 'twitter/consumer-keys';
export const ALTERNATE_CONSUMER_KEYS = 'twitter/alternate-consumer-keys';

/** Hostile on purpose: what a shell, a URL, JSON or a template could take apart. */
export const X_APP = {
  consumerKey: 'k3y+with/"quotes"&{{password}}',
  consumerSecret: 's3cret%2F\\back\\slash ${x} `tick`',
  accessToken: "12345-token;--'quoted'<html>",
  accessTokenSecret: 't0ken$ecret=ümlaut@:/?#[]',
};

/** The second app of the sample in which two take turns. */
export const ALTERNATE_X_APP = {
  consumerKey: 'alternate/k3y+&="of"{{app}}',
  consumerSecret: 'alternate%2Fs3cret\\ ${y} `tick`',
  accessToken: "67890-token;--'quoted'<html>",
  accessTokenSecret: 'alternate$ecret=ümlaut@:/?#[]',
};

type Template = { Resources: Record<string, { Type: string; Properties: never }> };

/** Synthesizes the sample once for each test file. */
export const synthesize = once(
  () => twitterApp({ outdir: mkdtempSync(join(tmpdir(), 'keyturn-app-')) }).synth().directory,
);

/** Likewise with two X apps that take turns. */
export const synthesizeZeroGap = once(
  () => twitterApp({ outdir: mkdtempSync(join(tmpdir(), 'keyturn-app-')), zeroGap: true }).synth().directory,
);

/** Everything but what the consumer and the administrator ask for. */
export function isOfTheRotation({ caller, service, operation }: OutsideCall): boolean {
  if (service === 'api.x.com') return !operation.includes('/users/');
  return service === 'secretsmanager' && caller !== 'administrator' && !caller!.startsWith('TwitterConsumer');
}

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
    x.addApp(ALTERNATE_X_APP);
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

  /** Puts the keys of the X app in, and those of the second one where the sample has two. */
  async putConsumerKeys(): Promise<void> {
    await this.put(CONSUMER_KEYS, X_APP);
    const [{ resources }] = this.stacks;
    const hasSecond = resources.some(({ path }) => path.startsWith('TwitterSecrets/AlternateConsumerKeys/'));
    if (hasSecond) await this.put(ALTERNATE_CONSUMER_KEYS, ALTERNATE_X_APP);
  }

  async put(secretId: string, value: object): Promise<void> {
    await putSecret({ client: this.client, secretId, input: JSON.stringify(value) });
  }

  /** The token that consumers get: that of AWSCURRENT. Undefined before the first rotation. */
  async currentToken(): Promise<string | undefined> {
    return await this.token('AWSCURRENT');
  }

  async token(VersionStage: string): Promise<string | undefined> {
    const { SecretString } = await this.client.send(new GetSecretValueCommand({ SecretId: TOKEN, VersionStage }));
    return (JSON.parse(SecretString!) as Record<string, string>).TwitterAPIKey;
  }

  /** Whether X lets a request with this token in. */
  accepts(token: string | undefined): boolean {
    const apps = [X_APP, ALTERNATE_X_APP];
    return token !== undefined && apps.some(({ consumerKey }) => this.x.liveToken(consumerKey) === token);
  }

  /** From now on, before and after each request of a rotation: the tokens that stood in AWSCURRENT and that X did not accept. */
  watchCurrentToken(): string[] {
    const dead: string[] = [];
    this.lab.calls.intercept(async (call) => {
      if (!isOfTheRotation(call)) return;
      const token = await this.currentToken();
      if (!this.accepts(token)) dead.push(token!);
    });
    return dead;
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
