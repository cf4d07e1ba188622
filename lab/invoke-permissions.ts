import { decide } from '../policy';

/** One statement of a function's resource policy. */
export interface InvokePermission {
  /** The service that may: `secretsmanager.amazonaws.com`. */
  readonly service: string;
  readonly action: string;
  readonly conditions: Record<string, Record<string, string>>;
}

/**
 * Who may invoke which function: the resource policies that AWS::Lambda::Permission resources add up to.
 * Secrets Manager asks before it rotates, and refuses where a permission is missing or names another account.
 */
export class InvokePermissions {
  /** By function, and there by the id of the statement. */
  private readonly policies = new Map<string, Map<string, InvokePermission>>();

  allow(functionArn: string, id: string, permission: InvokePermission): void {
    const policy = this.policies.get(functionArn) ?? new Map<string, InvokePermission>();
    this.policies.set(functionArn, policy.set(id, permission));
  }

  revoke(functionArn: string, id: string): void {
    this.policies.get(functionArn)?.delete(id);
  }

  /** For a function that is deleted: its policy goes with it. */
  revokeAll(functionArn: string): void {
    this.policies.delete(functionArn);
  }

  /** `sourceAccount` and `sourceArn` are what the service says of the resource it acts for. */
  allows(service: string, functionArn: string, source: { account: string; arn: string }): boolean {
    const request = {
      principal: { kind: 'service' as const, service },
      action: 'lambda:InvokeFunction',
      resource: functionArn,
      resourceAccount: functionArn.split(':')[4],
      context: { 'aws:SourceAccount': source.account, 'aws:SourceArn': source.arn },
    };
    const permissions = [...(this.policies.get(functionArn)?.values() ?? [])];
    const Statement = permissions.map((permission) => ({
      Effect: 'Allow' as const,
      Principal: { Service: permission.service },
      Action: permission.action,
      Resource: functionArn,
      ...(Object.keys(permission.conditions).length > 0 && { Condition: permission.conditions }),
    }));
    const resource = { name: `${functionArn} policy`, document: { Statement } };
    return decide(request, { identity: [], resource }).allowed;
  }
}
