import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { attachmentOf } from '../secret/attachment';
import type { DatabaseSecret } from '../secret/database-secret';
import { DatabaseTarget, isProxy } from './database-target';
import { refuseElsewhere } from './same-place';
import { RotationSchedule } from './rotation-schedule';
import { mayOverlap } from './schedule-windows';

/** Secrets whose rotation is set up in this app, with what a user of theirs must know. */
const rotated = new WeakMap<secretsmanager.ISecret, { target: DatabaseTarget; schedule: RotationSchedule }>();

export function rememberRotation(secret: DatabaseSecret, target: DatabaseTarget, schedule: RotationSchedule): void {
  rotated.set(secret, { target, schedule });
}

/** Refuses a master secret with which the rotation of a secret could not work. */
export function checkMasterSecret(masterSecret: secretsmanager.ISecret, secret: DatabaseSecret): void {
  refuseElsewhere('masterSecret', masterSecret, secret);
  if (itself(masterSecret) === secret || masterSecret.secretArn === secret.secretArn) {
    throw new Error(
      `\`masterSecret\` must be the secret of another user, got ${secret.node.path} itself; rotate it with singleUser`,
    );
  }
}

/**
 * Whether the function must ask RDS which server a host belongs to: for what is behind a proxy, and to find out whether a
 * user and its master are of one server. They are when both secrets are attached to the same database, or name the same
 * endpoint, because they then have the same host and port, letter for letter.
 */
export function mustResolveHosts(target: DatabaseTarget, masterSecret?: secretsmanager.ISecret): boolean {
  if (isProxy(target)) return true;
  if (!masterSecret) return false;
  const { database, endpoint } = target._facts;
  if (!database) {
    const masters = rotated.get(itself(masterSecret))?.target._facts.endpoint;
    return !(masters && endpoint && masters.host === endpoint.host && masters.port === endpoint.port);
  }
  if (attachmentOf(masterSecret)?.target === database) return false;
  // The secret that CDK makes for a database is attached to it; the one that RDS manages has no host.
  const own = (database as { readonly secret?: secretsmanager.ISecret }).secret;
  return !(masterSecret instanceof secretsmanager.SecretTargetAttachment && masterSecret === own);
}

/**
 * What is wrong with the schedules of a secret and of its master's, when the app is complete: while a master password is
 * being changed, whoever logs in with it may be refused.
 */
export function checkSpacing(
  masterSecret: secretsmanager.ISecret,
  secret: DatabaseSecret,
  schedule: RotationSchedule,
): string[] {
  const master = itself(masterSecret);
  const masters = rotated.get(master)?.schedule;
  if (!masters || !mayOverlap(schedule, masters)) return [];
  const [own, other] = [schedule, masters].map(textOf);
  return [
    `the rotation windows of ${secret.node.path}, ${own}, and of its master secret ${master.node.path}, ${other}, may be ` +
      'open at the same time, and whoever logs in while a master password changes may be refused: set `schedule` of one ' +
      "of them to other hours or days, such as RotationSchedule.cron({ hour: '4', window: Duration.hours(4) })",
  ];
}

function textOf({ scheduleExpression, windowDuration }: RotationSchedule): string {
  return windowDuration === undefined ? scheduleExpression! : `${scheduleExpression} for ${windowDuration}`;
}

/** A database hands its master secret out as what attaches it. */
function itself(secret: secretsmanager.ISecret): secretsmanager.ISecret {
  return attachmentOf(secret)?.secret ?? secret;
}
