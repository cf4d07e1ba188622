import { randomBytes } from 'node:crypto';
import type { NamedPolicy, PolicyDocument, Principal } from '../policy';
import { AWS_MANAGED_POLICIES } from './aws-managed-policies';
import { tagKeys } from './tag-keys';
import type { Caller } from './secrets-manager';

/** What Lambda puts into a function's environment for its role. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of a session of a role. */
  readonly sessionToken?: string;
}

/**
 * The administrator's access key of labs that developers leave running: always the same, so that what a shell has exported is still right after a
 * restart. It protects nothing: a lab listens on loopback only, and whoever works on this machine may be its administrator.
 */
export const WELL_KNOWN_ADMINISTRATOR: Credentials = {
  accessKeyId: 'AKIALABADMINISTRATOR',
  secretAccessKey: 'no/secret/every/lab/has/this/same/key/00',
};

/** A role as the deployer made it from a template. */
export interface Role {
  readonly name: string;
  readonly arn: string;
  trust: PolicyDocument;
  /** ARN of the managed policy that limits it. */
  boundary?: string;
  /** The policies that are its own, by name. */
  readonly inline: Map<string, NamedPolicy>;
  /** ARNs of the managed policies that are attached to it. */
  readonly attached: Set<string>;
  tags: Readonly<Record<string, string>>;
}

const ADMINISTRATOR: NamedPolicy = {
  name: 'AdministratorAccess',
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
};

/** The roles of the lab's account, their policies, and the access keys by which a request tells who it is. */
export class Identities {
  /** The account's own principal: deploys, and is whoever runs the lab. */
  readonly administrator: Caller;
  readonly administratorCredentials: Credentials;
  private readonly roles = new Map<string, Role>();
  private readonly managedPolicies = new Map(AWS_MANAGED_POLICIES);
  private readonly callers = new Map<string, Caller>();

  /** @param administratorCredentials made anew when left out */
  constructor(
    private readonly account: string,
    administratorCredentials?: Credentials,
  ) {
    this.administrator = {
      principal: { kind: 'account', arn: `arn:aws:iam::${account}:root`, account },
      name: 'administrator',
    };
    this.administratorCredentials = administratorCredentials ?? newCredentials();
    this.callers.set(this.administratorCredentials.accessKeyId, this.administrator);
  }

  addRole(role: Role): void {
    if (this.roles.has(role.name)) throw new Error(`Role with name ${role.name} already exists.`);
    this.roles.set(role.name, role);
  }

  /** Takes the role away, and with it every access key of its sessions. */
  removeRole({ name, arn }: Role): void {
    this.roles.delete(name);
    for (const [accessKeyId, { principal }] of this.callers) {
      if (principal.kind === 'role' && principal.arn === arn) this.callers.delete(accessKeyId);
    }
  }

  /** Looks a role up by its name or ARN; an unknown one is an error, since the template was to make it first. */
  role(nameOrArn: string): Role {
    const role = this.findRole(nameOrArn);
    if (role) return role;
    throw new Error(`no role ${nameOrArn} in the lab; deploy the stack that makes it first`);
  }

  findRole(nameOrArn: string): Role | undefined {
    const role = this.roles.get(nameOrArn.split('/').pop()!);
    return role && [role.name, role.arn].includes(nameOrArn) ? role : undefined;
  }

  /** Adds a managed policy, or changes what the one of that ARN says for every role that has it. */
  putManagedPolicy(arn: string, policy: NamedPolicy): void {
    this.managedPolicies.set(arn, policy);
  }

  removeManagedPolicy(arn: string): void {
    this.managedPolicies.delete(arn);
  }

  /** A policy that a template made, or one of the few of AWS that the lab knows. */
  managedPolicy(arn: string): NamedPolicy | undefined {
    return this.managedPolicies.get(arn);
  }

  /** One access key for a session of the role, as Lambda takes one for each function. @param functionArn of that function */
  assume(role: Role, sessionName: string, functionArn?: string): Required<Credentials> {
    const sessionArn = `arn:aws:sts::${this.account}:assumed-role/${role.name}/${sessionName}`;
    const credentials = newCredentials();
    this.callers.set(credentials.accessKeyId, {
      principal: { kind: 'role', arn: role.arn, sessionArn, account: this.account },
      name: role.name,
      functionArn,
    });
    return credentials;
  }

  /** Names of all roles, in the order in which they were made. */
  get roleNames(): string[] {
    return [...this.roles.keys()];
  }

  /** Who signed with this access key; undefined for a key that the lab did not make. */
  callerOf(accessKeyId: string): Caller | undefined {
    return this.callers.get(accessKeyId);
  }

  /** What identity policies say for a principal. Services have none. */
  policiesOf(principal: Principal): { identity: NamedPolicy[]; boundary?: NamedPolicy } {
    if (principal.kind === 'account') return { identity: [ADMINISTRATOR] };
    if (principal.kind === 'service') return { identity: [] };
    const { inline, attached, boundary } = this.role(principal.arn);
    const managed = [...attached].flatMap((arn) => this.managedPolicies.get(arn) ?? []);
    return {
      identity: [...inline.values(), ...managed],
      boundary: boundary === undefined ? undefined : this.managedPolicies.get(boundary),
    };
  }

  /** The condition keys that every request of a principal carries. */
  keysOf(principal: Principal): Record<string, string> {
    return principal.kind === 'role' ? tagKeys('aws:PrincipalTag', this.role(principal.arn).tags) : {};
  }
}

function newCredentials(): Required<Credentials> {
  return {
    accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(48).toString('base64'),
  };
}
