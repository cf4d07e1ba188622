import type { SecretsManager } from '../secrets-manager';

/** Secret by name or by ARN, which has colons of its own; then SecretString, JSON key, stage and version id, each of which may be left out. */
const REFERENCE = /^(arn(?::[^:]*){6}|[^:]+)(?::(?:SecretString)?(?::([^:]*)(?::([^:]*)(?::([^:]*))?)?)?)?$/;

/**
 * Resolves what stands between `{{resolve:secretsmanager:` and `}}` as CloudFormation does; what is left out at the end means the whole
 * text of AWSCURRENT.
 * @throws Error for any other service, and for a value that is not there; never with a value in it
 */
export function dynamicReference(service: string, reference: string, secretsManager: SecretsManager): string {
  const whole = `{{resolve:${service}:${reference}}}`;
  if (service !== 'secretsmanager') {
    throw new Error(
      `${whole} cannot be resolved: the lab knows secretsmanager only; write the value into the template`,
    );
  }
  const [, secretId, key, stage, id] = REFERENCE.exec(reference) ?? [];
  const text = secretId && secretsManager.textOf(secretId, { id: id || undefined, stage: stage || undefined });
  if (!text) throw new Error(`${whole} names no stored text; put a value into the secret first`);
  if (!key) return text;
  const fields = fieldsOf(text);
  if (!fields || !Object.hasOwn(fields, key)) throw new Error(`${whole}: the value is not JSON with the key ${key}`);
  const field = fields[key];
  return typeof field === 'string' ? field : JSON.stringify(field);
}

function fieldsOf(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined; // The parser's own message quotes the value.
  }
}
