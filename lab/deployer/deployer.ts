import type { CloudAssembly, Stack } from '../../assembly';
import type { DeployedResource, DeployedStack } from './deployed-stack';
import { Exports } from './exports';
import type { Account } from './resource-type';
import { StackDeployment, type StackResources } from './stack-deployment';
import type { Surroundings } from './stack-scope';

/** Makes the resources of a synthesized app in the lab, and updates them, stack by stack, as CloudFormation would. */
export class Deployer {
  private readonly surroundings: Surroundings;
  private readonly stacks = new Map<string, StackResources>();
  private busy = false;

  constructor(
    private readonly account: Account,
    private readonly home: { readonly account: string; readonly region: string },
    dynamicReference: Surroundings['dynamicReference'],
  ) {
    this.surroundings = { exports: new Exports(), outputs: new Map(), dynamicReference };
  }

  /**
   * Answers every stack of the lab: those of the assembly in their order, then the others, which stay as they are.
   * @throws before anything is made, for a stack of another account or region, and while another deployment runs
   */
  async deploy(
    assembly: CloudAssembly,
    onResource: (resource: DeployedResource) => void = () => {},
  ): Promise<DeployedStack[]> {
    if (this.busy) throw new Error('the lab is being deployed to already; wait until that has ended');
    for (const stack of assembly.stacks) this.refuseElsewhere(stack);
    this.busy = true;
    try {
      const deployed: DeployedStack[] = [];
      for (const stack of assembly.stacks) deployed.push(await this.deployStack(stack, onResource));
      const left = [...this.stacks.keys()].filter((name) => !assembly.stacks.some((stack) => stack.name === name));
      return [...deployed, ...left.map((name) => this.leaveAlone(name))];
    } finally {
      this.busy = false;
    }
  }

  private refuseElsewhere({ name, account, region }: Stack): void {
    if (account === this.home.account && region === this.home.region) return;
    throw new Error(
      `stack ${name} is for account ${account} in ${region}, the lab plays ${this.home.account} in ${this.home.region}; ` +
        'start it with the account and region of the stack',
    );
  }

  private async deployStack(stack: Stack, onResource: (resource: DeployedResource) => void): Promise<DeployedStack> {
    const before = this.stacks.get(stack.name) ?? new Map();
    const deployment = new StackDeployment(stack, before, this.account, this.surroundings, onResource);
    await deployment.run();
    this.stacks.set(stack.name, deployment.after);
    return deployment.deployed;
  }

  /** `cdk deploy` destroys no stack that an app has no longer. */
  private leaveAlone(name: string): DeployedStack {
    const resources = [...this.stacks.get(name)!.values()].map(({ logicalId, type, path, made }) => {
      return { logicalId, type, path, ref: made.ref, outcome: 'unchanged' as const };
    });
    const leftOut = [`${name}: the app does not have this stack; it stays as it is, as it does with cdk deploy`];
    return { name, resources, outputs: this.surroundings.outputs.get(name) ?? {}, leftOut };
  }
}
