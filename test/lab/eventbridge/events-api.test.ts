import {
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { Lab, nameOf } from '../../../lab';
import { allow, deploy, inlineFunction, roleWith } from '../assemblies';
import { received, withRule } from './rules';

const BUS = 'arn:aws:events:us-east-1:123456789012:event-bus/default';
const SENDER = `const { EventBridge } = require('@aws-sdk/client-eventbridge');
  const { Entries } = await new EventBridge({ maxAttempts: 1 }).putEvents({ Entries: event.entries });
  return Entries[0].EventId;`;
const ENTRY = { Source: 'keyturn', DetailType: 'Reminder', Detail: '{"secret":"key"}' };

let lab: Lab;
let client: EventBridgeClient;
beforeEach(async () => {
  lab = await Lab.start();
  client = new EventBridgeClient({ ...lab.client(), maxAttempts: 1 });
});
afterEach(async () => await lab.stop());

const put = async (...Entries: PutEventsRequestEntry[]) => await client.send(new PutEventsCommand({ Entries }));

describe('PutEvents', () => {
  test('sends an event, by the time of the lab', async () => {
    await lab.clock.set(new Date('2027-03-01T12:00:00Z'));

    const { FailedEntryCount, Entries } = await put({ ...ENTRY, Resources: ['arn:secret'] });

    expect(FailedEntryCount).toBe(0);
    expect(lab.events.custom).toEqual([
      {
        version: '0',
        id: Entries![0].EventId,
        'detail-type': 'Reminder',
        source: 'keyturn',
        account: '123456789012',
        time: expect.stringMatching(/^2027-03-01T12:00:\d\dZ$/),
        region: 'us-east-1',
        resources: ['arn:secret'],
        detail: { secret: 'key' },
      },
    ]);
  });

  test('sends an event with the time that it names', async () => {
    await put({ ...ENTRY, Time: new Date('2020-01-01T00:00:00Z') });

    expect(lab.events.custom).toMatchObject([{ time: '2020-01-01T00:00:00Z' }]);
  });

  test.each(['default', BUS])('takes %s as the default event bus', async (EventBusName) => {
    await put({ ...ENTRY, EventBusName });

    expect(lab.events.all.map(nameOf)).toEqual(['Reminder']);
  });

  test.each<[string, PutEventsRequestEntry, string, string]>([
    [
      'a source of AWS',
      { ...ENTRY, Source: 'aws.secretsmanager' },
      'NotAuthorizedForSourceException',
      'Not authorized for the source.',
    ],
    ['a detail that is no JSON', { ...ENTRY, Detail: '{' }, 'MalformedDetail', 'Detail is malformed.'],
    ['a detail that is no object', { ...ENTRY, Detail: '[1]' }, 'MalformedDetail', 'Detail is malformed.'],
    [
      'no source',
      { ...ENTRY, Source: undefined },
      'InvalidArgument',
      'Parameter Source is not valid. Reason: Source is a required argument.',
    ],
    [
      'another event bus',
      { ...ENTRY, EventBusName: 'other' },
      'ResourceNotFoundException',
      'The lab has the default event bus only, got other.',
    ],
  ])('does not take an entry with %s, and takes the others', async (_, entry, ErrorCode, ErrorMessage) => {
    const { FailedEntryCount, Entries } = await put(entry, ENTRY);

    expect(FailedEntryCount).toBe(1);
    expect(Entries).toEqual([{ ErrorCode, ErrorMessage }, { EventId: expect.any(String) }]);
    expect(lab.events.custom).toHaveLength(1);
  });

  test.each([[[]], [Array(11).fill(ENTRY)]])('refuses too few entries and too many', async (entries) => {
    await expect(put(...entries)).rejects.toMatchObject({
      name: 'ValidationException',
      message: `Entries must have 1 to 10 members, got ${entries.length}.`,
    });
  });

  test('brings an event to the rules that match it', async () => {
    await deploy(lab, { Resources: withRule({ EventPattern: { source: ['keyturn'], detail: { secret: ['key'] } } }) });

    await put(ENTRY, { ...ENTRY, Detail: '{"secret":"other"}' });
    await lab.advance(0);

    expect(received(lab)).toEqual(lab.events.custom.slice(0, 1));
  });
});

describe('a function', () => {
  const withSender = (...statements: object[]) => ({
    Resources: { Role: roleWith(...statements), Function: inlineFunction(SENDER) },
  });

  test('sends events when its policy allows it, over the endpoint that AWS has', async () => {
    await deploy(lab, withSender(allow('events:PutEvents', BUS)));

    const id = await lab.invoke('example', { entries: [ENTRY] });

    expect(lab.events.custom).toMatchObject([{ id }]);
    expect(lab.calls.all.filter(({ service }) => service === 'events')).toMatchObject([
      { operation: 'PutEvents', caller: 'reader', resource: 'default', outcome: 'ok' },
    ]);
  });

  test.each([
    ['events:source', ENTRY.Source],
    ['events:detail-type', ENTRY.DetailType],
  ])('sends those only that the condition %s of its policy allows', async (key, value) => {
    const Condition = { StringEquals: { [key]: value } };
    await deploy(lab, withSender({ ...allow('events:PutEvents', BUS), Condition }));
    const other = { ...ENTRY, Source: 'another', DetailType: 'Another' };

    await lab.invoke('example', { entries: [ENTRY] });
    const sending = lab.invoke('example', { entries: [ENTRY, other] });

    await expect(sending).rejects.toMatchObject({ errorType: 'AccessDeniedException' });
    expect(lab.events.custom).toHaveLength(1);
  });

  test('sends none without', async () => {
    await deploy(lab, withSender());

    await expect(lab.invoke('example', { entries: [ENTRY] })).rejects.toMatchObject({
      errorType: 'AccessDeniedException',
      message: expect.stringContaining(`events:PutEvents on resource: ${BUS}`),
    });
    expect(lab.events.custom).toEqual([]);
  });
});

test('a fault strikes', async () => {
  lab.faults.add('throttle PutEvents');

  await expect(put(ENTRY)).rejects.toMatchObject({ name: 'ThrottlingException' });
});

test('what the lab does not play of EventBridge is refused by name', async () => {
  await expect(client.send(new ListRulesCommand({}))).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: "The lab's EventBridge knows PutEvents, not ListRules.",
  });
});
