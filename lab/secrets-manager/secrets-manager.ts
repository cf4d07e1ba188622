import type { Calls } from '../calls';
import type { Clock } from '../clock';
import type { Events } from '../events';
import { REGIONS } from '../regions';
import { newUuid } from '../uuid';
import type { Authorize, Caller, UseKey } from './caller';
import { ServiceError } from './errors';
import { Input } from './input';
import { LEFT_OUT, OPERATIONS } from './operations';
import { Request, type Service } from './request';
import { Rotations } from './rotation';
import type { RotationFunctions, RotationReport } from './rotation-report';
import { RotationSchedule } from './rotation-schedule';
import { AWSCURRENT, type Secret } from './secret';
import { SecretStore } from './store';
import { Trail } from './trail';

export interface SecretsManagerOptions {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  /** Where every request is recorded, and where faults are made. */
  readonly calls: Calls;
  readonly events: Events;
  /** Decides requests by the policies of the caller and of the secret. */
  readonly authorize: Authorize;
  /** Decides every use of a secret's key. */
  readonly useKey: UseKey;
  readonly functions: RotationFunctions;
  /** How often a rotation is tried before it counts as failed. @default 5 */
  readonly rotationAttempts?: number;
  /** Is told of every rotation that has ended, in any Region. */
  readonly onRotation?: (report: RotationReport) => void;
}

/** The connection that a request came over. */
export interface Connection {
  /** Whether it was encrypted: `aws:SecureTransport`. */
  readonly secureTransport: boolean;
  /** The id that the answer carries, for the record of the call. */
  readonly requestId?: string;
  readonly userAgent?: string;
}

/** Secrets Manager of one account and Region, in memory, with AWS's rules for labels and tokens and AWS's error texts. */
export class SecretsManager {
  private readonly store: SecretStore;
  private readonly service: Service;
  private readonly trail: Trail;

  /** @param regions the Secrets Managers of the account's other Regions, which are made from this one */
  constructor(
    private readonly options: SecretsManagerOptions,
    private readonly regions = new Map<string, SecretsManager>(),
  ) {
    const { account, region, clock, events, functions, authorize, useKey } = options;
    this.trail = new Trail(account, region, events);
    this.store = new SecretStore(account, region, clock, this.trail);
    const { trail } = this;
    const onEnd = (secret: Secret, report: RotationReport): void => {
      schedule.rotated(secret, report.outcome);
      options.onRotation?.(report);
    };
    const attempts = options.rotationAttempts ?? 5;
    const rotations = new Rotations({ account, clock, trail, functions, attempts, onEnd });
    const schedule = new RotationSchedule(clock, rotations);
    const storeOf = (name: string): SecretStore => this.inRegion(name).store;
    this.service = { store: this.store, storeOf, rotations, schedule, authorize, useKey };
    regions.set(region, this);
  }

  /** Whether `inRegion` knows the Region. */
  hasRegion(region: string): boolean {
    return this.regions.has(region) || REGIONS.includes(region);
  }

  /**
   * Secrets Manager of another Region of the same account, with secrets of its own and replicas of these: `inRegion('eu-west-1')`.
   * @throws for what is no Region of the partition `aws`
   */
  inRegion(region: string): SecretsManager {
    if (!this.hasRegion(region)) throw new Error(`${region} is no AWS Region that the lab knows`);
    return this.regions.get(region) ?? new SecretsManager({ ...this.options, region }, this.regions);
  }

  /**
   * Runs one operation: `handle('GetSecretValue', { SecretId: 'my-secret' }, caller)`. Input and answer are what AWS JSON carries: dates
   * are numbers of seconds, bytes are base64.
   *
   * @param connection how the request came in. Without it the request is made in process, over TLS as it were, and a ClientRequestToken
   * is made where one is missing, as an SDK does
   * @throws ServiceError as AWS answers it
   */
  async handle(
    operation: string,
    input: Record<string, unknown>,
    caller: Caller,
    connection?: Connection,
  ): Promise<object> {
    const known = OPERATIONS.get(operation);
    if (!known) {
      const why = LEFT_OUT.has(operation) ? `: ${LEFT_OUT.get(operation)}` : '';
      throw new ServiceError(
        'UnknownOperationException',
        `The lab's Secrets Manager does not know ${operation}${why}.`,
      );
    }
    const withToken = known.parameters.includes('ClientRequestToken') && !connection;
    const sent = withToken ? { ClientRequestToken: newUuid(), ...input } : input;
    const members = new Input(sent);
    const { service, options } = this;
    const secure = connection?.secureTransport ?? true;
    const id = input.SecretId ?? input.Name;
    const secret = typeof id === 'string' ? this.store.find(id) : undefined;
    const resource = secret?.name ?? (typeof id === 'string' ? id : undefined);
    let outcome: object | undefined;
    try {
      return await options.calls.run({ service: 'secretsmanager', operation, caller: caller.name, resource }, () => {
        members.allow(known.parameters);
        outcome = known.run(new Request(service, operation, members, options.clock.now(), caller, secure));
        return outcome;
      });
    } catch (error) {
      if (error instanceof ServiceError) outcome = error;
      throw error;
    } finally {
      // A connection that is closed before the request is read leaves no trace; one that is closed before the answer does.
      const { parameters } = known;
      const call = { operation, parameters, input: sent, caller, connection, secretArn: secret?.arn };
      if (outcome) this.trail.call(call, outcome);
    }
  }

  /**
   * Resolves when the rotation of that secret has ended, at once when none runs: with the report of the last one.
   *
   * @param secretId name or ARN
   * @throws Error when none was ever started
   */
  async rotation(secretId: string): Promise<RotationReport> {
    const secret = this.store.find(secretId);
    const report = this.service.rotations.report(secret?.arn ?? secretId);
    if (!report) throw new Error(`no rotation of ${secretId} was started`);
    return await report;
  }

  /** Resolves when no rotation runs, in any Region; at once when none does. */
  async rotationsEnded(): Promise<void> {
    await Promise.all([...this.regions.values()].map(async ({ service }) => await service.rotations.ended()));
  }

  /** Sets tags that only AWS's own services may set: their keys begin with `aws:`. */
  setSystemTags(secretId: string, tags: Readonly<Record<string, string>>): void {
    for (const [key, value] of Object.entries(tags)) this.store.find(secretId)!.tags.set(key, value);
  }

  /** The text of a version, for the deployer, which resolves dynamic references by itself; undefined when there is none. */
  textOf(secretId: string, version: { id?: string; stage?: string } = {}): string | undefined {
    const secret = this.store.find(secretId);
    const found = version.id ? secret?.versions.get(version.id) : secret?.labelled(version.stage ?? AWSCURRENT);
    return found?.value && 'SecretString' in found.value ? found.value.SecretString : undefined;
  }
}
