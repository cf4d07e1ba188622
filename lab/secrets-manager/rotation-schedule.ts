import type { Clock } from '../clock';
import type { Rotations } from './rotation';
import type { RotationReport } from './rotation-report';
import { intervalOf } from './rotation-rules';
import { midnight, momentIn, nextWindow, type RotationWindow } from './rotation-window';
import type { Secret } from './secret';

/** The rotation that a secret waits for. */
interface Plan {
  /** The midnight from which a rate counts. */
  readonly countedFrom: Date;
  /** Takes its timer back. */
  readonly cancel: () => void;
}

/** A window closes with its last second: what NextRotationDate shows. */
const SECOND = 1000;

/**
 * Rotates secrets when their schedules say so, by the lab's clock.
 *
 * A rotation that fails in a window is tried again in the next one, with its own token. A window that was missed, because the clock was set
 * past it, waits for the next one too. AWS documents neither more closely than that it tries a rotation several times.
 */
export class RotationSchedule {
  private readonly plans = new WeakMap<Secret, Plan>();

  constructor(
    private readonly clock: Clock,
    private readonly rotations: Rotations,
  ) {}

  /** Plans anew after RotateSecret: a rate in days counts from the last rotation, and from now where there was none. */
  setUp(secret: Secret): void {
    const { rules, lastRotatedAt } = secret.rotation!;
    this.countFrom(secret, intervalOf(rules)?.inHours ? this.clock.now() : (lastRotatedAt ?? this.clock.now()));
  }

  /** Plans anew when nothing may be planned any more, or may be again: rotation was cancelled, the secret deleted or restored. */
  update(secret: Secret): void {
    const { rotation } = secret;
    if (!rotation) return;
    const window = this.plan(secret);
    rotation.nextRotationAt = window && new Date(window.closes.getTime() - SECOND);
  }

  /**
   * Plans the rotation after one that has ended. After a failure NextRotationDate stays where it is, in the past before long, as AWS
   * documents it.
   */
  rotated(secret: Secret, outcome: RotationReport['outcome']): void {
    if (outcome !== 'succeeded') this.plan(secret);
    else if (intervalOf(secret.rotation?.rules)?.inHours === false) this.countFrom(secret, this.clock.now());
    else this.update(secret);
  }

  /** A value that was put by hand counts as a rotation for AutomaticallyAfterDays. */
  valueChanged(secret: Secret): void {
    const planned = this.plans.has(secret) && secret.rotation?.rules?.AutomaticallyAfterDays !== undefined;
    if (planned && this.rotations.runningToken(secret) === undefined) this.countFrom(secret, this.clock.now());
  }

  private countFrom(secret: Secret, moment: Date): void {
    this.plans.get(secret)?.cancel();
    this.plans.set(secret, { countedFrom: midnight(moment), cancel: () => {} });
    this.update(secret);
  }

  /** Sets the timer of a secret that is to be rotated for its next window. */
  private plan(secret: Secret): RotationWindow | undefined {
    const plan = this.plans.get(secret);
    if (!plan) return undefined;
    plan.cancel();
    const { countedFrom } = plan;
    const on = secret.rotation?.enabled && !secret.deletesAt;
    const window = on ? nextWindow(secret.rotation?.rules, countedFrom, this.clock.now()) : undefined;
    const next: Plan = { countedFrom, cancel: window ? this.wait(secret, window) : () => {} };
    this.plans.set(secret, next);
    return window;
  }

  private wait(secret: Secret, window: RotationWindow): () => void {
    return this.clock.at(momentIn(window, secret.arn), async () => {
      const plan = this.plans.get(secret);
      await this.rotations.ended(secret);
      // What ran until now may have been a rotation, after which this one is not due any more.
      if (this.plans.get(secret) !== plan) return;
      if (this.clock.now() >= window.closes) this.update(secret);
      else await this.rotations.startDue(secret);
    });
  }
}
