import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DUE_EVENT, DueDetail } from '../../lib/rotation/contract';
import { askAws, REQUEST_LIMITS } from '../protocol/aws-call';
import { Deadline } from '../protocol/deadline';
import { EventBridgeError } from './errors';

/** EventBridge's default bus. Its client tries again, so an event may come twice. */
export class EventBus {
  private readonly client = new EventBridgeClient({ requestHandler: REQUEST_LIMITS });

  /** Sends the event that a secret is due, one alone: PutEvents may take some events and refuse others, in one good answer. */
  async sendDue(detail: DueDetail, deadline: Deadline): Promise<void> {
    const entry = {
      Source: DUE_EVENT.SOURCE,
      DetailType: DUE_EVENT.DETAIL_TYPE,
      Resources: [detail.SecretId],
      Detail: JSON.stringify(detail),
    };
    const call = { service: 'EventBridge', what: `PutEvents about ${detail.SecretId}`, error: EventBridgeError };
    const { Entries: [answer] = [] } = await askAws(call, deadline, async (options) => {
      return await this.client.send(new PutEventsCommand({ Entries: [entry] }), options);
    });
    if (answer?.EventId) return;
    const { ErrorCode = 'no EventId', ErrorMessage = 'it does not say why' } = answer ?? {};
    throw new EventBridgeError(`EventBridge refused ${call.what} (${ErrorCode}): ${ErrorMessage}`);
  }
}
