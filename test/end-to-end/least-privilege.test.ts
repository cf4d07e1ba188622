import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refuseDenied } from '../../bin/demo/refuse-denied';
import { rotate } from '../../bin/demo/rotation';
import { synthesize, TOKEN, TwitterLab, withTemplate } from './twitter-lab';

type StackName = 'TwitterSecrets' | 'TwitterConsumer';

interface Removal {
  stack: StackName;
  /** Where the statements stand: a policy resource, or an inline policy of a role. */
  logicalId: string;
  inline?: number;
  statement: number;
  /** One action of a statement that has several; the statement itself when it has one. */
  action: string;
}

interface PolicyDocument {
  Statement: { Action: string | string[] }[];
}

/** Each action of each statement that the reader's and the rotation role's policies have in the templates. */
function everyAction(): Removal[] {
  return (['TwitterSecrets', 'TwitterConsumer'] as const).flatMap((stack) => {
    const template = JSON.parse(readFileSync(join(synthesize(), `${stack}.template.json`), 'utf8'));
    return Object.entries<{ Type: string; Properties: never }>(template.Resources).flatMap(([logicalId, resource]) =>
      documentsOf(resource).flatMap(([inline, document]) =>
        document.Statement.flatMap(({ Action }, statement) =>
          [Action].flat().map((action) => ({ stack, logicalId, inline, statement, action })),
        ),
      ),
    );
  });
}

function documentsOf({
  Type,
  Properties,
}: {
  Type: string;
  Properties: never;
}): [number | undefined, PolicyDocument][] {
  if (Type === 'AWS::IAM::Policy')
    return [[undefined, (Properties as { PolicyDocument: PolicyDocument }).PolicyDocument]];
  if (Type !== 'AWS::IAM::Role') return [];
  const { Policies = [] } = Properties as { Policies?: { PolicyDocument: PolicyDocument }[] };
  return Policies.map(({ PolicyDocument: document }, index) => [index, document]);
}

function without({ stack, logicalId, inline, statement, action }: Removal): string {
  return withTemplate(stack, ({ Resources }) => {
    const [, document] = documentsOf(Resources[logicalId]).find(([index]) => index === inline)!;
    const remaining = [document.Statement[statement].Action].flat().filter((each) => each !== action);
    if (remaining.length > 0) document.Statement[statement].Action = remaining;
    else document.Statement.splice(statement, 1);
  });
}

/** What the demo does: everything that the sample is for. */
async function useTheSample(directory: string): Promise<void> {
  const sample = await TwitterLab.start(directory);
  try {
    await sample.putConsumerKeys();
    await rotate(sample.lab, TOKEN);
    await rotate(sample.lab, TOKEN);
    await sample.lab.invoke(sample.consumer);
    refuseDenied(sample.lab);
  } finally {
    await sample.stop();
  }
}

describe('the policies of the sample', () => {
  test('are enough', async () => {
    await expect(useTheSample(synthesize())).resolves.toBeUndefined();
  });

  // grantRead allows it for readers that look at the dates of a secret; this one does not.
  const unused = ({ stack, action }: Removal) =>
    stack === 'TwitterConsumer' && action === 'secretsmanager:DescribeSecret';

  test.each(everyAction().filter((each) => !unused(each)))(
    'are not enough without $action of $logicalId ($stack), and the error names it',
    async (removal) => {
      await expect(useTheSample(without(removal))).rejects.toThrow(`not authorized to perform: ${removal.action}`);
    },
  );
});
