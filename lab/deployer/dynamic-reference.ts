import type { SecretsManager } from '../secrets-manager';

/**
 * Resolves what stands between `{{resolve:secretsmanager:` and `}}` as CloudFormation does: secret, SecretString, JSON key, stage, version id.
 * The secret may be an ARN, with colons of its own; parts left out at the end mean the whole text of AWSCURRENT.
 * @throws Error for any other service, and for a value that is not there
 */
export function dynamicReference(service: string, reference: string, secretsManager: SecretsManager): string {
  if (service !== 'secretsmanager')
    throw new Error(`the lab cannot resolve ${service}:${reference}: it has no ${service}`);
  const [, secretId, key, stage, id] =
    /^(arn(?::[^:]*){6}|[^:]+)(?::SecretString(?::([^:]*)(?::([^:]*)(?::([^:]*))?)?)?)?$/.exec(reference) ?? [];
  const text = secretId && secretsManager.textOf(secretId, { id: id || undefined, stage: stage || undefined });
  if (!text) throw new Error(`{{resolve:secretsmanager:${reference}}} names no stored text`);
  if (!key) return text;
  const value = (JSON.parse(text) as Record<string, unknown>)[key];
  if (value === undefined) throw new Error(`{{resolve:secretsmanager:${reference}}} names no JSON key of the value`);
  return String(value);
}
