import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { App, Stack } from 'aws-cdk-lib';
import { putSecret } from '../../../bin/put';
import {
  type DeployedStack,
  findLeaks,
  type IssuerStandIn,
  Lab,
  type LabOptions,
  type OutsideCall,
  type RotationReport,
} from '../../../lab';
import { ApiKeyRotation, ApiKeySecret, type HttpKeyRotationProps } from '../../../lib';
import type { Beginning, Case } from './cases';

export const SECRET = 'rotated-key';
export const CREDENTIAL = 'issuer-credential';

type Resource = { Type: string; Properties: Record<string, never> };
export type Template = { Resources: Record<string, Resource> };

export interface Setting {
  /** What differs from `ApiKeyRotation.http` with the issuer, the credential and the parameters of the case. */
  readonly rotation?: (stack: Stack) => Partial<HttpKeyRotationProps>;
  /** How long a rotation waits for a new key, in seconds, in the place of what is declared: some wait for minutes. @default 0 */
  readonly settle?: number;
  /** Of the functions, in seconds. @default - as declared */
  readonly timeout?: number;
  readonly lab?: LabOptions;
  /** Changes the template after all else. */
  readonly change?: (template: Template) => void;
}

/** An app with a key that rotates, in a lab with the stand-in of its issuer. */
export class KeyLab {
  static async start(of: Case, setting: Setting = {}): Promise<KeyLab> {
    const lab = await Lab.start(setting.lab);
    try {
      const beginning = of.begin();
      await lab.add(beginning.api);
      const directory = synthesize(of, setting);
      const stacks = await lab.deploy(directory);
      const sample = new KeyLab(lab, of, beginning, stacks, directory);
      if (beginning.credential) await sample.put(CREDENTIAL, beginning.credential);
      if (beginning.value) await sample.put(SECRET, beginning.value);
      return sample;
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  readonly client: SecretsManagerClient;
  readonly api: IssuerStandIn;
  private rotations = 0;

  private constructor(
    readonly lab: Lab,
    readonly of: Case,
    readonly beginning: Beginning,
    readonly stacks: DeployedStack[],
    /** Of the cloud assembly. */
    readonly directory: string,
  ) {
    this.api = beginning.api;
    this.client = new SecretsManagerClient({ ...lab.client(), maxAttempts: 1 });
  }

  /** The function that rotates. */
  get functionName(): string {
    return this.stacks[0].resources.find(
      ({ type, path }) => type === 'AWS::Lambda::Function' && path.includes('Rotation'),
    )!.ref;
  }

  /** Rotates. A day goes by before versions without a label can have used up the quota of 100, which are kept for so long. */
  async rotate(): Promise<RotationReport> {
    if (++this.rotations % 40 === 0) await this.lab.clock.advance({ hours: 25 });
    return await this.lab.rotate(SECRET);
  }

  async put(secretId: string, value: object): Promise<void> {
    await putSecret({ client: this.client, secretId, input: JSON.stringify(value) });
  }

  /** The key under a label; undefined when no version has it, or none is in it. */
  async key(VersionStage = 'AWSCURRENT'): Promise<string | undefined> {
    return (await this.value(VersionStage))?.[this.of.fields[0]];
  }

  /** The value under a label; undefined when no version has it. */
  async value(VersionStage = 'AWSCURRENT'): Promise<Record<string, string> | undefined> {
    try {
      const { SecretString } = await this.client.send(new GetSecretValueCommand({ SecretId: SECRET, VersionStage }));
      return JSON.parse(SecretString!) as Record<string, string>;
    } catch (error) {
      if ((error as Error).name === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }

  /** Staging labels by version id, without versions that have none. */
  async labels(): Promise<Record<string, string[]>> {
    const { Versions = [] } = await this.client.send(new ListSecretVersionIdsCommand({ SecretId: SECRET }));
    return Object.fromEntries(Versions.map(({ VersionId, VersionStages }) => [VersionId, [...VersionStages!].sort()]));
  }

  /** Takes AWSPENDING off a version that was not published, as `keyturn put` says it, so that the next rotation starts afresh. */
  async giveUp(): Promise<void> {
    const isOpen = (labels: string[]) => labels.includes('AWSPENDING') && !labels.includes('AWSCURRENT');
    const [version] = Object.entries(await this.labels()).find(([, labels]) => isOpen(labels)) ?? [];
    if (version === undefined) return;
    const input = { SecretId: SECRET, VersionStage: 'AWSPENDING', RemoveFromVersionId: version };
    await this.client.send(new UpdateSecretVersionStageCommand(input));
  }

  /** Whether the issuer accepts a key now. */
  isLive(key: string | undefined): boolean {
    return this.api.live.some(({ value }) => value === key);
  }

  /** The values of all keys that the issuer accepts now. */
  get live(): string[] {
    return this.api.live.map(({ value }) => value).sort();
  }

  /** The keys that should live: that of AWSCURRENT, and that of AWSPREVIOUS where it works on. */
  async needed(): Promise<string[]> {
    const previous = this.of.oldWorksOn ? await this.key('AWSPREVIOUS') : undefined;
    return [await this.key(), previous].filter((key) => key !== undefined).sort();
  }

  /** From now on, before and after each request of a rotation: whether AWSCURRENT does not work, and how many keys live at most. */
  watch(): { moments: number; currentDead: number; mostLive: number } {
    const seen = { moments: 0, currentDead: 0, mostLive: 0 };
    this.lab.calls.intercept(async (call) => {
      seen.mostLive = Math.max(seen.mostLive, this.api.live.length);
      if (!isOfTheRotation(call)) return;
      seen.moments++;
      if (!this.isLive(await this.key())) seen.currentDead++;
    });
    return seen;
  }

  /** Every value that must stand nowhere but in secrets and requests. */
  get secretValues(): string[] {
    const { credential = {}, value = {} } = this.beginning;
    const known = this.of.fields.includes('keyid') ? Object.values(value).slice(0, 1) : Object.values(value);
    const secret = Object.entries(credential).filter(([field]) => !['tenantId', 'clientId'].includes(field));
    return [...new Set([...this.api.issued, ...known, ...secret.map(([, each]) => each)])];
  }

  /** Ends all. @throws when a value of a credential or a key stands in a log line, an error, a call or an event */
  async stop(): Promise<void> {
    try {
      const lines = this.lab.runner.logs().map(({ text }) => text);
      const told = JSON.stringify([this.lab.calls.all, this.lab.events.all]);
      const leaks = findLeaks('logs, calls and events', [...lines, told].join('\n'), this.secretValues);
      if (leaks.length > 0) throw new Error(`values leaked: ${JSON.stringify(leaks)}`);
    } finally {
      this.client.destroy();
      await this.lab.stop();
    }
  }
}

/** What the rotation function asks for: of Secrets Manager, of the issuer, and of a canary. */
export function isOfTheRotation({ caller, service }: OutsideCall): boolean {
  return service === 'secretsmanager' ? caller !== 'administrator' && !caller?.includes('Canary') : true;
}

function synthesize(of: Case, setting: Setting): string {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'keyturn-app-')), analyticsReporting: false });
  const stack = new Stack(app, 'Keys', { env: { account: '123456789012', region: 'us-east-1' } });
  const { credential: value } = of.begin();
  const credential =
    value && new ApiKeySecret(stack, 'Credential', { secretName: CREDENTIAL, fields: Object.keys(value) });
  const rotation = ApiKeyRotation.http({
    issuer: of.issuer(),
    credential,
    parameters: of.parameters,
    field: of.fields[0],
    ...setting.rotation?.(stack),
  });
  new ApiKeySecret(stack, 'Key', { secretName: SECRET, fields: [...of.fields], rotation });
  const { directory } = app.synth();
  const path = join(directory, 'Keys.template.json');
  const template = JSON.parse(readFileSync(path, 'utf8')) as Template;
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type === 'AWS::Lambda::Function') changeFunction(Properties, setting);
  }
  setting.change?.(template);
  writeFileSync(path, JSON.stringify(template));
  return directory;
}

function changeFunction(properties: Record<string, unknown>, { settle = 0, timeout }: Setting): void {
  if (timeout !== undefined) properties.Timeout = timeout;
  const { Variables = {} } = (properties.Environment ?? {}) as { Variables?: Record<string, string> };
  if (!Variables.KEYTURN_ISSUER) return;
  Variables.KEYTURN_ISSUER = JSON.stringify({ ...(JSON.parse(Variables.KEYTURN_ISSUER) as object), settle });
}
