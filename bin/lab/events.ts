import type { Command } from 'commander';
import { type CloudTrailEvent, isCustomEvent, type LabEvent, nameOf, type SecretLabelUpdated } from '../../lab/events';
import { line } from './line';
import { clientCommand, RunningLab } from './running-lab';

/** Prints what came to EventBridge, oldest first. */
export function eventsCommand(): Command {
  return clientCommand('events')
    .summary('show what CloudTrail and EventBridge were told')
    .description('Prints the newest 10,000 events of a lab that runs, oldest first.')
    .option('--json', 'as EventBridge delivers them, one event in a line')
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      for (const event of await RunningLab.of(command).get<LabEvent[]>('events')) {
        console.log(json ? JSON.stringify(event) : eventLine(event));
      }
    });
}

function eventLine(event: LabEvent): string {
  if (isCustomEvent(event)) return line(event.time, nameOf(event), event.source);
  const parts = event['detail-type'] === 'Secret Label Updated' ? labelParts(event.detail) : recordParts(event.detail);
  return line(event.time, nameOf(event), ...parts);
}

function labelParts({ name, labelUpdated, versionId }: SecretLabelUpdated['detail']): string[] {
  return [name, `${labelUpdated} to ${versionId}`];
}

/** Calls name their secret as the caller did, or by name when they make it; the service itself names it by its ARN. */
function recordParts(record: CloudTrailEvent['detail']): string[] {
  const { requestParameters, additionalEventData, errorCode } = record;
  const secret = requestParameters?.secretId ?? requestParameters?.name ?? additionalEventData?.SecretId ?? '-';
  return [String(secret), ...(errorCode ? [errorCode] : [])];
}
