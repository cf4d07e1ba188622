import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { ApiKeySecret } from '../secret/api-key-secret';
import { ENV, X_CONSUMER_FIELDS } from './contract';
import { refuseElsewhere } from './same-place';
import { RotationCode, XInvalidation } from './rotation-code';

/** Which secret the consumer keys of an X app rotate. */
const rotatedWith = new WeakMap<secretsmanager.ISecret, ApiKeySecret>();

/**
 * Refuses consumer keys of an X app with which the rotation of a secret could not work.
 *
 * @param prop the setting that named them, for the error
 */
export function checkConsumerKeys(
  prop: string,
  consumerKeys: secretsmanager.ISecret,
  secret: ApiKeySecret,
  code: RotationCode,
): void {
  refuseElsewhere(prop, consumerKeys, secret);
  refuseTwice(prop, consumerKeys, secret);
  refuseMissingFields(prop, consumerKeys, code);
}

/** Two apps that take turns are two: with the keys of one app, each rotation would end the token that is in use. */
export function refuseSameApp(consumerKeys: secretsmanager.ISecret, alternate: secretsmanager.ISecret): void {
  if (alternate.secretArn !== consumerKeys.secretArn) return;
  throw new Error(
    '`alternateConsumerKeys` must be another secret than `consumerKeys`, with the keys of a second X app, ' +
      `got ${alternate.node.path} for both`,
  );
}

function refuseTwice(prop: string, consumerKeys: secretsmanager.ISecret, secret: ApiKeySecret): void {
  const other = rotatedWith.get(consumerKeys) ?? secret;
  if (other !== secret) {
    throw new Error(
      `\`${prop}\` ${consumerKeys.node.path} already rotate ${other.node.path}: X keeps one token per app, so ` +
        `rotating one secret would break the other; let ${secret.node.path} be read from there`,
    );
  }
  rotatedWith.set(consumerKeys, secret);
}

function refuseMissingFields(prop: string, consumerKeys: secretsmanager.ISecret, code: RotationCode): void {
  if (!(consumerKeys instanceof ApiKeySecret)) return;
  const basic = code.environment[ENV.X_INVALIDATE_WITH] === XInvalidation.BASIC;
  const needed = basic ? X_CONSUMER_FIELDS.slice(0, 2) : X_CONSUMER_FIELDS;
  const missing = needed.filter((field) => !consumerKeys.fields.includes(field));
  if (missing.length === 0) return;
  throw new Error(
    `\`${prop}\` must have the fields ${needed.join(', ')}; ${consumerKeys.node.path} lacks ${missing.join(', ')}`,
  );
}
