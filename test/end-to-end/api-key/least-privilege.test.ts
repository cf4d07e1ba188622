import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { refuseDenied } from '../../../bin/demo/refuse-denied';
import { canaryIn, WITH_CANARY } from './canary';
import { errorsOf } from './failed-rotation';
import { KeyLab, type Template } from './key-lab';

/** One action of a statement of a policy in the template. */
interface Removal {
  readonly logicalId: string;
  /** Of the inline policies of a role. */
  readonly inline?: number;
  readonly statement: number;
  readonly action: string;
}

interface PolicyDocument {
  Statement: { Action: string | string[] }[];
}

/** An app with all that a rotation may have: a credential, a canary, and old keys that are revoked. */
async function start(change?: (template: Template) => void): Promise<KeyLab> {
  return await KeyLab.start(WITH_CANARY, {
    rotation: (stack) => ({ canary: canaryIn(stack), revokeAfter: Duration.hours(1) }),
    lab: { rotationAttempts: 1 },
    change,
  });
}

/** Everything that the app is for. @throws at what was denied */
async function useTheApp(change?: (template: Template) => void): Promise<void> {
  const sample = await start(change);
  try {
    const errors = [...errorsOf(await sample.rotate()), ...errorsOf(await sample.rotate())];
    await sample.lab.advance({ hours: 2 });
    refuseDenied(sample.lab);
    if (errors.length > 0) throw new Error(errors.join('\n'));
  } finally {
    await sample.stop();
  }
}

let template: Template;
beforeAll(async () => {
  const sample = await start();
  template = JSON.parse(readFileSync(join(sample.directory, 'Keys.template.json'), 'utf8')) as Template;
  await sample.stop();
});

function documentsOf({ Type, Properties }: Template['Resources'][string]): [number | undefined, PolicyDocument][] {
  const { PolicyDocument, Policies = [] } = Properties as unknown as {
    PolicyDocument: PolicyDocument;
    Policies?: { PolicyDocument: PolicyDocument }[];
  };
  if (Type === 'AWS::IAM::Policy') return [[undefined, PolicyDocument]];
  return Type === 'AWS::IAM::Role' ? Policies.map((policy, index) => [index, policy.PolicyDocument]) : [];
}

function everyAction(): Removal[] {
  return Object.entries(template.Resources).flatMap(([logicalId, resource]) =>
    documentsOf(resource).flatMap(([inline, { Statement }]) =>
      Statement.flatMap(({ Action }, statement) =>
        [Action].flat().map((action) => ({ logicalId, inline, statement, action })),
      ),
    ),
  );
}

const without =
  ({ logicalId, inline, statement, action }: Removal) =>
  ({ Resources }: Template): void => {
    const [, document] = documentsOf(Resources[logicalId]).find(([index]) => index === inline)!;
    const remaining = [document.Statement[statement].Action].flat().filter((each) => each !== action);
    if (remaining.length > 0) document.Statement[statement].Action = remaining;
    else document.Statement.splice(statement, 1);
  };

test('the policies of an app are enough', async () => {
  await expect(useTheApp()).resolves.toBeUndefined();
});

test('they are not enough without any action of theirs, and the error names it', async () => {
  // grantRead allows it for readers that look at the dates of a secret; this canary does not.
  const unused = ({ logicalId, action }: Removal) =>
    logicalId.startsWith('Canary') && action === 'secretsmanager:DescribeSecret';
  const removals = everyAction().filter((removal) => !unused(removal));
  const needless: unknown[] = [];

  for (const removal of removals) {
    const error = await useTheApp(without(removal)).then(
      () => 'nothing was denied',
      (reason: Error) => reason.message,
    );
    if (!error.includes(`not authorized to perform: ${removal.action}`)) needless.push({ ...removal, error });
  }

  expect(removals.length).toBeGreaterThan(8);
  expect(needless).toEqual([]);
}, 120_000);
