import { InvokeCommand, type InvokeCommandInput, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { Lab } from '../../../lab';
import { allow, deploy, inlineFunction, roleWith } from '../assemblies';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:example';
const CALLER = `const { Lambda } = require('@aws-sdk/client-lambda');
  const { Payload, FunctionError } = await new Lambda({ maxAttempts: 1 }).invoke({ FunctionName: event.function });
  return [Payload.transformToString(), FunctionError];`;
const role = (RoleName: string, ...statements: object[]) => {
  const { Type, Properties } = roleWith(...statements);
  return { Type, Properties: { ...Properties, RoleName } };
};
const RESOURCES = {
  Role: roleWith(),
  Function: inlineFunction(`if (event.fail) throw new RangeError('too far');
    if (event.last) process.exit(3);
    return event.nothing ? undefined : { got: event };`),
  CallerRole: role('caller', allow('lambda:InvokeFunction', ARN)),
  Caller: inlineFunction(CALLER, {
    FunctionName: 'caller',
    Role: { 'Fn::GetAtt': ['CallerRole', 'Arn'] },
    Timeout: 20,
  }),
};

let lab: Lab;
let client: LambdaClient;
beforeAll(async () => {
  lab = await Lab.start();
  await deploy(lab, { Resources: RESOURCES });
  client = new LambdaClient({ ...lab.client(), maxAttempts: 1 });
});
beforeEach(() => void lab.calls.all.splice(0));
afterEach(() => lab.faults.clear());
afterAll(async () => await lab.stop());

async function invoke(payload: object | undefined, input: Partial<InvokeCommandInput> = {}) {
  const Payload = payload && JSON.stringify(payload);
  const answer = await client.send(new InvokeCommand({ FunctionName: 'example', Payload, ...input }));
  return { ...answer, payload: JSON.parse(answer.Payload!.transformToString()) };
}

describe('Invoke', () => {
  test.each(['example', ARN, `${ARN}:$LATEST`, '123456789012:function:example'])(
    'runs the function %s and answers what it returns',
    async (FunctionName) => {
      const answer = await invoke({ n: 1 }, { FunctionName });

      expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST', payload: { got: { n: 1 } } });
      expect(answer.FunctionError).toBeUndefined();
    },
  );

  test.each([
    [undefined, { got: {} }],
    [{ nothing: true }, null],
  ])('with the payload %j answers %j', async (payload, expected) => {
    expect((await invoke(payload)).payload).toEqual(expected);
  });

  test('answers what a function throws as a function error, with type, message and trace', async () => {
    expect(await invoke({ fail: true })).toMatchObject({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      payload: { errorType: 'RangeError', errorMessage: 'too far', trace: expect.any(Array) },
    });
  });

  test('answers the end of a process as a function error without a trace', async () => {
    const { FunctionError, payload } = await invoke({ last: true });

    expect(FunctionError).toBe('Unhandled');
    expect(payload).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('exit status 3'),
    });
  });

  test.each<[string, Partial<InvokeCommandInput>, object]>([
    [
      'a function that is not there',
      { FunctionName: 'none' },
      {
        name: 'ResourceNotFoundException',
        message: `Function not found: ${ARN.replace('example', 'none')}`,
        $metadata: { httpStatusCode: 404 },
      },
    ],
    [
      'a function elsewhere',
      { FunctionName: ARN.replace('us-east-1', 'eu-west-1') },
      { name: 'ResourceNotFoundException' },
    ],
    ['a version', { Qualifier: '7' }, { name: 'InvalidParameterValueException' }],
    ['an event to be handled later', { InvocationType: 'Event' }, { name: 'InvalidParameterValueException' }],
    ['the end of the log', { LogType: 'Tail' }, { name: 'InvalidParameterValueException' }],
    ['what is no JSON', { Payload: 'x' }, { name: 'InvalidRequestContentException' }],
  ])('refuses %s', async (_, input, expected) => {
    await expect(invoke({}, input)).rejects.toMatchObject(expected);
  });

  test('is recorded with its function', async () => {
    await invoke({});

    expect(lab.calls.all.filter(({ service }) => service === 'lambda')).toMatchObject([
      { operation: 'Invoke', caller: 'administrator', resource: 'example', outcome: 'ok' },
    ]);
  });
});

describe('a function', () => {
  test('invokes another one that its policy names, over the endpoint that AWS has', async () => {
    expect(await lab.invoke('caller', { function: 'example' })).toEqual(['{"got":{}}', null]);
    expect(lab.calls.all).toContainEqual(
      expect.objectContaining({ service: 'lambda', operation: 'Invoke', caller: 'caller', outcome: 'ok' }),
    );
  });

  test.each(['caller', 'none'])('may not invoke %s without a policy', async (name) => {
    await expect(lab.invoke('caller', { function: name })).rejects.toMatchObject({
      errorType: 'AccessDeniedException',
      message: expect.stringContaining(
        `assumed-role/caller/caller is not authorized to perform: lambda:InvokeFunction on resource: ${ARN.replace('example', name)}`,
      ),
    });
  });
});

describe('a fault', () => {
  test.each([
    ['refuse Invoke of example with ServiceException', { name: 'ServiceException' }],
    ['throttle any call to lambda', { name: 'TooManyRequestsException', $metadata: { httpStatusCode: 429 } }],
    ['drop before Invoke', { message: expect.stringMatching(/socket hang up|ECONNRESET/) }],
  ])('strikes: %s', async (text, expected) => {
    lab.faults.add(text);

    await expect(invoke({})).rejects.toMatchObject(expected);
  });
});

test('what the lab does not play of Lambda is refused by name', async () => {
  await expect(client.send(new ListFunctionsCommand({}))).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: "The lab's Lambda knows Invoke, not GET /2015-03-31/functions.",
  });
});
