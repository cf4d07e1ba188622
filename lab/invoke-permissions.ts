import { decide, type NamedPolicy } from '../policy';

/**
 * Who may invoke which function: the resource policies that AWS::Lambda::Permission resources add up to.
 * Secrets Manager asks before it rotates, and refuses where a permission is missing or names another account.
 */
export class InvokePermissions {
  private readonly policies = new Map<string, NamedPolicy>();

  allow(
    functionArn: string,
    service: string,
    action: string,
    conditions: Record<string, Record<string, string>>,
  ): void {
    const policy = this.policies.get(functionArn) ?? { name: `${functionArn} policy`, document: { Statement: [] } };
    (policy.document.Statement as unknown[]).push({
      Effect: 'Allow',
      Principal: { Service: service },
      Action: action,
      Resource: functionArn,
      ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
    });
    this.policies.set(functionArn, policy);
  }

  /** `sourceAccount` and `sourceArn` are what the service says of the resource it acts for. */
  allows(service: string, functionArn: string, source: { account: string; arn: string }): boolean {
    const resource = this.policies.get(functionArn);
    if (!resource) return false;
    const request = {
      principal: { kind: 'service' as const, service },
      action: 'lambda:InvokeFunction',
      resource: functionArn,
      resourceAccount: functionArn.split(':')[4],
      context: { 'aws:SourceAccount': source.account, 'aws:SourceArn': source.arn },
    };
    return decide(request, { identity: [], resource }).allowed;
  }
}
