import {
  DescribeSecretCommand,
  DescribeSecretCommandOutput,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { TAG } from '../lib/rotation/contract';
import { type Call, calling, CallError } from './aws/calling';
import { refuseDuringRotation, takeOffPublished } from './put/pending-label';
import { PutError } from './put/put-error';
import { checkSize, parseJsonObject, toFields } from './put/value';

export interface PutSecretProps {
  readonly client: SecretsManagerClient;
  /** Name or ARN. */
  readonly secretId: string;
  /**
   * The value as text: a JSON object of the secret's fields, or the bare value when it has one field. Or a function that asks for it; it is
   * told the fields, and is not called for a secret that cannot take a value now.
   */
  readonly input: string | ((secret: SecretToFill) => Promise<string>);
}

export interface SecretToFill {
  readonly name: string;
  /** Undefined when the secret does not say (it has no tag `keyturn:fields`). */
  readonly fields?: string[];
}

export interface PutSecretResult {
  readonly name: string;
  readonly versionId: string;
  /** What the user should know beside that. */
  readonly notes: readonly string[];
}

/**
 * Stores a value as the new AWSCURRENT version, when it has the fields that the secret wants. JSON keys of the current value that are
 * no fields, such as `issuerarn`, are kept. AWSPENDING is taken off the version before, if a rotation has left it there. Throws PutError, and leaves every version as it was, when the value does not
 * fit, while a rotation is under way, or when the secret is marked for deletion; CallError when a call is refused.
 */
export async function putSecret({ client, secretId, input }: PutSecretProps): Promise<PutSecretResult> {
  const secret = await calling(askingFor('DescribeSecret', secretId), async () => {
    return await client.send(new DescribeSecretCommand({ SecretId: secretId }));
  });
  const name = secret.Name!;
  refuseDeleted(secret);
  refuseDuringRotation(secret);

  const fields = fieldsOf(secret);
  const text = typeof input === 'string' ? input : await input({ name, fields });
  const { body, note } = fields ? await toBody(client, secret, toFields(name, text, fields)) : asItIs(name, text);
  checkSize(name, body);

  const version = await calling(askingFor('PutSecretValue', secretId), async () => {
    return await client.send(new PutSecretValueCommand({ SecretId: secret.ARN, SecretString: body }));
  });
  const left = await takeOffPublished(client, secret);
  const notes = [note, left, goodUntil(secret)].filter((one) => one !== undefined);
  return { name, versionId: version.VersionId!, notes };
}

function askingFor(operation: string, resource: string): Call {
  const cure = 'secret.grantWrite(role) in the CDK app, for the role that you use';
  return { action: `secretsmanager:${operation}`, resource, cure };
}

function fieldsOf(secret: DescribeSecretCommandOutput): string[] | undefined {
  return tagOf(secret, TAG.FIELDS)
    ?.split(' ')
    .filter((field) => field !== '');
}

/** For a key that no rotation replaces. The date is that of this machine's clock. */
function goodUntil(secret: DescribeSecretCommandOutput): string | undefined {
  const days = tagOf(secret, TAG.MAX_AGE_DAYS);
  if (days === undefined || !/^\d{1,4}$/.test(days)) return undefined;
  const until = new Date(Date.now() + Number(days) * 86_400_000).toISOString().slice(0, 10);
  return `the value may be used for ${days} days, until ${until}; events ask for a new one in time`;
}

function tagOf({ Tags = [] }: DescribeSecretCommandOutput, name: string): string | undefined {
  return Tags.find(({ Key }) => Key === name)?.Value;
}

function refuseDeleted({ Name, DeletedDate }: DescribeSecretCommandOutput): void {
  if (!DeletedDate) return;
  throw new PutError(
    `${Name} is marked for deletion, so it takes no value. Take the mark off first: ` +
      `aws secretsmanager restore-secret --secret-id ${Name}`,
  );
}

interface Body {
  readonly body: string;
  readonly note?: string;
}

function asItIs(name: string, text: string): Body {
  return { body: text, note: `${name} has no tag ${TAG.FIELDS}: the value was stored as it is, unchecked` };
}

/** The new fields, and what else stands in the current value. Whoever may write and not read can still replace the fields. */
async function toBody(
  client: SecretsManagerClient,
  secret: DescribeSecretCommandOutput,
  values: Record<string, string>,
): Promise<Body> {
  const hasValue = Object.values(secret.VersionIdsToStages ?? {}).some((stages) => stages.includes('AWSCURRENT'));
  if (!hasValue) return { body: JSON.stringify(values) };

  try {
    const current = await calling(askingFor('GetSecretValue', secret.Name!), async () => {
      return await client.send(new GetSecretValueCommand({ SecretId: secret.ARN, VersionStage: 'AWSCURRENT' }));
    });
    return { body: JSON.stringify({ ...parseJsonObject(current.SecretString), ...values }) };
  } catch (error) {
    if (!isDenied(error)) throw error;
    const note = `reading ${secret.Name} is not allowed: if it had JSON keys beside its fields, they stand in AWSPREVIOUS only`;
    return { body: JSON.stringify(values), note };
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof CallError && error.cause instanceof Error && error.cause.name === 'AccessDeniedException';
}
