import { Lab } from '../../lab';
import { allow, deploy, inlineFunction, roleWith } from './assemblies';

const GROUP = 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/example';
const WRITE = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const LOG_GROUP = { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/lambda/example' } };

let lab: Lab;
beforeEach(async () => void (lab = await Lab.start()));
afterEach(async () => await lab.stop());

/** Runs a function that writes one line, in that role, and tells what became of the line. */
async function write(role: object, resources: object = {}, properties: object = {}): Promise<string[]> {
  const Function = inlineFunction('console.log("hello");', properties);
  await deploy(lab, { Resources: { Role: role, Function, ...resources } });
  await lab.invoke('example');
  return lab.runner.logs('example').map(({ text }) => text);
}

const asked = () => lab.calls.all.filter(({ service }) => service === 'logs');

describe('a line that a function writes is kept', () => {
  test.each<[string, unknown]>([
    ['everything', '*'],
    ['all streams of the group', `${GROUP}:*`],
    ['all streams of the group, at length', `${GROUP}:log-stream:*`],
  ])('when its role may write to %s', async (_, resource) => {
    expect(await write(roleWith(allow(WRITE, resource)), { LogGroup: LOG_GROUP })).toEqual(['hello']);
  });

  test('when its role may write to the group that the function names', async () => {
    const role = roleWith(allow(WRITE, { 'Fn::GetAtt': ['Group', 'Arn'] }));
    const LoggingConfig = { LogGroup: { Ref: 'Group' } };

    expect(await write(role, { Group: { Type: 'AWS::Logs::LogGroup' } }, { LoggingConfig })).toEqual(['hello']);
  });

  test('when its role may make the group that is not there', async () => {
    expect(await write(roleWith(allow(['logs:CreateLogGroup', ...WRITE])))).toEqual(['hello']);
    expect(asked().map(({ operation }) => operation)).toEqual(['CreateLogGroup', 'CreateLogStream', 'PutLogEvents']);
  });

  test.each(['AWSLambdaBasicExecutionRole', 'AWSLambdaVPCAccessExecutionRole'])('by %s', async (name) => {
    const role = roleWith();
    const ManagedPolicyArns = [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/service-role/' + name }];

    expect(await write({ ...role, Properties: { ...role.Properties, ManagedPolicyArns } })).toEqual(['hello']);
  });

  test('when its role may do so for now, by the clock and the region', async () => {
    const condition = {
      StringEquals: { 'aws:RequestedRegion': 'us-east-1' },
      DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' },
      Bool: { 'aws:SecureTransport': 'true' },
    };

    expect(await write(roleWith(allow(WRITE, '*', condition)), { LogGroup: LOG_GROUP })).toEqual(['hello']);
  });
});

describe('a line that a function writes is lost, and the function goes on', () => {
  test.each<[string, object, object, string]>([
    ['may not open a stream', roleWith(), { LogGroup: LOG_GROUP }, 'CreateLogStream'],
    ['may not write', roleWith(allow('logs:CreateLogStream')), { LogGroup: LOG_GROUP }, 'PutLogEvents'],
    ['may write to another group', roleWith(allow(WRITE, `${GROUP}-2:*`)), { LogGroup: LOG_GROUP }, 'CreateLogStream'],
    ['may not make the group, which is not there', roleWith(allow(WRITE)), {}, 'CreateLogGroup'],
  ])('when its role %s', async (_, role, resources, operation) => {
    expect(await write(role, resources)).toEqual([]);
    expect(asked().at(-1)).toMatchObject({
      service: 'logs',
      operation,
      caller: 'reader',
      resource: '/aws/lambda/example',
      outcome: 'AccessDeniedException',
      message: expect.stringMatching(
        new RegExp(
          `^User: arn:aws:sts::123456789012:assumed-role/reader/example is not authorized to perform: logs:${operation} on ` +
            `resource: ${GROUP}:log-stream:.* because no identity-based policy allows the logs:${operation} action$`,
        ),
      ),
    });
  });
});

test('the rights to a log are asked for once for each process', async () => {
  await write(roleWith(allow(WRITE)), { LogGroup: LOG_GROUP });
  const before = asked().length;

  await lab.invoke('example');
  lab.runner.kill('example');
  await lab.invoke('example');

  expect(asked()).toHaveLength(2 * before);
});

test('a group that Lambda has made for a function stays', async () => {
  await write(roleWith(allow(['logs:CreateLogGroup', ...WRITE])));

  lab.runner.kill('example');
  await lab.invoke('example');

  expect(asked().filter(({ operation }) => operation === 'CreateLogGroup')).toHaveLength(1);
});

test('a policy that the lab cannot decide by is an error, not a lost line', async () => {
  const role = roleWith(allow(WRITE, '*', { StringEquals: { 'aws:Moon': 'full' } }));

  await expect(write(role, { LogGroup: LOG_GROUP })).rejects.toThrow('the condition key aws:Moon is not known here');
});
