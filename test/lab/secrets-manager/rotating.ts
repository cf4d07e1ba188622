import { nameOf } from '../../../lab/events';
import type { SecretsManagerOptions } from '../../../lab/secrets-manager';
import { type Ask, FUNCTION_ARN, startSecretsManager } from './secrets';

/** What a rotation function is invoked with. */
export interface RotationEvent {
  SecretId: string;
  ClientRequestToken: string;
  Step: 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';
}

/** A Secrets Manager with a secret named `key` to come, and a rotation function that can be made to fail. */
export function startRotating(options: Partial<SecretsManagerOptions> = {}) {
  const invoke = async (_arn: string, event: object) => {
    lab.invoked.push(event as RotationEvent);
    await lab.fault(event as RotationEvent);
    await rotate(lab.ask, event as RotationEvent);
  };
  const started = startSecretsManager({ functions: { mayInvoke: () => lab.mayInvoke, invoke }, ...options });
  const lab = {
    ...started,
    /** Every event that the function was invoked with. */
    invoked: [] as RotationEvent[],
    /** Runs before each step does its work; throws to make it fail. */
    fault: (() => {}) as (event: RotationEvent) => void | Promise<void>,
    mayInvoke: true,
    /** Fails the step the first so many times. */
    failing(step: RotationEvent['Step'], times = Infinity): void {
      let left = times;
      lab.fault = ({ Step }) => {
        if (Step === step && left-- > 0) throw new Error(`${step} did not work`);
      };
    },
    startRotation: async (more: Record<string, unknown> = {}) =>
      await started.ask('RotateSecret', { SecretId: 'key', RotationLambdaARN: FUNCTION_ARN, ...more }),
    rotation: async () => await started.secretsManager.rotation('key'),
    stages: async () => (await started.ask('DescribeSecret', { SecretId: 'key' })).VersionIdsToStages,
    steps: () => lab.invoked.map(({ Step }) => Step),
    rotationEvents: () => started.events.all.map(nameOf).filter((name) => /^(Test)?Rotation/.test(name)),
  };
  return lab;
}

/** A rotation function as small as can be: it speaks to the service as a real one does. */
async function rotate(ask: Ask, { SecretId, ClientRequestToken: token, Step }: RotationEvent): Promise<void> {
  const { VersionIdsToStages = {} } = await ask('DescribeSecret', { SecretId });
  if (Step === 'createSecret') {
    const value = { SecretString: `value of ${token}`, VersionStages: ['AWSPENDING'] };
    await ask('PutSecretValue', { SecretId, ClientRequestToken: token, ...value });
  } else if (Step === 'finishSecret' && !VersionIdsToStages[token].includes('AWSCURRENT')) {
    const current = Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id].includes('AWSCURRENT'));
    const move = { VersionStage: 'AWSCURRENT', MoveToVersionId: token, RemoveFromVersionId: current };
    await ask('UpdateSecretVersionStage', { SecretId, ...move });
  }
}
