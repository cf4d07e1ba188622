import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeployedStack, Lab } from '../../lab';

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';

export interface StackFacts {
  readonly dependencies?: string[];
  readonly tags?: Record<string, string>;
  /** @default - the account and region of the lab */
  readonly environment?: string;
}

/** A cloud assembly of hand-written templates, by stack name. */
export function assemblyOf(templates: Record<string, object>, facts: Record<string, StackFacts> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'keyturn-assembly-'));
  const write = (file: string, content: object) => writeFileSync(join(directory, file), JSON.stringify(content));
  const artifacts = Object.entries(templates).map(([name, template]) => {
    const templateFile = `${name}.template.json`;
    write(templateFile, template);
    const { dependencies, tags, environment = `aws://${ACCOUNT}/${REGION}` } = facts[name] ?? {};
    return [
      name,
      { type: 'aws:cloudformation:stack', environment, dependencies, properties: { templateFile, tags } },
    ] as const;
  });
  write('manifest.json', { artifacts: Object.fromEntries(artifacts) });
  return directory;
}

/** Deploys one stack, `App`, and answers it. */
export async function deploy(lab: Lab, template: object, facts: StackFacts = {}) {
  const [stack] = await lab.deploy(assemblyOf({ App: template }, { App: facts }));
  return stack;
}

/** A role that Lambda may assume, with one policy of these statements. */
export function roleWith(...Statement: object[]) {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'reader',
      AssumeRolePolicyDocument: trusting('lambda.amazonaws.com'),
      Policies: Statement.length > 0 ? [{ PolicyName: 'Inline', PolicyDocument: { Statement } }] : undefined,
    },
  };
}

/** A function named `example` in the role `Role` of the template, from the body of its handler. */
export function inlineFunction(body: string, properties: object = {}) {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: 'example',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Code: { ZipFile: `exports.handler = async (event) => { ${body} };` },
      ...properties,
    },
  };
}

/** A secret `key`, the role `reader` with these statements, and the function `example` in that role. */
export function withFunction(body: string, ...statements: object[]) {
  const Secret = { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'key', SecretString: 'value' } };
  return { Resources: { Secret, Role: roleWith(...statements), Function: inlineFunction(body) } };
}

/** The same, with a function that rotates the secret: each step does what `steps` says for it. */
export function rotating(steps: Record<string, string>, ...statements: object[]) {
  const body = `const steps = {
    ${Object.entries(steps)
      .map(([step, code]) => `${step}: async () => { ${code} }`)
      .join(',')}
  };
  await steps[event.Step]?.();`;
  const { Secret, Role, Function } = withFunction(body, ...statements).Resources;
  const Properties = {
    FunctionName: 'example',
    Action: 'lambda:InvokeFunction',
    Principal: 'secretsmanager.amazonaws.com',
  };
  return {
    Resources: {
      Secret,
      Role,
      Function,
      Permission: { Type: 'AWS::Lambda::Permission', Properties },
      Schedule: {
        Type: 'AWS::SecretsManager::RotationSchedule',
        DependsOn: 'Permission',
        Properties: {
          SecretId: { Ref: 'Secret' },
          RotationLambdaARN: { 'Fn::GetAtt': ['Function', 'Arn'] },
          RotateImmediatelyOnUpdate: false,
        },
      },
    },
  };
}

export function trusting(Service: string) {
  return { Statement: { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' } };
}

export function allow(Action: string | string[], Resource: unknown = '*', Condition?: object) {
  return { Effect: 'Allow', Action, Resource, Condition };
}

/** Asks the lab's Secrets Manager in the name of a role, or of the administrator. */
export async function ask(
  lab: Lab,
  role: string | undefined,
  operation: string,
  input: Record<string, unknown>,
): Promise<Record<string, never>> {
  const caller = lab.identities.callerOf(lab.client(role).credentials.accessKeyId)!;
  return (await lab.secretsManager.handle(operation, input, caller)) as Record<string, never>;
}

/** What a deployment did, by logical id; twice for what was replaced. */
export function outcomes({ resources }: Pick<DeployedStack, 'resources'>): string[] {
  return resources.map(({ logicalId, outcome }) => `${logicalId} ${outcome}`);
}
