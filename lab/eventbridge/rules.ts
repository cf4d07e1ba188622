import type { Calls } from '../calls';
import type { Clock } from '../clock';
import type { EventPattern } from '../event-pattern';
import { type Events, type LabEvent, reachesRule, type RuleState } from '../events';
import type { InvokePermissions } from '../invoke-permissions';
import type { FunctionRunner } from '../runner';
import { accessDenied } from '../secrets-manager';
import { newUuid } from '../uuid';
import type { RuleSchedule } from './rule-schedule';
import type { TargetInput } from './target-input';

/** A function that a rule invokes. */
export interface RuleTarget {
  readonly functionArn: string;
  /** What the function gets for an event. */
  readonly inputFor: TargetInput;
}

/** A rule of the default event bus, as a template made it. */
export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly state: RuleState | 'DISABLED';
  readonly schedule?: RuleSchedule;
  readonly pattern?: EventPattern;
  readonly targets: readonly RuleTarget[];
}

export interface RulesOptions {
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  readonly events: Events;
  /** Where every invocation is recorded, with its outcome: nobody waits for it. */
  readonly calls: Calls;
  readonly permissions: InvokePermissions;
  readonly runner: FunctionRunner;
}

/** A rule with the timer of its schedule. */
interface Standing {
  readonly rule: Rule;
  readonly countedFrom: Date;
  cancel(): void;
}

const SERVICE = 'events.amazonaws.com';

/**
 * The rules of EventBridge: invokes their functions at the moments of their schedules, and for the events that their patterns match. An
 * invocation that fails is not repeated, and stands among the calls as that of `events.amazonaws.com`.
 */
export class Rules {
  private readonly standing = new Map<string, Standing>();
  private readonly invocations = new Set<Promise<void>>();

  constructor(private readonly options: RulesOptions) {
    options.events.watch((event) => this.receive(event));
  }

  has(name: string): boolean {
    return this.standing.has(name);
  }

  /** Adds a rule, or changes the one of that name. A rate counts on where schedule and state stay the same. */
  put(rule: Rule): void {
    const before = this.standing.get(rule.name);
    before?.cancel();
    const same = before?.rule.state === rule.state && before.rule.schedule?.expression === rule.schedule?.expression;
    this.plan(rule, same ? before.countedFrom : this.options.clock.now());
  }

  remove(name: string): void {
    this.standing.get(name)?.cancel();
    this.standing.delete(name);
  }

  /** Resolves when no invocation runs that a rule has begun; at once when none does. */
  async ended(): Promise<void> {
    while (this.invocations.size > 0) await Promise.all(this.invocations);
  }

  /** Sets the timer for the next moment of the schedule. */
  private plan(rule: Rule, countedFrom: Date): void {
    const { clock } = this.options;
    const next = rule.state === 'DISABLED' ? undefined : rule.schedule?.next(clock.now(), countedFrom);
    const run = async (): Promise<void> => {
      // Before the functions run: at normal speed time goes on meanwhile.
      this.plan(rule, countedFrom);
      await this.invokeAll(rule, this.scheduledEvent(rule));
    };
    this.standing.set(rule.name, { rule, countedFrom, cancel: next ? clock.at(next, run) : () => {} });
  }

  /** The clock begins what an event brings about, so that it comes in its order where time is advanced. */
  private receive(event: LabEvent): void {
    const { clock } = this.options;
    for (const { rule } of this.standing.values()) {
      if (rule.pattern === undefined || rule.state === 'DISABLED') continue;
      if (reachesRule(event, rule.pattern, rule.state)) {
        clock.at(clock.now(), async () => await this.invokeAll(rule, event));
      }
    }
  }

  private scheduledEvent({ arn }: Rule): object {
    const { account, region, events } = this.options;
    return {
      version: '0',
      id: newUuid(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account,
      time: events.time(),
      region,
      resources: [arn],
      detail: {},
    };
  }

  private async invokeAll(rule: Rule, event: object): Promise<void> {
    await Promise.all(
      rule.targets.map(async ({ functionArn, inputFor }) => {
        const invocation = this.invoke(rule, functionArn, inputFor(event));
        this.invocations.add(invocation);
        await invocation.finally(() => this.invocations.delete(invocation));
      }),
    );
  }

  private async invoke(rule: Rule, functionArn: string, event: unknown): Promise<void> {
    const { account, calls, permissions, runner } = this.options;
    const name = functionArn.split(':')[6];
    const call = { service: 'lambda', operation: 'Invoke', caller: SERVICE, resource: name };
    try {
      await calls.run(call, async () => {
        if (!permissions.allows(SERVICE, functionArn, { account, arn: rule.arn })) {
          throw accessDenied(
            `${SERVICE} may not invoke ${functionArn} for ${rule.arn}: no permission of the function allows it`,
          );
        }
        await runner.invoke(name, event);
      });
    } catch {
      // The record of calls has it.
    }
  }
}
