import { issuerSecretTag, TAG } from '../../lib/rotation/contract';
import { Deadline } from './deadline';
import { ConfigurationError, SecretValueError } from './errors';
import { Log } from './log';
import { Redactor } from './redaction';
import { writeMetrics } from './metrics';
import { RotationEvent } from './rotation-event';
import { Credential, parseFields, SecretFields, StoredValue, textField } from './secret-fields';
import { CURRENT, PENDING, PREVIOUS, SecretDescription, SecretStore } from './secret-store';

/** More than that many are not tried: each costs a login that most likely fails. */
const MOST_ABANDONED = 3;

/** A version that is stored, by its id. */
export interface Version {
  readonly id: string;
  readonly fields: SecretFields;
  /** As they are told with the value. */
  readonly labels: readonly string[];
  readonly createdAt?: Date;
}

/**
 * One step of one rotation, as a strategy sees it: reads what it is asked for, once, and hides every value it hands out from log
 * and errors.
 */
export class Rotation {
  private described?: Promise<SecretDescription>;
  private currentValue?: Promise<StoredValue | undefined>;
  private pendingValue?: StoredValue;

  constructor(
    private readonly event: Omit<RotationEvent, 'Step'>,
    /** For the steps of the protocol, which move labels; a strategy has no need of it. */
    readonly store: SecretStore,
    readonly deadline: Deadline,
    readonly log: Log,
    private readonly redactor: Redactor,
  ) {}

  /** ARN of the secret that rotates. */
  get secretId(): string {
    return this.event.SecretId;
  }

  /** Id of the version that this rotation makes. */
  get versionId(): string {
    return this.event.ClientRequestToken;
  }

  /** Labels and tags of the secret, asked for once a step. */
  async describe(): Promise<SecretDescription> {
    return await (this.described ??= this.store.describe(this.secretId));
  }

  /** Asks for them anew: another rotation may have begun since. */
  async describeAnew(): Promise<SecretDescription> {
    this.described = undefined;
    return await this.describe();
  }

  /** The tags of the secret. */
  async tags(): Promise<SecretDescription['tags']> {
    return (await this.describe()).tags;
  }

  /**
   * The field that the app says is to be replaced, or the only one.
   * @param otherwise when the secret has several and the app names none
   * @throws ConfigurationError without that
   */
  async field(otherwise?: string): Promise<string> {
    const tags = await this.tags();
    const fields = tags[TAG.FIELDS]?.split(' ').filter((name) => name !== '') ?? [];
    const field = tags[TAG.ROTATED_FIELD] ?? (fields.length === 1 ? fields[0] : otherwise);
    if (field !== undefined) return field;
    throw new ConfigurationError(
      `${this.secretId} does not say which field is replaced: set \`field\` of its rotation, or its tag ${TAG.ROTATED_FIELD}`,
    );
  }

  /** ARNs of the secrets that the app lets this rotation read, in its order. */
  async issuerSecrets(): Promise<string[]> {
    const tags = await this.tags();
    const arns: string[] = [];
    for (let arn = tags[issuerSecretTag(0)]; arn !== undefined; arn = tags[issuerSecretTag(arns.length)])
      arns.push(arn);
    return arns;
  }

  /** The AWSCURRENT value; undefined before the first one. */
  async current(): Promise<SecretFields | undefined> {
    return this.fieldsOf(await this.readCurrent(), this.secretId, CURRENT);
  }

  /** Id of the AWSCURRENT version; undefined before the first one. */
  async currentVersionId(): Promise<string | undefined> {
    return (await this.readCurrent())?.versionId;
  }

  /** The AWSPREVIOUS value; undefined when there is none, or one that is no JSON object: no put could mend it. Asked anew at each call. */
  async previous(): Promise<SecretFields | undefined> {
    return this.usable(await this.store.read(this.secretId, PREVIOUS), PREVIOUS);
  }

  /** The value of any version, whatever labels it has; undefined when it has none, or one that is no JSON object. Asked anew at each call. */
  async version(id: string): Promise<Version | undefined> {
    const value = await this.store.read(this.secretId, undefined, id);
    const fields = this.usable(value, id);
    return fields && { id, fields, labels: value?.labels ?? [], createdAt: value?.createdAt };
  }

  /** The AWSPENDING value of this rotation's version; undefined when it has none. Asked anew at each call: it may lag behind the write. */
  async pending(): Promise<SecretFields | undefined> {
    this.pendingValue = await this.store.read(this.secretId, PENDING, this.versionId);
    return this.fieldsOf(this.pendingValue, this.secretId, PENDING);
  }

  /**
   * Whether AWSCURRENT has been put in since the pending value was made from it, or the pending value has been published once before: AWSPENDING
   * may stay behind on what a rotation has published, and comes to light by a put. To publish it would undo that put.
   */
  async isOutdated(): Promise<boolean> {
    const { createdAt: made, labels } = this.pendingValue ?? {};
    const put = (await this.readCurrent())?.createdAt;
    return labels?.includes(PREVIOUS) === true || (put !== undefined && made !== undefined && put > made);
  }

  /**
   * The values of versions that rotations have left behind since AWSCURRENT was made, the newest first, by version id. They carry no
   * label, and Secrets Manager keeps them for a day at least.
   */
  async *abandoned(): AsyncGenerator<readonly [string, SecretFields]> {
    const versions = await this.store.versions(this.secretId);
    const publishedAt = versions.find(({ labels }) => labels.includes(CURRENT))?.createdAt ?? Infinity;
    const left = versions.filter(({ labels, createdAt }) => labels.length === 0 && createdAt >= publishedAt);
    left.sort((one, other) => other.createdAt.getTime() - one.createdAt.getTime());
    for (const { id } of left.slice(0, MOST_ABANDONED)) {
      const fields = this.usable(await this.store.read(this.secretId, undefined, id), id);
      if (fields) yield [id, fields];
    }
  }

  /**
   * Stores the pending value.
   * @returns false when this rotation's version has another value already
   */
  async putPending(fields: SecretFields): Promise<boolean> {
    this.hide(fields);
    const value = JSON.stringify(fields);
    return await this.store.putPending(this.secretId, this.versionId, value, this.event.RotationToken);
  }

  /**
   * The AWSCURRENT value of another secret.
   * @throws SecretValueError when there is none, or when one of `names` is missing or empty
   */
  async credential(secretId: string, names: readonly string[]): Promise<Credential> {
    const cure = `npx keyturn put ${secretId}`;
    const fields = await this.fields(secretId, CURRENT);
    if (!fields) throw new SecretValueError(`${secretId} does not exist or has no value yet: ${cure}`);
    const missing = names.filter((name) => textField(fields, name) === undefined);
    if (missing.length > 0) {
      throw new SecretValueError(`${secretId} lacks ${missing.map((name) => `"${name}"`).join(', ')}: ${cure}`);
    }
    return { secretId, fields: fields as Record<string, string> };
  }

  /** The tags of another secret. */
  async tagsOf(secretId: string): Promise<SecretDescription['tags']> {
    return (await this.store.describe(secretId)).tags;
  }

  /** Writes metrics of the secret into the log, from where CloudWatch takes them. */
  measure(metrics: Readonly<Record<string, number>>): void {
    writeMetrics(this.secretId, metrics);
  }

  /** Keeps a value out of every log line and error of this invocation. For values that come from elsewhere than Secrets Manager. */
  hide(value: unknown): void {
    this.redactor.add(value);
  }

  private async fields(secretId: string, stage: string, versionId?: string): Promise<SecretFields | undefined> {
    return this.fieldsOf(await this.store.read(secretId, stage, versionId), secretId, stage);
  }

  private usable(value: StoredValue | undefined, stage: string): SecretFields | undefined {
    try {
      return this.fieldsOf(value, this.secretId, stage);
    } catch (error) {
      if (error instanceof SecretValueError) return undefined;
      throw error;
    }
  }

  private async readCurrent(): Promise<StoredValue | undefined> {
    return await (this.currentValue ??= this.store.read(this.secretId, CURRENT));
  }

  private fieldsOf(value: StoredValue | undefined, secretId: string, stage: string): SecretFields | undefined {
    if (!value) return undefined;
    if ('text' in value) this.hide(value.text);
    const fields = parseFields(value, secretId, stage);
    this.hide(fields);
    return fields;
  }
}
