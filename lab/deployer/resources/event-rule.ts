import { type EventPattern, matchesPattern } from '../../event-pattern';
import type { RuleTarget } from '../../eventbridge/rules';
import { readRuleSchedule } from '../../eventbridge/rule-schedule';
import { readTargetInput } from '../../eventbridge/target-input';
import type { Made, Making, Properties, ResourceType } from '../resource-type';

const FUNCTION = /^arn:aws:lambda:[^:]+:\d{12}:function:[^:]+$/;

/** AWS::Events::Rule, on the default event bus: its targets are functions; others are listed, and get nothing. */
export const eventRule: ResourceType = {
  replacedBy: ['EventBusName', 'Name'],
  nameProperty: 'Name',
  create(properties, making) {
    const name: string = properties.Name ?? making.newName(64);
    if (making.account.rules.has(name)) throw new Error(`${name} already exists`);
    return put(name, properties, making);
  },
  update: (properties, { made }, making) => put(made.ref, properties, making),
  delete({ made }, { account }) {
    account.rules.remove(made.ref);
  },
};

function put(name: string, properties: Properties, making: Making): Made {
  const { stack, account } = making;
  const { ScheduleExpression: expression, EventPattern, EventBusName: bus = 'default', State = 'ENABLED' } = properties;
  if (expression === undefined && EventPattern === undefined) {
    throw new Error('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  }
  const arn = `arn:aws:events:${stack.region}:${stack.account}:rule/${name}`;
  const made = { ref: name, attributes: { Arn: arn } };
  if (!/(^|:event-bus\/)default$/.test(bus)) {
    making.leaveOut(`what comes to the event bus ${bus}: the lab has the default one`);
    return made;
  }
  account.rules.put({
    name,
    arn,
    state: State,
    schedule: expression === undefined ? undefined : readRuleSchedule(expression),
    pattern: EventPattern && readPattern(EventPattern, making),
    targets: (properties.Targets ?? []).flatMap((target: Properties) => readTarget(target, making)),
  });
  return made;
}

/** A pattern with a filter that the lab does not know matches nothing; whoever deploys reads why. */
function readPattern(pattern: EventPattern, { leaveOut }: Making): EventPattern | undefined {
  try {
    matchesPattern(pattern, {});
    return pattern;
  } catch (error) {
    leaveOut(`its event pattern: ${(error as Error).message}`);
    return undefined;
  }
}

function readTarget(target: Properties, { leaveOut }: Making): RuleTarget[] {
  const { Id, Arn, Input, InputPath, InputTransformer, ...others } = target;
  if (!FUNCTION.test(Arn)) {
    leaveOut(`its target ${Id}, ${Arn}`);
    return [];
  }
  for (const property of Object.keys(others)) leaveOut(`${property} of its target ${Id}`);
  try {
    return [{ functionArn: Arn, inputFor: readTargetInput({ Input, InputPath, InputTransformer }) }];
  } catch (cause) {
    throw new Error(`its target ${Id}: ${(cause as Error).message}`, { cause });
  }
}
