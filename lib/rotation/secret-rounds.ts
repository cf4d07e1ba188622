import { Duration, Lazy } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/**
 * How many secrets one input names: it may have 8,192 characters, and an ARN has up to 584, as a name has up to 512. How
 * long those are that CloudFormation makes is not known at synth.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html
 */
const MOST_ENTRIES = 12;

/**
 * The most targets of a rule.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
const MOST_TARGETS = 5;

/** Settings of `SecretRounds`. */
export interface SecretRoundsProps<Entry> {
  /** What is called. */
  readonly function: lambda.IFunction;
  /** How often: whole minutes. */
  readonly every: Duration;
  readonly description: string;
  /** What it is called with. */
  readonly input: (entries: Entry[]) => Record<string, unknown>;
}

/** Calls a function regularly for some secrets: by one rule for 60 of them, and in a few calls. */
export class SecretRounds<Entry> extends Construct {
  private readonly entries: Entry[] = [];
  private readonly rules: events.CfnRule[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: SecretRoundsProps<Entry>,
  ) {
    super(scope, id);
  }

  public add(entry: Entry): void {
    const fullRules = this.rules.length * MOST_TARGETS * MOST_ENTRIES;
    if (this.entries.push(entry) > fullRules) this.addRule();
  }

  private addRule(): void {
    const number = this.rules.length;
    const rule = new events.CfnRule(this, number === 0 ? 'Rule' : `Rule${number + 1}`, {
      description: this.props.description,
      scheduleExpression: events.Schedule.rate(this.props.every).expressionString,
      targets: Lazy.any({ produce: () => this.targetsOf(number) }),
    });
    this.rules.push(rule);
    new lambda.CfnPermission(this, number === 0 ? 'Invocation' : `Invocation${number + 1}`, {
      action: 'lambda:InvokeFunction',
      functionName: this.props.function.functionArn,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    });
  }

  private targetsOf(rule: number): events.CfnRule.TargetProperty[] {
    const first = rule * MOST_TARGETS * MOST_ENTRIES;
    const mine = this.entries.slice(first, first + MOST_TARGETS * MOST_ENTRIES);
    const chunks = Array.from({ length: Math.ceil(mine.length / MOST_ENTRIES) }, (_, index) =>
      mine.slice(index * MOST_ENTRIES, (index + 1) * MOST_ENTRIES),
    );
    return chunks.map((entries, index) => {
      const { input, inputTemplate, inputPathsMap } = events.RuleTargetInput.fromObject(this.props.input(entries)).bind(
        this.rules[rule] as unknown as events.IRule,
      );
      return {
        id: `Secrets${index + 1}`,
        arn: this.props.function.functionArn,
        ...(inputTemplate === undefined ? { input } : { inputTransformer: { inputTemplate, inputPathsMap } }),
      };
    });
  }
}
