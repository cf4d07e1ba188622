import { readAssembly } from '../assembly';
import { Access } from './access';
import { Authority, type ServerCertificate } from './authority';
import { Calls } from './calls';
import { Clock, type Time } from './clock';
import { control, CONTROL_PATH } from './control';
import type { DeployedResource, DeployedStack } from './deployer/deployed-stack';
import { Deployer } from './deployer/deployer';
import { dynamicReference } from './deployer/dynamic-reference';
import { InlineCode } from './deployer/inline-code';
import { Rules } from './eventbridge/rules';
import { Events } from './events';
import { Faults } from './faults';
import { AccessKeys } from './iam/access-keys';
import { authentication } from './iam/authentication';
import { type Credentials, Identities } from './identities';
import { InvokePermissions } from './invoke-permissions';
import { Keys } from './keys';
import type { LabOptions } from './lab-options';
import { LogGroups } from './log-groups';
import { Network, obstaclesFrom } from './network';
import { type LabDatabase, Rds } from './rds';
import { FunctionRunner, type Routes } from './runner';
import { type Authorize, type RotationReport, SecretsManager, SecretsManagerServer } from './secrets-manager';
import { otherServices, serviceHosts } from './services';
import type { StandIn } from './stand-in/stand-in';

/** What an AWS SDK client needs to talk to the lab. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
}

/**
 * A local AWS for secrets: deploys a synthesized CDK app, runs its functions in child processes, rotates its secrets, and decides every call
 * by the app's own policies. It listens on loopback only, keeps values in memory, and needs neither an account nor Docker.
 *
 *     const lab = await Lab.start();
 *     await lab.deploy('cdk.out');
 *     await lab.rotate('my-secret');
 *     await lab.stop();
 */
export class Lab {
  /**
   * Starts the lab's servers. Call `stop()` when done: it ends them and every process they started.
   * @throws when the port is taken
   */
  static async start(options: LabOptions = {}): Promise<Lab> {
    const { account = '123456789012', region = 'us-east-1', port } = options;
    const authority = await Authority.create();
    const hosts = serviceHosts(region);
    const lab = new Lab(account, region, authority, await authority.issue(hosts), options);
    if (options.control) lab.server.mount(CONTROL_PATH, control(lab));
    const { httpPort, httpsPort } = await lab.server.start(port);
    lab.endpoint = `http://127.0.0.1:${httpPort}`;
    for (const host of hosts) lab.routes[`${host}:443`] = httpsPort;
    return lab;
  }

  /** The lab's time, which can be set, advanced and sped up. To let time pass together with its rotations there is `advance`. */
  readonly clock = new Clock();
  /** Every request that reached the lab's servers, and the place to make faults. */
  readonly calls = new Calls(this.clock);
  /** What came to EventBridge: calls, rotations started, succeeded, failed, and what applications sent. */
  readonly events = new Events(this.clock);
  /** Makes calls go wrong: refused, throttled, late, cut off, or fatal to the function that makes them. */
  readonly faults: Faults;
  readonly identities: Identities;
  /** The access keys of IAM users, and what they were given out with. */
  readonly accessKeys = new AccessKeys(this.clock);
  /** Runs the deployed functions; holds their logs. */
  readonly runner: FunctionRunner;
  /** Of the lab's Region; `inRegion` gives that of another one. */
  readonly secretsManager: SecretsManager;
  private readonly rds: Rds;
  private readonly keys = new Keys();
  private readonly permissions = new InvokePermissions();
  private readonly inlineCode = new InlineCode();
  private readonly rules: Rules;
  private readonly deployer: Deployer;
  private readonly server: SecretsManagerServer;
  private readonly routes: Routes = {};
  private readonly aliases = new Map<string, string>();
  private readonly network = new Network();
  private readonly standIns: StandIn[] = [];
  private endpoint = '';
  /** Where each `advance` under way collects what has happened. */
  private readonly rotationWatchers = new Set<(report: RotationReport) => void>();

  private constructor(
    readonly account: string,
    readonly region: string,
    readonly authority: Authority,
    tls: ServerCertificate,
    { rotationAttempts, administrator }: LabOptions,
  ) {
    this.identities = new Identities(account, administrator);
    const access = new Access(this.identities, this.keys, region, this.clock);
    const authorize: Authorize = (...request) => access.authorize(...request);
    const logGroups = new LogGroups({ account, region }, access, this.identities, this.calls);
    this.runner = new FunctionRunner({
      routes: () => this.routes,
      aliases: () => Object.fromEntries(this.aliases),
      obstacles: ({ place }) =>
        obstaclesFrom(place, Object.keys(this.routes), this.network, (route) => this.rds.behind(route)),
      authorityPem: authority.pem,
      mayLog: (definition) => logGroups.mayWrite(definition),
    });
    this.faults = new Faults(this.calls, {
      running: (caller) => this.running(caller),
      kill: (name) => this.runner.kill(name),
    });
    this.secretsManager = new SecretsManager({
      account,
      region,
      clock: this.clock,
      calls: this.calls,
      events: this.events,
      rotationAttempts,
      onRotation: (report) => this.rotationWatchers.forEach((watcher) => watcher(report)),
      authorize,
      useKey: (...request) => access.useKey(...request),
      functions: {
        mayInvoke: (functionArn, source) =>
          this.permissions.allows('secretsmanager.amazonaws.com', functionArn, source),
        invoke: async (functionArn, event) => {
          await this.runner.invoke(functionArn.split(':')[6], event);
        },
      },
    });
    this.rds = new Rds({ account, region, clock: this.clock, authority, routes: this.routes });
    const { rds, runner, clock, events, calls, identities, accessKeys, permissions } = this;
    this.rules = new Rules({ account, region, clock, events, calls, permissions, runner });
    const callerOf = authentication(account, identities, accessKeys);
    this.server = new SecretsManagerServer({
      secretsManager: this.secretsManager,
      callerOf,
      otherServices: otherServices(
        { rds, identities, accessKeys, runner, events },
        { account, region, calls, authorize, callerOf },
      ),
      tls,
    });
    const { secretsManager, keys, rules, inlineCode, network, aliases } = this;
    this.deployer = new Deployer(
      {
        secretsManager,
        identities,
        accessKeys,
        access,
        keys,
        logGroups,
        runner,
        permissions,
        rules,
        inlineCode,
        rds,
        network,
        aliases,
      },
      { account, region },
      (service, reference) => dynamicReference(service, reference, secretsManager),
    );
  }

  /**
   * Makes every resource of a synthesized app, in its order. An app that the lab has already is updated as CloudFormation would: what a template
   * says as before is left alone, so secrets keep their versions and values; what it says in another way is changed or replaced; what it
   * says no longer is deleted, or retained as its DeletionPolicy wants. What the lab does not model is listed in each stack's `leftOut`.
   *
   *     const [{ resources }] = await lab.deploy('cdk.out');
   *
   *     expect(resources.filter(({ outcome }) => outcome !== 'unchanged')).toEqual([]); // the second time
   *
   * @param onResource is told of each resource when something was done to it
   * @returns every stack of the lab: those of the app in their order, then those that the app has no longer, which stay as they are
   * @throws when a resource cannot be made or changed: its stack has been rolled back then, and the stacks before it stay deployed; and when
   * another deployment runs
   */
  async deploy(directory: string, onResource?: (resource: DeployedResource) => void): Promise<DeployedStack[]> {
    const assembly = readAssembly(directory, { account: this.account, region: this.region });
    return await this.deployer.deploy(assembly, onResource);
  }

  /**
   * Rotates a secret, as `aws secretsmanager rotate-secret` does, and waits for the end of the rotation, with all its attempts. After a rotation
   * that failed, Secrets Manager refuses a new one and tries the failed one again: then this waits for that.
   * @throws when Secrets Manager refuses for another reason, with its answer as the cause
   */
  async rotate(secretId: string): Promise<RotationReport> {
    try {
      await this.secretsManager.handle('RotateSecret', { SecretId: secretId }, this.identities.administrator);
    } catch (cause) {
      const { message } = cause as Error;
      if (!message.endsWith('That rotation will be reattempted.')) {
        throw new Error(`${secretId} cannot be rotated: ${message}`, { cause });
      }
    }
    return await this.secretsManager.rotation(secretId);
  }

  /**
   * Lets so much of the lab's time pass, with all that is due in it, in order and at its moment: every rotation of every schedule, and every
   * function that a rule of EventBridge invokes. It takes only as long as these; the clock stands while one runs. What runs already is waited
   * for first.
   *
   *     const rotations = await lab.advance({ days: 365 });
   *
   *     expect(rotations.map(({ outcome }) => outcome)).toEqual(Array(12).fill('succeeded')); // rate(30 days)
   *
   * A rotation itself, as an interceptor of its calls, cannot wait for this: it advances `clock` alone.
   *
   * @param time milliseconds, or a span such as `{ days: 30, hours: 12 }`, or a `Duration` of the CDK; 0 or more
   * @returns the rotations that ended in that time, in order, those that failed among them
   */
  async advance(time: Time): Promise<RotationReport[]> {
    await Promise.all([this.secretsManager.rotationsEnded(), this.rules.ended()]);
    const rotations: RotationReport[] = [];
    const release = this.watchRotations((report) => rotations.push(report));
    try {
      await this.clock.advance(time);
    } finally {
      release();
    }
    return rotations;
  }

  /** Is told of each rotation when it has ended, also of one that a schedule began. Call what this returns to hear no more. */
  watchRotations(watcher: (report: RotationReport) => void): () => void {
    this.rotationWatchers.add(watcher);
    return () => this.rotationWatchers.delete(watcher);
  }

  /** Invokes a deployed function by its name and waits for what it returns. @throws FunctionError as Lambda reports it. */
  async invoke(functionName: string, event: unknown = {}): Promise<unknown> {
    return await this.runner.invoke(functionName, event);
  }

  /** Puts a stand-in where functions expect a service outside AWS. Hosts without one cannot be reached. */
  async add(standIn: StandIn): Promise<void> {
    if (!/^[^:/]+:\d+$/.test(standIn.host)) {
      throw new Error(`the \`host\` of a stand-in must be host and port, as api.x.com:443, got ${standIn.host}`);
    }
    this.routes[standIn.host] = await standIn.start(this);
    this.standIns.push(standIn);
  }

  /**
   * The databases of the deployed templates, one for each server: a client outside of the lab connects to `127.0.0.1` and `loopbackPort`. The
   * server's certificate, which the lab's `authority` has signed, is for `host`. Functions reach it there, at `port`.
   */
  get databases(): LabDatabase[] {
    return this.rds.databases;
  }

  /**
   * All that the server of a database has logged until now: logins that it refused are there, and what must not be, such as passwords.
   * @param identifier of an entry of `databases`
   */
  databaseLog(identifier: string): string {
    return this.rds.logOf(identifier);
  }

  /** Configuration for an AWS SDK client, as the lab's administrator, or as a deployed role by its name. */
  client(roleName?: string): ClientConfig {
    const { identities, endpoint, region } = this;
    const credentials = roleName
      ? identities.assume(identities.role(roleName), 'client')
      : identities.administratorCredentials;
    return { endpoint, region, credentials };
  }

  /** Ends every server and every process of the lab, and removes the files that it wrote. */
  async stop(): Promise<void> {
    this.clock.stop();
    await this.runner.stop();
    this.inlineCode.remove();
    await Promise.all([
      this.server.stop(),
      this.rds.stop(),
      ...this.standIns.map(async (standIn) => await standIn.stop()),
    ]);
  }

  /** Names of the functions that run now: of that role, or of all roles. */
  private running(roleName?: string): string[] {
    const roleOf = (accessKeyId: string) => this.identities.callerOf(accessKeyId)?.name;
    return this.runner
      .running()
      .filter(({ credentials }) => roleName === undefined || roleOf(credentials.accessKeyId) === roleName)
      .map(({ name }) => name);
  }
}
