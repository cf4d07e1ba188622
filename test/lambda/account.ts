import { randomUUID } from 'node:crypto';
import { Calls, Interceptor } from '../../lab/calls';
import { Clock } from '../../lab/clock';
import { Events } from '../../lab/events';
import { Caller, RotationReport, SecretsManager, SecretsManagerServer } from '../../lab/secrets-manager';
import type { InvocationContext } from '../../lambda/protocol/deadline';

export const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:rotation';
const PRINCIPAL = { kind: 'account', arn: 'arn:aws:iam::123456789012:root', account: '123456789012' } as const;
const ADMINISTRATOR: Caller = { principal: PRINCIPAL, name: 'administrator' };
const ROTATION_ROLE: Caller = { principal: PRINCIPAL, name: 'rotation' };

type Handler = (event: unknown, context: InvocationContext) => Promise<unknown>;

/** What a secret holds, as a test likes to compare it. */
export interface SecretState {
  /** Parsed values by label. */
  readonly [label: string]: Record<string, unknown> | undefined;
}

/**
 * Secrets Manager of the lab, reached by the SDK over HTTP, with a rotation handler that runs in this process. Every request is
 * allowed: what policies allow is another test's matter.
 */
export class Account {
  /** Everything written to standard output and standard error since the start. */
  readonly output: string[] = [];
  /** Milliseconds that each invocation has. */
  timeout = 30_000;
  /** Secrets Manager then calls no step: the test does. */
  stepsByHand = false;
  /** Called before each step. */
  beforeStep: (step: string) => void = () => {};
  readonly clock = new Clock();
  readonly calls = new Calls(this.clock);
  readonly secretsManager: SecretsManager;
  private readonly server: SecretsManagerServer;

  constructor(private readonly handler: Handler) {
    this.secretsManager = new SecretsManager({
      account: '123456789012',
      region: 'us-east-1',
      clock: this.clock,
      calls: this.calls,
      events: new Events(this.clock),
      authorize: () => {},
      useKey: () => {},
      functions: { mayInvoke: () => true, invoke: async (_arn, event) => await this.called(event) },
    });
    const tls = { cert: '', key: '' };
    this.server = new SecretsManagerServer({ secretsManager: this.secretsManager, callerOf: () => ROTATION_ROLE, tls });
  }

  async start(): Promise<this> {
    const { httpPort } = await this.server.start();
    process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER = `http://127.0.0.1:${httpPort}`;
    process.env.AWS_REGION = 'us-east-1';
    process.env.AWS_ACCESS_KEY_ID = 'AKIAEXAMPLE';
    process.env.AWS_SECRET_ACCESS_KEY = 'not-a-real-key';
    for (const stream of [process.stdout, process.stderr]) {
      jest.spyOn(stream, 'write').mockImplementation((text) => {
        this.output.push(String(text));
        return true;
      });
    }
    return this;
  }

  async stop(): Promise<void> {
    jest.restoreAllMocks();
    await this.server.stop();
  }

  private async called(event: object): Promise<void> {
    this.beforeStep((event as { Step: string }).Step);
    // A step that is still running keeps Secrets Manager from going on.
    await (this.stepsByHand ? new Promise(() => {}) : this.invoke(event));
  }

  /** Runs one step by hand, or asks for something else; answers what the function does. */
  async invoke(event: object): Promise<unknown> {
    return await this.handler(event, { awsRequestId: randomUUID(), getRemainingTimeInMillis: () => this.timeout });
  }

  /** Makes a secret whose rotation is set up, without one having run. Returns its ARN. */
  async createSecret(name: string, value?: string | object, tags: Record<string, string> = {}): Promise<string> {
    const answer = await this.handle('CreateSecret', {
      Name: name,
      ...(value && { SecretString: typeof value === 'string' ? value : JSON.stringify(value) }),
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    });
    return (answer as { ARN: string }).ARN;
  }

  async handle(operation: string, input: Record<string, unknown>): Promise<object> {
    return await this.secretsManager.handle(operation, input, ADMINISTRATOR);
  }

  /** Rotates as Secrets Manager does, repeats included; with `immediately: false` only testSecret runs. */
  async rotate(SecretId: string, { immediately = true } = {}): Promise<RotationReport> {
    const rules = { RotationLambdaARN: FUNCTION, RotationRules: { AutomaticallyAfterDays: 30 } };
    await this.handle('RotateSecret', { SecretId, ...rules, RotateImmediately: immediately });
    return await this.secretsManager.rotation(SecretId);
  }

  /** The values under the three labels; undefined where there is none. */
  async state(SecretId: string): Promise<SecretState> {
    const read = async (VersionStage: string) => {
      try {
        const answer = await this.handle('GetSecretValue', { SecretId, VersionStage });
        return JSON.parse((answer as { SecretString: string }).SecretString) as Record<string, unknown>;
      } catch {
        return undefined;
      }
    };
    const [AWSCURRENT, AWSPENDING, AWSPREVIOUS] = [
      await read('AWSCURRENT'),
      await read('AWSPENDING'),
      await read('AWSPREVIOUS'),
    ];
    return { AWSCURRENT, AWSPENDING, AWSPREVIOUS };
  }

  /** The labels of each version. */
  async labels(SecretId: string): Promise<Record<string, string[]>> {
    const answer = await this.handle('DescribeSecret', { SecretId });
    return (answer as { VersionIdsToStages?: Record<string, string[]> }).VersionIdsToStages ?? {};
  }

  /** The operations that the function asked for, in order. */
  get asked(): string[] {
    return this.calls.all.filter(({ caller }) => caller === ROTATION_ROLE.name).map(({ operation }) => operation);
  }

  /** Makes faults at the calls of the function. */
  intercept(interceptor: Interceptor): () => void {
    return this.calls.intercept(async (call, phase) => {
      if (call.caller === ROTATION_ROLE.name) await interceptor(call, phase);
    });
  }
}

/** The errors of a report, one per attempt. */
export function errors(report: RotationReport): (string | undefined)[] {
  return report.attempts.map(({ steps }) => steps.at(-1)?.error?.message);
}
