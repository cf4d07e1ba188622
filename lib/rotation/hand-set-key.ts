import { Duration, Validations } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { SecretAgeCheck } from '../monitoring/secret-age-check';
import type { ApiKeySecret } from '../secret/api-key-secret';
import { DUE_EVENT, TAG } from './contract';

/** Settings of `ApiKeyRotation.byHand`. */
export interface HandSetKeyProps {
  /**
   * How long a value may be used after it was put in: 2 to 3650 whole days. `keyturn put` says until when that is; it is
   * in the tag `keyturn:max-age-days` of the secret. Nothing ends a value that is older: its issuer does, or nobody.
   */
  readonly maxAge: Duration;

  /**
   * How long before the end of that age the reminders begin: at least one day, and shorter than `maxAge`, in whole days.
   * As secrets are looked at once a day, the first one may be up to a day late.
   *
   * @default - 14 days, or half of `maxAge` where that is shorter
   */
  readonly remindBefore?: Duration;

  /**
   * Who gets the reminders of this secret: at most 5 targets, such as a topic of SNS. The rule stands in the stack of the
   * secret. For all secrets at once, or from a stack that also reads them, make a rule of your own with
   *
   * ```json
   * { "source": ["cdk-keyturn"], "detail-type": ["Secret Value Due"] }
   * ```
   *
   * A target gets
   *
   * ```json
   * {
   *   "source": "cdk-keyturn",
   *   "detail-type": "Secret Value Due",
   *   "resources": ["ARN of the secret"],
   *   "detail": {
   *     "SecretId": "ARN of the secret",
   *     "VersionId": "left out, as SetAt is, when there is no value yet",
   *     "SetAt": "2026-03-01T09:30:00.000Z",
   *     "DueAt": "2026-05-30T09:30:00.000Z",
   *     "DaysLeft": 13,
   *     "Cure": "npx keyturn put <ARN of the secret>"
   *   }
   * }
   * ```
   *
   * `DaysLeft` is negative when the value is overdue. The same reminder may come twice.
   *
   * @default - the event only
   */
  readonly targets?: events.IRuleTarget[];
}

const LONGEST_AGE = 3650;
const USUAL_REMINDER = 14;

/** Has somebody reminded to put a new key into the secret. */
export function bindHandSetKey(secret: ApiKeySecret, props: HandSetKeyProps): void {
  const maxAgeDays = wholeDays('maxAge', props.maxAge);
  if (maxAgeDays < 2 || maxAgeDays > LONGEST_AGE) {
    throw new Error(`\`maxAge\` must be between 2 and ${LONGEST_AGE} days, got ${props.maxAge.toHumanString()}`);
  }
  const remindDays = remindDaysOf(props.remindBefore, maxAgeDays);

  (secret.node.defaultChild as secretsmanager.CfnSecret).tags.setTag(TAG.MAX_AGE_DAYS, String(maxAgeDays));
  SecretAgeCheck.shared(secret).add({ SecretId: secret.secretArn, MaxAgeDays: maxAgeDays, RemindDays: remindDays });
  if (props.targets?.length) {
    new events.Rule(secret, 'Reminders', {
      description: `A new value is due for ${secret.node.path}`,
      eventPattern: {
        source: [DUE_EVENT.SOURCE],
        detailType: [DUE_EVENT.DETAIL_TYPE],
        resources: [secret.secretArn],
      },
      targets: props.targets,
    });
  }
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason: `no API issues this key: it is put in by hand, and asked for when it is ${maxAgeDays} days old`,
  });
}

function remindDaysOf(remindBefore: Duration | undefined, maxAgeDays: number): number {
  if (!remindBefore) return Math.min(USUAL_REMINDER, Math.floor(maxAgeDays / 2));
  const days = wholeDays('remindBefore', remindBefore);
  if (days < 1 || days >= maxAgeDays) {
    const got = remindBefore.toHumanString();
    throw new Error(
      `\`remindBefore\` must be at least 1 day and shorter than \`maxAge\`, ${maxAgeDays} days, got ${got}`,
    );
  }
  return days;
}

/** A token is refused: its value would stand in a tag, and could not be checked. */
function wholeDays(setting: string, duration: Duration): number {
  if (duration.isUnresolved()) throw new Error(`\`${setting}\` must be known at synth, got a token`);
  const days = duration.toDays({ integral: false });
  if (!Number.isInteger(days)) throw new Error(`\`${setting}\` must be whole days, got ${duration.toHumanString()}`);
  return days;
}
