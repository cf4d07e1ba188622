import type { NetworkPart } from './network';

/** Who may come in, or where one may go. */
export interface Rule {
  /** A security group at the other end. */
  readonly group?: string;
  /** Addresses at the other end: `10.0.0.0/16`. */
  readonly range?: string;
}

type Direction = 'ingress' | 'egress';

const TYPES = { ingress: 'SecurityGroupIngress', egress: 'SecurityGroupEgress' } as const;

/** The rules of security groups: those that stand in them, and those that stand on their own. */
export class SecurityGroups {
  constructor(private readonly parts: ReadonlyMap<string, NetworkPart>) {}

  /** Whether a template has made each of them, and there is one. */
  allKnown(ids: readonly string[]): boolean {
    return ids.length > 0 && ids.every((id) => this.parts.has(id));
  }

  /** Whether one of the groups has such a rule for a TCP port. One that no template has made might. */
  some(ids: readonly string[], direction: Direction, port: number, fits: (rule: Rule) => boolean): boolean {
    return !this.allKnown(ids) || ids.some((id) => this.rules(id, direction, port).some(fits));
  }

  private rules(id: string, direction: Direction, port: number): Rule[] {
    const type = TYPES[direction];
    const own = this.parts.get(id)!.properties[type];
    const alone = [...this.parts.values()]
      .filter((part) => part.type === type && part.properties.GroupId === id)
      .map(({ properties }) => properties);
    // A group whose template says nothing of what may go out lets everything out.
    const rules = [...(own ?? (direction === 'egress' ? [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }] : [])), ...alone];
    return rules
      .filter(({ IpProtocol, FromPort, ToPort }) => isFor(port, IpProtocol, FromPort, ToPort))
      .map(({ CidrIp, CidrIpv6, SourceSecurityGroupId, DestinationSecurityGroupId }) => ({
        group: SourceSecurityGroupId ?? DestinationSecurityGroupId,
        range: CidrIp ?? CidrIpv6,
      }));
  }
}

function isFor(port: number, protocol: unknown, from: unknown, to: unknown): boolean {
  if (String(protocol) === '-1') return true;
  return ['tcp', '6'].includes(String(protocol)) && port >= Number(from) && port <= Number(to ?? from);
}
