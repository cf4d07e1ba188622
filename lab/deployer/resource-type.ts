import type { Stack } from '../../assembly';
import type { Access } from '../access';
import type { Rules } from '../eventbridge/rules';
import type { AccessKeys } from '../iam/access-keys';
import type { Identities } from '../identities';
import type { InvokePermissions } from '../invoke-permissions';
import type { Keys } from '../keys';
import type { LogGroups } from '../log-groups';
import type { Network } from '../network';
import type { Rds } from '../rds';
import type { FunctionRunner } from '../runner';
import type { SecretsManager } from '../secrets-manager';
import type { InlineCode } from './inline-code';

/** The parts of the lab in which a deployment makes its resources. */
export interface Account {
  readonly secretsManager: SecretsManager;
  readonly identities: Identities;
  readonly accessKeys: AccessKeys;
  readonly access: Access;
  readonly keys: Keys;
  readonly logGroups: LogGroups;
  readonly runner: FunctionRunner;
  readonly permissions: InvokePermissions;
  readonly rules: Rules;
  readonly inlineCode: InlineCode;
  readonly rds: Rds;
  readonly network: Network;
  /** Targets of CNAME records, by name. */
  readonly aliases: Map<string, string>;
}

/** The resource that is being made, changed or deleted. */
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

/** Properties of a resource, intrinsics resolved; the tags of its stack are among its Tags. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each type reads the properties that CloudFormation defines for it
export type Properties = any;

/** A resource as a deployment has left it. */
export interface Standing {
  readonly properties: Properties;
  readonly made: Made;
}

/** A resource that is to be changed. */
export interface Before extends Standing {
  /** Whether the template says something else of one of these properties. */
  changed(...properties: string[]): boolean;
}

/** How the lab plays one type of resource. What CloudFormation would find gone when it deletes is no error. */
export interface ResourceType {
  /** Properties whose change makes a new resource in the place of the old one: CloudFormation says "replacement" of them. */
  readonly replacedBy: readonly string[];
  /** The one among them in which a template can name the resource. */
  readonly nameProperty?: string;
  /** Whether CloudFormation puts the tags of the stack onto it. */
  readonly takesTags?: boolean;
  create(properties: Properties, making: Making): Made | Promise<Made>;
  /** Changes it in place. Without this, every change is a replacement. */
  update?(properties: Properties, before: Before, making: Making): Made | Promise<Made>;
  delete(standing: Standing, making: Making): void | Promise<void>;
}
