import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../clock';
import { newUuid } from '../uuid';
import { mayNotInvoke } from './errors';
import type { RotationFunctions, RotationReport, RotationStep } from './rotation-report';
import { AWSCURRENT, AWSPENDING, Secret } from './secret';
import type { ServiceEventName, Trail } from './trail';

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** A rotation that has not ended yet. */
interface Running {
  readonly token: string;
  cancelled: boolean;
}

export interface RotationsOptions {
  readonly account: string;
  readonly clock: Clock;
  readonly trail: Trail;
  readonly functions: RotationFunctions;
  /** How often a rotation is tried, from its first step, before it counts as failed. */
  readonly attempts: number;
  /** Is told of every rotation that has ended; not of a test alone. */
  readonly onEnd: (secret: Secret, report: RotationReport) => void;
}

/** What the service does around rotations: the pending version, the steps and their repetition, the events. */
export class Rotations {
  private readonly running = new Map<Secret, Running>();
  private readonly last = new Map<string, Promise<RotationReport>>();

  constructor(private readonly options: RotationsOptions) {}

  mayInvoke(functionArn: string, secret: Secret): boolean {
    return this.options.functions.mayInvoke(functionArn, { account: this.options.account, arn: secret.arn });
  }

  /** Starts a rotation, or starts one that has failed again. Nothing happens when it runs, or when its version is published already. */
  start(secret: Secret, token: string): void {
    if (this.running.has(secret)) return;
    if (!secret.versions.has(token)) {
      secret.addVersion({ id: token, createdAt: this.now });
      secret.attach(AWSPENDING, token);
    }
    if (secret.labelled(AWSPENDING)?.id !== token || secret.labelled(AWSCURRENT)?.id === token) return;
    this.run(secret, token, async (running) => await this.rotate(secret, token, running));
  }

  /** Starts the rotation that a schedule asks for, or the incomplete one again, and waits for its end. */
  async startDue(secret: Secret): Promise<void> {
    this.start(secret, this.incompleteToken(secret) ?? newUuid());
    await this.ended(secret);
  }

  /** Runs testSecret alone, on a pending version that holds the current value and is taken away afterwards. */
  test(secret: Secret, token: string): void {
    if (this.running.has(secret) || secret.versions.has(token)) return;
    const current = secret.labelled(AWSCURRENT);
    secret.addVersion({ id: token, createdAt: this.now, value: current?.value, keyId: current?.keyId });
    secret.attach(AWSPENDING, token);
    this.run(secret, token, async () => await this.testOnly(secret, token));
  }

  /** The token of the rotation that runs. */
  runningToken(secret: Secret): string | undefined {
    return this.running.get(secret)?.token;
  }

  /** The token of a rotation that has left AWSPENDING on a version that is not AWSCURRENT. */
  incompleteToken(secret: Secret): string | undefined {
    const pending = secret.labelled(AWSPENDING);
    return pending === secret.labelled(AWSCURRENT) ? undefined : pending?.id;
  }

  /** The rotation that runs stops before its next step. */
  cancel(secret: Secret): void {
    const running = this.running.get(secret);
    if (running) running.cancelled = true;
  }

  /** The report of the rotation that runs, or of the last one. */
  report(secretArn: string): Promise<RotationReport> | undefined {
    return this.last.get(secretArn);
  }

  /** Resolves when the rotation that runs has ended, or that of every secret; at once when none runs. */
  async ended(...secrets: Secret[]): Promise<void> {
    const running = [...this.running.keys()].filter((each) => secrets.length === 0 || secrets.includes(each));
    await Promise.all(running.map(async ({ arn }) => await this.report(arn)));
  }

  private run(secret: Secret, token: string, work: (running: Running) => Promise<RotationReport>): void {
    const running = { token, cancelled: false };
    this.running.set(secret, running);
    // RotateSecret answers before the function is called.
    const report = setImmediate()
      .then(async () => await work(running))
      .finally(() => this.running.delete(secret));
    this.last.set(secret.arn, report);
  }

  private async rotate(secret: Secret, token: string, running: Running): Promise<RotationReport> {
    const startedAt = this.now;
    const attempts: { steps: RotationStep[] }[] = [];
    const end = (
      outcome: RotationReport['outcome'],
      name: 'RotationSucceeded' | 'RotationFailed' | 'RotationAbandoned',
    ) => {
      this.record(name, secret, token, attempts.at(-1)?.steps.at(-1));
      const report = { secretArn: secret.arn, token, startedAt, outcome, attempts };
      this.options.onEnd(secret, report);
      return report;
    };
    this.record('RotationStarted', secret, token);
    for (;;) {
      if (running.cancelled || !isRotating(secret, token)) return end('abandoned', 'RotationAbandoned');
      if (attempts.length === this.options.attempts) return end('failed', 'RotationFailed');
      const steps = await this.attempt(secret, token, running);
      attempts.push({ steps });
      if (steps.length === STEPS.length && !steps.at(-1)?.error) {
        this.succeeded(secret);
        return end('succeeded', 'RotationSucceeded');
      }
    }
  }

  /** Calls the steps in order, up to the first that fails. */
  private async attempt(secret: Secret, token: string, running: Running): Promise<RotationStep[]> {
    const steps: RotationStep[] = [];
    for (const step of STEPS) {
      if (running.cancelled) return steps;
      steps.push(await this.step(secret, token, step));
      if (steps.at(-1)?.error) return steps;
    }
    if (secret.labelled(AWSCURRENT)?.id === token) return steps;
    const message = `finishSecret returned, but AWSCURRENT is not on version ${token}`;
    return [...steps.slice(0, -1), { ...steps.at(-1)!, error: { type: 'RotationIncomplete', message } }];
  }

  private async testOnly(secret: Secret, token: string): Promise<RotationReport> {
    const startedAt = this.now;
    this.record('TestRotationStarted', secret, token);
    const step = await this.step(secret, token, 'testSecret');
    secret.removeVersion(token);
    this.record(step.error ? 'TestRotationFailed' : 'TestRotationSucceeded', secret, token, step);
    const outcome = step.error ? 'failed' : 'succeeded';
    return { secretArn: secret.arn, token, startedAt, outcome, attempts: [{ steps: [step] }] };
  }

  private async step(secret: Secret, token: string, step: string): Promise<RotationStep> {
    const startedAt = this.now;
    const started = performance.now();
    const done = () => ({ step, startedAt, milliseconds: performance.now() - started });
    const event = { SecretId: secret.arn, ClientRequestToken: token, Step: step };
    try {
      const { functionArn } = secret.rotation!;
      // RotateSecret has checked it; a schedule comes upon a permission that was taken away since.
      if (!this.mayInvoke(functionArn, secret)) throw mayNotInvoke();
      await this.options.functions.invoke(functionArn, event);
      return done();
    } catch (error) {
      return { ...done(), error: describe(error) };
    }
  }

  private succeeded(secret: Secret): void {
    secret.rotation!.lastRotatedAt = this.now;
    secret.changedAt = this.now;
  }

  /** @param last the step that ended it: the message of a failure says which one that was */
  private record(name: ServiceEventName, secret: Secret, versionId: string, last?: RotationStep): void {
    const failed = name.endsWith('Failed') && last;
    const message = failed && `Error when executing lambda ${secret.rotation?.functionArn} during ${last.step} step`;
    this.options.trail.serviceEvent(name, secret.arn, versionId, message || undefined);
  }

  private get now(): Date {
    return this.options.clock.now();
  }
}

/** False once AWSPENDING was taken off the version, unless it has been published. */
function isRotating(secret: Secret, token: string): boolean {
  if (secret.deletesAt) return false;
  return [AWSPENDING, AWSCURRENT].some((label) => secret.labelled(label)?.id === token);
}

/** The error as Lambda reports it: with the `errorType` that the function's runtime gave it, where there is one. */
function describe(error: unknown): { type: string; message: string } {
  if (!(error instanceof Error)) return { type: 'Error', message: String(error) };
  return { type: (error as { errorType?: string }).errorType ?? error.name, message: error.message };
}
