import { DropConnection, findLeaks } from '../../../lab';
import { accessDenied, type Caller } from '../../../lab/secrets-manager';
import { startRotating } from './rotating';
import { ACCOUNT, newToken } from './secrets';

const UUID = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const VALUE = 'a value that nobody may see';
const NOON = expect.stringMatching(/^2027-03-01T12:0\d:\d\dZ$/);

const consumer: Caller = {
  principal: {
    kind: 'role',
    arn: `arn:aws:iam::${ACCOUNT}:role/service/consumer`,
    sessionArn: `arn:aws:sts::${ACCOUNT}:assumed-role/consumer/session`,
    account: ACCOUNT,
  },
  name: 'consumer',
};

let lab: ReturnType<typeof startRotating>;
let arn: string;

beforeEach(async () => {
  lab = startRotating();
  arn = (await lab.ask('CreateSecret', { Name: 'key', SecretString: VALUE, Description: 'of the API' })).ARN;
});

/** The record of the newest call of that operation. */
const recordOf = (operation: string) => lab.events.named(operation).at(-1)!.detail;

describe('a call', () => {
  test('is an event as CloudTrail gives it to EventBridge', async () => {
    const token = newToken();
    await lab.ask('PutSecretValue', { SecretId: 'key', ClientRequestToken: token, SecretString: VALUE });

    expect(lab.events.named('PutSecretValue')).toEqual([
      {
        version: '0',
        id: UUID,
        'detail-type': 'AWS API Call via CloudTrail',
        source: 'aws.secretsmanager',
        account: ACCOUNT,
        time: NOON,
        region: 'us-east-1',
        resources: [],
        detail: {
          eventVersion: '1.10',
          userIdentity: { type: 'Root', principalId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, accountId: ACCOUNT },
          eventTime: NOON,
          eventSource: 'secretsmanager.amazonaws.com',
          eventName: 'PutSecretValue',
          awsRegion: 'us-east-1',
          sourceIPAddress: 'AWS Internal',
          userAgent: 'AWS Internal',
          requestParameters: { secretId: 'key', clientRequestToken: token },
          responseElements: { arn, name: 'key', versionId: token },
          requestID: UUID,
          eventID: UUID,
          readOnly: false,
          eventType: 'AwsApiCall',
          managementEvent: true,
          recipientAccountId: ACCOUNT,
          eventCategory: 'Management',
        },
      },
    ]);
  });

  test('that reads answers nothing into the event, and has the id as the caller wrote it', async () => {
    await lab.ask('GetSecretValue', { SecretId: arn.slice(0, -7), VersionStage: 'AWSCURRENT' });

    expect(recordOf('GetSecretValue')).toMatchObject({
      requestParameters: { secretId: arn.slice(0, -7), versionStage: 'AWSCURRENT' },
      responseElements: null,
      readOnly: true,
    });
  });

  test('writes the names of members small, within members as well', async () => {
    const rules = { AutomaticallyAfterDays: 30, Duration: '4h' };
    await lab.startRotation({ RotationRules: rules });
    await lab.rotation();
    await lab.ask('TagResource', { SecretId: 'key', Tags: [{ Key: 'Team', Value: 'Payments' }] });

    expect(recordOf('RotateSecret').requestParameters).toMatchObject({
      rotationLambdaARN: expect.any(String),
      rotationRules: { automaticallyAfterDays: 30, duration: '4h' },
    });
    expect(recordOf('TagResource').requestParameters).toMatchObject({ tags: [{ key: 'Team', value: 'Payments' }] });
  });

  test('with members that the API does not have, however deep, is recorded', async () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown;
    const tag = { Key: 'Team', Value: 'Payments', '': 'nameless', Deep: deep };
    await lab.ask('TagResource', { SecretId: 'key', Tags: [tag] });

    expect(recordOf('TagResource').requestParameters).toMatchObject({
      tags: [{ key: 'Team', value: 'Payments', '': 'nameless' }],
    });
  });

  test('without parameters has none', async () => {
    await lab.ask('ListSecrets');

    expect(recordOf('ListSecrets').requestParameters).toBeNull();
  });

  test('that answers nothing is recorded with the ARN, as the documented patterns expect', async () => {
    await lab.ask('TagResource', { SecretId: 'key', Tags: [{ Key: 'Team', Value: 'Payments' }] });

    expect(recordOf('TagResource').responseElements).toEqual({ arn });
  });

  test('that deletes says when, as CloudTrail writes dates', async () => {
    await lab.ask('DeleteSecret', { SecretId: 'key' });

    expect(recordOf('DeleteSecret').responseElements).toEqual({
      arn,
      name: 'key',
      deletionDate: expect.stringMatching(/^Mar 31, 2027 12:0\d:\d\d PM$/),
    });
  });

  test('that fails has the error and no answer', async () => {
    await lab.ask('PutSecretValue', { SecretId: 'other', SecretString: VALUE }).catch(() => {});

    expect(recordOf('PutSecretValue')).toMatchObject({
      errorCode: 'ResourceNotFoundException',
      errorMessage: "Secrets Manager can't find the specified secret.",
      requestParameters: { secretId: 'other' },
      responseElements: null,
    });
  });

  test('that is refused has the short name of that error, and the session of the role', async () => {
    const denied = startRotating({
      authorize: () => {
        throw accessDenied('User: nobody is not authorized');
      },
    });

    await denied.secretsManager.handle('GetSecretValue', { SecretId: 'key' }, consumer).catch(() => {});

    const [{ detail }] = denied.events.named('GetSecretValue');
    const principalId = expect.stringMatching(/^AROA[0-9A-F]{17}$/);
    expect(detail).toMatchObject({
      errorCode: 'AccessDenied',
      errorMessage: 'User: nobody is not authorized',
      userIdentity: {
        type: 'AssumedRole',
        principalId: expect.stringMatching(/^AROA[0-9A-F]{17}:session$/),
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/consumer/session`,
        accountId: ACCOUNT,
        sessionContext: {
          sessionIssuer: {
            type: 'Role',
            principalId,
            arn: `arn:aws:iam::${ACCOUNT}:role/service/consumer`,
            accountId: ACCOUNT,
            userName: 'consumer',
          },
          attributes: { mfaAuthenticated: 'false' },
        },
      },
    });
  });

  test('for a batch is recorded, and each secret of it as well', async () => {
    await lab.ask('BatchGetSecretValue', { SecretIdList: ['key', 'other'] });

    expect(recordOf('BatchGetSecretValue')).toMatchObject({
      requestParameters: { secretIdList: ['key', 'other'] },
      responseElements: null,
      readOnly: true,
    });
    const parts = lab.events.named('GetSecretValue').map(({ detail }) => [detail.requestParameters, detail.errorCode]);
    expect(parts).toEqual([
      [{ secretId: arn }, undefined],
      [{ secretId: 'other' }, 'ResourceNotFoundException'],
    ]);
  });

  test('of an unknown operation is not recorded', async () => {
    const before = lab.events.all.length;

    await lab.ask('MakeCoffee').catch(() => {});

    expect(lab.events.all).toHaveLength(before);
  });

  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('whose connection is closed %s its effect is recorded %i times', async (moment, times) => {
    lab.calls.intercept((_, phase) => {
      if (phase === moment) throw new DropConnection();
    });

    await lab.ask('GetSecretValue', { SecretId: 'key' }).catch(() => {});

    expect(lab.events.named('GetSecretValue')).toHaveLength(times);
  });
});

describe('a service event', () => {
  test('of a rotation names the secret where rules look for it', async () => {
    const { VersionId } = await lab.startRotation();
    await lab.rotation();

    expect(lab.events.named('RotationSucceeded')).toMatchObject([
      {
        'detail-type': 'AWS Service Event via CloudTrail',
        source: 'aws.secretsmanager',
        resources: [],
        detail: {
          userIdentity: { accountId: ACCOUNT, invokedBy: 'secretsmanager.amazonaws.com' },
          sourceIPAddress: 'secretsmanager.amazonaws.com',
          userAgent: 'secretsmanager.amazonaws.com',
          requestParameters: null,
          responseElements: null,
          additionalEventData: { SecretId: arn },
          requestID: `Rotation-${arn}-${VersionId}`,
          readOnly: false,
          eventType: 'AwsServiceEvent',
        },
      },
    ]);
    expect(recordOf('RotationSucceeded')).not.toHaveProperty('errorMessage');
  });

  test('of a rotation that failed says in which step, without the words of the function', async () => {
    lab.failing('setSecret');

    await lab.startRotation();
    await lab.rotation();

    expect(recordOf('RotationFailed').errorMessage).toMatch(
      /^Error when executing lambda arn:aws:lambda:\S+ during setSecret step$/,
    );
  });

  test('tells of versions whose deletion begins, is taken back, and ends', async () => {
    const names = ['StartSecretVersionDelete', 'CancelSecretVersionDelete', 'EndSecretVersionDelete'];
    const told = () => names.map((name) => lab.events.named(name).length);

    await lab.ask('DeleteSecret', { SecretId: 'key' });
    await lab.ask('RestoreSecret', { SecretId: 'key' });
    expect(told()).toEqual([1, 1, 0]);

    await lab.ask('DeleteSecret', { SecretId: 'key' });
    await lab.clock.set(new Date('2027-04-01T12:00:00Z'));
    await lab.ask('ListSecrets');
    expect(told()).toEqual([2, 1, 1]);
  });
});

test('a moved label is announced with the ARN among the resources', async () => {
  expect(lab.events.named('Secret Label Updated')).toMatchObject([
    {
      source: 'aws.secretsmanager',
      resources: [arn],
      detail: { name: 'key', labelUpdated: 'AWSCURRENT', versionId: UUID },
    },
  ]);
});

test('no event has a secret value, nor the token that proves a rotation', async () => {
  const binary = Buffer.from('bytes that nobody may see').toString('base64');
  const proof = 'a token that proves a rotation';
  const token = newToken();
  const put = { SecretId: 'key', ClientRequestToken: token, RotationToken: proof };
  await lab.ask('PutSecretValue', { ...put, SecretBinary: binary });
  await lab.ask('PutSecretValue', { ...put, SecretString: VALUE }).catch(() => {});
  await lab.ask('UpdateSecret', { SecretId: 'key', SecretString: VALUE });
  await lab.ask('PutSecretValue', { SecretId: { SecretString: VALUE }, SecretString: [VALUE] }).catch(() => {});
  await lab.ask('PutSecretValue', { SecretId: 'key', secretString: VALUE }).catch(() => {});
  await lab.ask('GetSecretValue', { SecretId: 'key' });
  await lab.startRotation();
  await lab.rotation();

  const values = [VALUE, binary, proof, 'value of'];
  expect(findLeaks('events', JSON.stringify(lab.events.all), values)).toEqual([]);
});
