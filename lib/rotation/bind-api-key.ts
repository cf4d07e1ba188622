import { Duration } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { grantedSecret } from '../access/granted-secret';
import type { ApiKeySecret } from '../secret/api-key-secret';
import { ApiKeyRotationOptions, ApiKeyScheduleOptions } from './api-key-rotation-options';
import { WRITTEN_FIELDS } from './contract';
import { RotatingFunction } from './rotating-function';
import { RotationAccess } from './rotation-access';
import { RotationCode } from './rotation-code';
import { RotationFunction } from './rotation-function';
import { RotationSchedule } from './rotation-schedule';
import { addRotation } from './secret-rotation';

/** What the kinds of rotation of an `ApiKeySecret` differ in. */
export interface ApiKeyBinding {
  readonly rotationFunction: RotatingFunction;
  /** The secrets that the function reads beside the rotated one. */
  readonly issuers: readonly secretsmanager.ISecret[];
  /** For the function: tags of the rotated secret. */
  readonly tags: Readonly<Record<string, string | undefined>>;
}

/** Has an `ApiKeySecret` rotated; answers what the function may do in the stack of the schedule, for what else it needs. */
export function bindApiKey(
  secret: ApiKeySecret,
  options: ApiKeyScheduleOptions,
  { rotationFunction, issuers, tags }: ApiKeyBinding,
): RotationAccess {
  const resource = secret.node.defaultChild as secretsmanager.CfnSecret;
  for (const [name, value] of Object.entries(tags)) if (value !== undefined) resource.tags.setTag(name, value);

  const scope = options.scheduleScope ?? secret;
  const access = RotationAccess.of(scope, rotationFunction);
  access.addKey(secret.encryptionKey!);
  for (const issuer of issuers) access.addIssuer(grantedSecret(issuer));
  if (options.canary) secret.grantRead(options.canary, ['AWSCURRENT', 'AWSPENDING']);

  addRotation(secret, scope, {
    rotationFunction,
    access,
    schedule: options.schedule ?? RotationSchedule.rate(Duration.days(30), { window: Duration.hours(4) }),
    rotateImmediately: options.rotateImmediately,
  });
  return access;
}

/**
 * The function that is named, or the one that the stack shares.
 *
 * @param settings those of the code, by their names: what is given must be what the named function runs
 */
export function rotationFunctionFor(
  secret: ApiKeySecret,
  { rotationFunction, scheduleScope }: ApiKeyRotationOptions,
  code: RotationCode,
  settings: Readonly<Record<string, string | undefined>>,
): RotationFunction {
  if (!rotationFunction) return RotationFunction.shared(scheduleScope ?? secret, code);
  const [given] = Object.entries(settings).filter(([, value]) => value !== undefined);
  if (given && rotationFunction.code.id !== code.id) {
    const [name, value] = given;
    throw new Error(
      `\`${name}\` must be left out or agree with \`rotationFunction\`, which runs ${rotationFunction.code.id}, got ${value}`,
    );
  }
  return rotationFunction;
}

/**
 * The field that a rotation replaces.
 *
 * @param filled the fields that the issuer fills beside it
 */
export function rotatedField(secret: ApiKeySecret, field: string | undefined, filled: readonly string[] = []): string {
  const candidates = secret.fields.filter((name) => !filled.includes(name));
  const names = candidates.join(', ');
  if (candidates.length === 0) {
    throw new Error(`\`fields\` of ${secret.node.path} must have one for the key, beside ${filled.join(', ')}`);
  }
  if (field === undefined && candidates.length !== 1) {
    throw new Error(`\`field\` is required when the secret has several fields; name one of ${names}`);
  }
  if (field !== undefined && !candidates.includes(field)) {
    throw new Error(`\`field\` must be one of ${names}, got ${field}`);
  }
  const rotated = field ?? candidates[0];
  if (WRITTEN_FIELDS.includes(rotated)) throw new Error(`\`field\` cannot be ${rotated}: the rotation writes it`);
  return rotated;
}
