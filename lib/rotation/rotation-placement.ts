import { createHash } from 'node:crypto';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

/** Where in the network a rotation function stands. */
export interface RotationPlacement {
  /**
   * The VPC of the function. When it is made in this app, a missing way to an API that the function calls is an error at
   * synth. The routes of an imported one cannot be seen: there it is the warning `cdk-keyturn:api-route`, which
   * `Annotations.of(stack).acknowledgeWarning` takes away.
   *
   * @default - none: the function reaches what is public
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets of the function, private or isolated, with a way to Secrets Manager: a NAT gateway, or an interface
   * endpoint in the VPC.
   *
   * @default - private subnets with a route out; where there are none, isolated ones
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The security groups of the function.
   *
   * @default - a new one, which lets out what the function needs and nothing else
   */
  readonly securityGroups?: ec2.ISecurityGroup[];
}

/** Tells one place from another in logical ids; empty outside every VPC. */
export function placementId({ vpc, vpcSubnets, securityGroups = [] }: RotationPlacement): string {
  if (!vpc) return '';
  const pathOf = (_key: string, value: unknown) => (Construct.isConstruct(value) ? value.node.path : value);
  return `In${shortHash(JSON.stringify([vpc, vpcSubnets ?? {}, securityGroups], pathOf))}`;
}

/** Eight hexadecimal digits that stand for a text. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
