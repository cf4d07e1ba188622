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

/** A role or a user, as the deployer made it from a template. */
export interface Identity {
  readonly name: string;
  readonly arn: string;
  /** ARN of the managed policy that limits it. */
  boundary?: string;
  /** The policies that are its own, by name. */
  readonly inline: Map<string, NamedPolicy>;
  /** ARNs of the managed policies that are attached to it. */
  readonly attached: Set<string>;
  tags: Readonly<Record<string, string>>;
}

export interface Role extends Identity {
  trust: PolicyDocument;
}

const ADMINISTRATOR: NamedPolicy = {
  name: 'AdministratorAccess',
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
};

/** The roles and users of the lab's account, their policies, and the access keys by which a session tells who it is. */
export class Identities {
  /** The account's own principal: deploys, and is whoever runs the lab. */
  readonly administrator: Caller;
  readonly administratorCredentials: Credentials;
  private readonly roles = new Map<string, Role>();
  private readonly users = new Map<string, Identity>();
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
    return find(this.roles, nameOrArn);
  }

  addUser(user: Identity): void {
    if (this.users.has(user.name)) throw new Error(`User with name ${user.name} already exists.`);
    this.users.set(user.name, user);
  }

  removeUser(name: string): void {
    this.users.delete(name);
  }

  /** Looks a user up as `role` does a role. */
  user(nameOrArn: string): Identity {
    const user = this.findUser(nameOrArn);
    if (user) return user;
    throw new Error(`no user ${nameOrArn} in the lab; deploy the stack that makes it first`);
  }

  findUser(nameOrArn: string): Identity | undefined {
    return find(this.users, nameOrArn);
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

  /** The session, or the administrator, that this access key is of; undefined for any other key. Those of users are among `AccessKeys`. */
  callerOf(accessKeyId: string): Caller | undefined {
    return this.callers.get(accessKeyId);
  }

  /** What identity policies say for a principal. Services have none. */
  policiesOf(principal: Principal): { identity: NamedPolicy[]; boundary?: NamedPolicy } {
    if (principal.kind === 'account') return { identity: [ADMINISTRATOR] };
    if (principal.kind === 'service') return { identity: [] };
    const { inline, attached, boundary } = this.identity(principal);
    const managed = [...attached].flatMap((arn) => this.managedPolicies.get(arn) ?? []);
    return {
      identity: [...inline.values(), ...managed],
      boundary: boundary === undefined ? undefined : this.managedPolicies.get(boundary),
    };
  }

  /** The condition keys that every request of a principal carries. */
  keysOf(principal: Principal): Record<string, string> {
    if (principal.kind === 'account' || principal.kind === 'service') return {};
    return tagKeys('aws:PrincipalTag', this.identity(principal).tags);
  }

  private identity({ kind, arn }: { kind: 'role' | 'user'; arn: string }): Identity {
    return kind === 'role' ? this.role(arn) : this.user(arn);
  }
}

function find<T extends Identity>(identities: ReadonlyMap<string, T>, nameOrArn: string): T | undefined {
  const found = identities.get(nameOrArn.split('/').pop()!);
  return found && [found.name, found.arn].includes(nameOrArn) ? found : undefined;
}

function newCredentials(): Required<Credentials> {
  return {
    accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(48).toString('base64'),
  };
}
