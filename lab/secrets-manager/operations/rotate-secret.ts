import { invalidRequest, mayNotInvoke, noRotationFunction } from '../errors';
import { checkRoomForVersion } from '../quotas';
import type { Operation, Request } from '../request';
import { checkRotationRules } from '../rotation-rules';
import { AWSPENDING, Secret } from '../secret';

/**
 * Sets rotation up and starts one, and answers before the function is called. With RotateImmediately=false the function is only asked to
 * test what is there. The same token again starts a rotation that has failed anew.
 */
export const rotateSecret: Operation = {
  parameters: ['SecretId', 'ClientRequestToken', 'RotationLambdaARN', 'RotationRules', 'RotateImmediately'],
  run(request) {
    const { input, service, now } = request;
    const token = request.token('InvalidParameterException');
    const rules = input.has('RotationRules') ? checkRotationRules(input.raw('RotationRules')) : undefined;
    const immediately = input.flag('RotateImmediately') ?? true;
    const secret = request.changeableSecret();
    const functionArn = input.text('RotationLambdaARN', 0) || secret.rotation?.functionArn;
    if (!functionArn) throw noRotationFunction();
    if (!service.rotations.mayInvoke(functionArn, secret)) throw mayNotInvoke();
    checkNoOtherRotation(request, secret, token);
    if (!secret.versions.has(token)) checkRoomForVersion(secret, now);

    const kept = rules ?? secret.rotation?.rules;
    const last = secret.rotation?.lastRotatedAt;
    secret.rotation = { functionArn, enabled: true, rules: kept, lastRotatedAt: last };
    service.schedule.setUp(secret);
    secret.changedAt = now;
    if (immediately) service.rotations.start(secret, token);
    else service.rotations.test(secret, token);
    return { ARN: secret.arn, Name: secret.name, VersionId: token };
  },
};

/** Switches rotation off; one that runs calls no further step. What it has done to labels and values stays. */
export const cancelRotateSecret: Operation = {
  parameters: ['SecretId'],
  run(request) {
    const secret = request.changeableSecret();
    if (!secret.rotation) throw noRotationFunction();

    secret.rotation.enabled = false;
    secret.changedAt = request.now;
    request.service.rotations.cancel(secret);
    request.service.schedule.update(secret);
    return { ARN: secret.arn, Name: secret.name, VersionId: secret.labelled(AWSPENDING)?.id };
  },
};

/** A rotation is complete when AWSPENDING is on no version or on that of AWSCURRENT. One that is not is tried again, with its own token. */
function checkNoOtherRotation(request: Request, secret: Secret, token: string): void {
  const { rotations } = request.service;
  const incomplete = rotations.incompleteToken(secret);
  if ([undefined, token].includes(rotations.runningToken(secret) ?? incomplete)) return;
  if (incomplete && secret.rotation?.enabled) rotations.start(secret, incomplete);
  throw invalidRequest("A previous rotation isn't complete. That rotation will be reattempted.");
}
