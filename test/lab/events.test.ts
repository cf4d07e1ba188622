import { Clock } from '../../lab/clock';
import { Events, type LabEvent, nameOf } from '../../lab/events';
import { startSecretsManager } from './secrets-manager/secrets';

const names = (events: LabEvent[]) => events.map(nameOf);
const CALLS = { 'detail-type': ['AWS API Call via CloudTrail'] };

describe('the events that a rule gets', () => {
  test('are those of its pattern', async () => {
    const { events, ask } = startSecretsManager();
    const { ARN } = await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    await ask('CreateSecret', { Name: 'other' });
    await ask('PutSecretValue', { SecretId: 'key', SecretString: 'two' });

    expect(names(events.matching({ ...CALLS, detail: { responseElements: { arn: [ARN] } } }))).toEqual([
      'CreateSecret',
      'PutSecretValue',
    ]);
    expect(names(events.matching({ resources: [ARN] }))).toEqual(['Secret Label Updated', 'Secret Label Updated']);
  });

  test('are calls that describe, get and list only in the state that asks for them', async () => {
    const { events, ask } = startSecretsManager();
    await ask('CreateSecret', { Name: 'key', SecretString: 'one' });
    await ask('GetSecretValue', { SecretId: 'key' });
    await ask('DescribeSecret', { SecretId: 'key' });
    await ask('ListSecrets');

    expect(names(events.matching(CALLS))).toEqual(['CreateSecret']);
    expect(names(events.matching(CALLS, 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'))).toEqual([
      'CreateSecret',
      'GetSecretValue',
      'DescribeSecret',
      'ListSecrets',
    ]);
  });
});

test('the newest 10,000 events are kept, and not many more', () => {
  const events = new Events(new Clock());
  const send = (versionId: string) =>
    events.send({
      'detail-type': 'Secret Label Updated',
      source: 'aws.secretsmanager',
      account: '123456789012',
      region: 'us-east-1',
      resources: [],
      detail: { name: 'key', labelUpdated: 'AWSCURRENT', versionId },
    });

  for (let version = 1; version <= 25_000; version++) send(`${version}`);

  expect(events.all.length).toBeLessThanOrEqual(20_000);
  expect(events.named('Secret Label Updated').slice(-10_000)[0].detail.versionId).toBe('15001');
});
