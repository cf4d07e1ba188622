import type { Lab } from '../../../lab';
import { inlineFunction, roleWith, trusting } from '../assemblies';

/** Says what it was invoked with, and fails when that says so. */
const SAY = `console.log('got ' + JSON.stringify(event)); if (event.fail) throw new Error('failed as asked');`;

/** A rule named `rule` with the function `example` as its target, which it may invoke. */
export function withRule(rule: object, target: object = {}) {
  const Arn = { 'Fn::GetAtt': ['Function', 'Arn'] };
  return {
    Role: logging(),
    Function: inlineFunction(SAY),
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: { Name: 'rule', Targets: [{ Id: 'one', Arn, ...target }], ...rule },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: Arn,
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: { 'Fn::GetAtt': ['Rule', 'Arn'] },
      },
    },
  };
}

/** The role of a function whose logs are kept. */
function logging() {
  const { Type, Properties } = roleWith({ Effect: 'Allow', Action: 'logs:*', Resource: '*' });
  return { Type, Properties: { ...Properties, AssumeRolePolicyDocument: trusting('lambda.amazonaws.com') } };
}

/** What the function `example` was invoked with, in order. */
export function received(lab: Lab): Record<string, unknown>[] {
  return lab.runner.logs('example').flatMap(({ text }) => {
    const [, json] = /got (.*)$/.exec(text) ?? [];
    return json ? [JSON.parse(json)] : [];
  });
}
