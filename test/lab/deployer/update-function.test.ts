import { Lab } from '../../../lab';
import { allow, ask, deploy, inlineFunction, outcomes, roleWith } from '../assemblies';

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

const withFunction = (body: string, properties: object = {}, more: object = {}) => ({
  Resources: { Role: roleWith(), Function: inlineFunction(body, properties), ...more },
});

describe('the next invocation of a function', () => {
  test('runs its new code, in its new environment, with its new settings', async () => {
    const body = (answer: string) =>
      `return '${answer} ' + process.env.WORD + process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE;`;
    const variables = (WORD: string) => ({ Environment: { Variables: { WORD } } });
    await deploy(lab, withFunction(body('old'), variables('a')));
    const before = await lab.invoke('example');

    const second = await deploy(lab, withFunction(body('new'), { ...variables('b'), MemorySize: 256 }));

    expect(outcomes(second)).toEqual(['Role unchanged', 'Function updated']);
    expect([before, await lab.invoke('example')]).toEqual(['old a128', 'new b256']);
  });

  test('runs in the process of the one before it when nothing has changed', async () => {
    const template = withFunction('return process.pid;');
    await deploy(lab, template);
    const before = await lab.invoke('example');

    await deploy(lab, template);

    expect(await lab.invoke('example')).toBe(before);
  });

  test('is made in its new role', async () => {
    const Other = { ...roleWith(), Properties: { ...roleWith().Properties, RoleName: 'other' } };
    const body = 'return process.env.AWS_ACCESS_KEY_ID;';
    await deploy(lab, withFunction(body));

    await deploy(lab, withFunction(body, { Role: { 'Fn::GetAtt': ['Other', 'Arn'] } }, { Other }));

    const accessKeyId = (await lab.invoke('example')) as string;
    expect(lab.identities.callerOf(accessKeyId)).toMatchObject({ name: 'other' });
  });

  test('does not happen when the function wants another language now', async () => {
    await deploy(lab, withFunction('return 1;'));

    const second = await deploy(lab, withFunction('return 1;', { Runtime: 'python3.13' }));

    expect(second.leftOut).toEqual(['Function: running it: the lab runs Node.js functions, this one wants python3.13']);
    await expect(lab.invoke('example')).rejects.toThrow('no function example in the lab');
  });

  test('does not happen when the function was deleted', async () => {
    await deploy(lab, withFunction('return 1;'));
    await lab.invoke('example');

    const second = await deploy(lab, { Resources: { Role: roleWith() } });

    expect(outcomes(second)).toEqual(['Role unchanged', 'Function deleted']);
    await expect(lab.invoke('example')).rejects.toThrow('no function example in the lab');
  });
});

test('an invocation that runs when its function changes ends as it began', async () => {
  await deploy(lab, withFunction(`await new Promise((resolve) => setTimeout(resolve, 300)); return 'old';`));
  const running = lab.invoke('example');

  await deploy(lab, withFunction(`return 'new';`));

  expect(await lab.invoke('example')).toBe('new');
  expect(await running).toBe('old');
});

test('a function of another name takes the place of the old one', async () => {
  await deploy(lab, withFunction('return 1;'));

  const second = await deploy(lab, withFunction('return 1;', { FunctionName: 'renamed' }));

  expect(outcomes(second)).toEqual(['Role unchanged', 'Function replaced', 'Function deleted']);
  expect(await lab.invoke('renamed')).toBe(1);
  await expect(lab.invoke('example')).rejects.toThrow('no function example in the lab');
});

test('functions share no name', async () => {
  const Two = inlineFunction('return 2;');

  await expect(deploy(lab, withFunction('return 1;', {}, { Two }))).rejects.toThrow(
    'Two (AWS::Lambda::Function) of stack App could not be made: Function already exist: example',
  );
});

describe('a permission to invoke', () => {
  const permission = (properties: object = {}) => ({
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { Ref: 'Function' },
        Action: 'lambda:InvokeFunction',
        Principal: 'secretsmanager.amazonaws.com',
        ...properties,
      },
    },
    Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'key' } },
  });
  const rotate = async () =>
    await ask(lab, undefined, 'RotateSecret', {
      SecretId: 'key',
      RotationLambdaARN: 'arn:aws:lambda:us-east-1:123456789012:function:example',
    });
  const REFUSED = { type: 'AccessDeniedException' };

  test('changes with its template', async () => {
    await deploy(lab, withFunction('', {}, permission({ SourceAccount: '999999999999' })));
    await expect(rotate()).rejects.toMatchObject(REFUSED);

    const second = await deploy(lab, withFunction('', {}, permission()));

    expect(outcomes(second)).toEqual([
      'Role unchanged',
      'Function unchanged',
      'Permission replaced',
      'Secret unchanged',
      'Permission deleted',
    ]);
    await expect(rotate()).resolves.toMatchObject({ Name: 'key' });
  });

  test('goes when its template has it no longer', async () => {
    await deploy(lab, withFunction('', {}, permission()));
    const { Secret } = permission();

    await deploy(lab, withFunction('', {}, { Secret }));

    await expect(rotate()).rejects.toMatchObject(REFUSED);
  });

  test('stays when only the function changes', async () => {
    await deploy(lab, withFunction('return 1;', {}, permission()));

    await deploy(lab, withFunction('return 2;', {}, permission()));

    await expect(rotate()).resolves.toMatchObject({ Name: 'key' });
  });
});

describe('a log group', () => {
  const group = (properties: object = {}) => ({
    Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/lambda/example', ...properties } },
  });

  test('that goes leaves a function without the right to make one without logs', async () => {
    const Role = roleWith(allow(['logs:CreateLogStream', 'logs:PutLogEvents']));
    const Function = inlineFunction(`console.log('hello');`);
    await deploy(lab, { Resources: { Role, Function, ...group() } });
    await lab.invoke('example');

    await deploy(lab, { Resources: { Role, Function } });
    lab.runner.kill('example');
    await lab.invoke('example');

    expect(lab.runner.logs('example')).toHaveLength(1);
  });

  test('changes its retention in place', async () => {
    await deploy(lab, { Resources: group() });

    const second = await deploy(lab, { Resources: group({ RetentionInDays: 7 }) });

    expect(outcomes(second)).toEqual(['Group updated']);
  });

  test('that the function made by itself cannot be made again', async () => {
    const Role = roleWith(allow('logs:*'));
    const Function = inlineFunction(`console.log('hello');`);
    await deploy(lab, { Resources: { Role, Function } });
    await lab.invoke('example');

    await expect(deploy(lab, { Resources: { Role, Function, ...group() } })).rejects.toThrow(
      'Group (AWS::Logs::LogGroup) of stack App could not be made: The specified log group already exists: /aws/lambda/example',
    );
  });
});
