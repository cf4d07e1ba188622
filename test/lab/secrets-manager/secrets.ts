import { randomUUID } from 'node:crypto';
import { Calls } from '../../../lab/calls';
import { Clock } from '../../../lab/clock';
import { Events } from '../../../lab/events';
import { type Caller, SecretsManager, type SecretsManagerOptions } from '../../../lab/secrets-manager';

export const ACCOUNT = '123456789012';
export const FUNCTION_ARN = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:rotate`;

export const administrator: Caller = {
  principal: { kind: 'account', arn: `arn:aws:iam::${ACCOUNT}:root`, account: ACCOUNT },
  name: 'administrator',
};

/** What DescribeSecret and the other operations answer, as far as the tests look at it. */
export interface Answer {
  ARN: string;
  Name: string;
  VersionId: string;
  VersionStages: string[];
  VersionIdsToStages?: Record<string, string[]>;
  SecretString?: string;
  SecretList: { Name: string }[];
  Versions: { VersionId: string; VersionStages?: string[]; KmsKeyIds: string[] }[];
  NextToken?: string;
  [member: string]: unknown;
}

export type Ask = (operation: string, input?: Record<string, unknown>) => Promise<Answer>;

/** A Secrets Manager that allows everything, unless the test says otherwise, with its clock at noon on 1 March 2027. */
export function startSecretsManager(options: Partial<SecretsManagerOptions> = {}) {
  const clock = new Clock(new Date('2027-03-01T12:00:00Z'));
  const calls = new Calls(clock);
  const events = new Events(clock);
  const secretsManager = new SecretsManager({
    account: ACCOUNT,
    region: 'us-east-1',
    clock,
    calls,
    events,
    authorize: () => {},
    useKey: () => {},
    functions: { mayInvoke: () => true, invoke: async () => {} },
    ...options,
  });
  const ask: Ask = async (operation, input = {}) =>
    (await secretsManager.handle(operation, input, administrator)) as Answer;
  return { secretsManager, clock, calls, events, ask };
}

/** A ClientRequestToken. */
export const newToken = (): string => randomUUID();
