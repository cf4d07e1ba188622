import type { Stack } from '../../assembly';
import type { Identities } from '../identities';
import type { InvokePermissions } from '../invoke-permissions';
import type { Keys } from '../keys';
import type { LogGroups } from '../log-groups';
import type { FunctionRunner } from '../runner';
import type { SecretsManager } from '../secrets-manager';
import type { InlineCode } from './inline-code';

/** The parts of the lab in which a deployment makes its resources. */
export interface Account {
  readonly secretsManager: SecretsManager;
  readonly identities: Identities;
  readonly keys: Keys;
  readonly logGroups: LogGroups;
  readonly runner: FunctionRunner;
  readonly permissions: InvokePermissions;
  readonly inlineCode: InlineCode;
}

/** The resource that is being made. */
export interface Making {
  readonly stack: Stack;
  readonly logicalId: string;
  readonly account: Account;
  /** A name of at most so many characters, as CloudFormation makes one: stack, logical id, random characters. */
  newName(limit: number): string;
  /** Says what the lab leaves out of this resource; the deployment lists it. */
  readonly leaveOut: (what: string) => void;
}

/** What a template gets back from a resource: its Ref, and what Fn::GetAtt may ask of it. */
export interface Made {
  readonly ref: string;
  readonly attributes?: Record<string, string>;
}

/** How the lab makes one type of resource, from properties whose intrinsics are resolved. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each type reads the properties that CloudFormation defines for it
export type ResourceType = (properties: any, making: Making) => Made | Promise<Made>;
