import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  paginateListAccessKeys,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { findLeaks, Lab } from '../../../lab';
import { allow, deploy, inlineFunction, roleWith } from '../assemblies';
import { newKey, USER, userWith } from './users';

const ISSUER = `const iam = new (require('@aws-sdk/client-iam').IAM)({ maxAttempts: 1 });
  const { AccessKey } = await iam.createAccessKey({ UserName: event.user });
  return AccessKey.AccessKeyId;`;
const UserName = 'robot';

let lab: Lab;
let iam: IAMClient;
beforeEach(async () => {
  lab = await Lab.start();
  iam = new IAMClient({ ...lab.client(), maxAttempts: 1 });
  await deploy(lab, {
    Resources: {
      User: userWith(allow('iam:ListAccessKeys', USER)),
      Role: roleWith(allow('iam:CreateAccessKey', USER)),
      Function: inlineFunction(ISSUER),
    },
  });
});
afterEach(async () => await lab.stop());

const create = async () => (await iam.send(new CreateAccessKeyCommand({ UserName }))).AccessKey!;
const list = async () => (await iam.send(new ListAccessKeysCommand({ UserName }))).AccessKeyMetadata!;

describe('CreateAccessKey', () => {
  test('answers a key that looks like those of AWS, made at the time of the lab', async () => {
    await lab.clock.set(new Date('2027-03-01T12:00:00Z'));

    const key = await create();

    expect(key).toEqual({
      UserName,
      AccessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
      Status: 'Active',
      CreateDate: expect.any(Date),
    });
    expect(key.CreateDate!.toISOString()).toMatch(/^2027-03-01T12:00/);
  });

  test('refuses a third key', async () => {
    await create();
    await create();

    await expect(create()).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for AccessKeysPerUser: 2',
      $metadata: { httpStatusCode: 409 },
    });
  });
});

test('ListAccessKeys tells of keys without their secrets, page by page or at once', async () => {
  const keys = [await create(), await create()];
  const expected = keys.map(({ AccessKeyId, CreateDate }) => {
    return { UserName, AccessKeyId, Status: 'Active', CreateDate };
  });

  expect(await list()).toEqual(expected);
  const paged = [];
  for await (const page of paginateListAccessKeys({ client: iam, pageSize: 1 }, { UserName })) {
    paged.push(...page.AccessKeyMetadata!);
  }
  expect(paged).toEqual(expected);
});

test('UpdateAccessKey takes a key out of use and back', async () => {
  const { AccessKeyId } = await create();

  await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: 'Inactive' }));
  expect(await list()).toMatchObject([{ Status: 'Inactive' }]);

  await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: 'Active' }));
  expect(await list()).toMatchObject([{ Status: 'Active' }]);
});

test('DeleteAccessKey makes room for another key', async () => {
  const { AccessKeyId } = await create();
  const kept = await create();

  await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
  const third = await create();

  expect((await list()).map((key) => key.AccessKeyId)).toEqual([kept.AccessKeyId, third.AccessKeyId]);
});

describe('what is not there is named', () => {
  const AccessKeyId = 'AKIAAAAAAAAAAAAAAAAA';

  test.each([
    ['CreateAccessKey', new CreateAccessKeyCommand({ UserName: 'none' })],
    ['ListAccessKeys', new ListAccessKeysCommand({ UserName: 'none' })],
    ['UpdateAccessKey', new UpdateAccessKeyCommand({ UserName: 'none', AccessKeyId, Status: 'Active' })],
    ['DeleteAccessKey', new DeleteAccessKeyCommand({ UserName: 'none', AccessKeyId })],
  ])('a user, by %s', async (_, command) => {
    await expect(iam.send(command as CreateAccessKeyCommand)).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The user with name none cannot be found.',
      $metadata: { httpStatusCode: 404 },
    });
  });

  test.each([
    ['UpdateAccessKey', new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: 'Active' })],
    ['DeleteAccessKey', new DeleteAccessKeyCommand({ UserName, AccessKeyId })],
  ])('a key, by %s', async (_, command) => {
    await expect(iam.send(command as DeleteAccessKeyCommand)).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: `The Access Key with id ${AccessKeyId} cannot be found.`,
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('an operation that the lab does not play', async () => {
    await expect(iam.send(new GetUserCommand({ UserName }))).rejects.toMatchObject({
      name: 'InvalidAction',
      message: expect.stringContaining("The lab's IAM does not know GetUser; it knows CreateAccessKey, "),
    });
  });
});

describe('a function', () => {
  test('makes keys for the user that its policy names, over the endpoint that AWS has', async () => {
    const id = await lab.invoke('example', { user: 'robot' });

    expect(lab.accessKeys.all).toMatchObject([{ userName: 'robot', accessKeyId: id, status: 'Active' }]);
    expect(lab.calls.all.filter(({ service }) => service === 'iam')).toMatchObject([
      { operation: 'CreateAccessKey', caller: 'reader', resource: 'robot', outcome: 'ok' },
    ]);
  });

  test('makes none for others, and does not learn whether they exist', async () => {
    await expect(lab.invoke('example', { user: 'other' })).rejects.toMatchObject({
      errorType: 'AccessDenied',
      message: expect.stringContaining(`iam:CreateAccessKey on resource: ${USER.replace('robot', 'other')}`),
    });
  });
});

describe('a user', () => {
  const asRobot = async () => new IAMClient({ ...lab.client(), credentials: await newKey(lab), maxAttempts: 1 });

  test('is meant where a request names none', async () => {
    const { AccessKeyMetadata } = await (await asRobot()).send(new ListAccessKeysCommand({}));

    expect(AccessKeyMetadata).toMatchObject([{ UserName }]);
  });

  test('may do only what its policies allow', async () => {
    const asked = (await asRobot()).send(new CreateAccessKeyCommand({}));

    await expect(asked).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: ${USER} is not authorized to perform: iam:CreateAccessKey on resource: ${USER} because no identity-based policy allows the iam:CreateAccessKey action`,
    });
  });

  test('must be named by who is none', async () => {
    await expect(iam.send(new ListAccessKeysCommand({}))).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Must specify userName when calling with non-User credentials',
    });
  });
});

test('the secrets of keys are kept for searches for leaks, and nowhere else', async () => {
  const keys = [await newKey(lab), await newKey(lab)];
  await lab.invoke('example', { user: 'robot' }).catch(() => {});

  const secrets = lab.accessKeys.issued.map(({ secretAccessKey }) => secretAccessKey);

  expect(secrets).toEqual(keys.map(({ secretAccessKey }) => secretAccessKey));
  const records = JSON.stringify([lab.calls.all, lab.events.all, lab.runner.logs(), lab.accessKeys.all]);
  expect(findLeaks('records', records, secrets)).toEqual([]);
});

test('IAM is the same in every Region', async () => {
  const client = new IAMClient({ ...lab.client(), region: 'eu-west-1', maxAttempts: 1 });

  expect((await client.send(new ListAccessKeysCommand({ UserName }))).AccessKeyMetadata).toEqual([]);
});

test.each([
  ['throttle CreateAccessKey', 'Throttling'],
  ['refuse CreateAccessKey of robot with ServiceFailure', 'ServiceFailure'],
])('a fault strikes: %s', async (text, name) => {
  lab.faults.add(text);

  await expect(create()).rejects.toMatchObject({ name: expect.stringContaining(name) });
});

test('a key that was made, and whose answer was lost, is there', async () => {
  lab.faults.add('drop after CreateAccessKey');

  await expect(create()).rejects.toThrow(/socket hang up|ECONNRESET/);

  expect(await list()).toHaveLength(1);
});
