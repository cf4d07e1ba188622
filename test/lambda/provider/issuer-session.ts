import { Deadline } from '../../../lambda/protocol/deadline';
import { createLog } from '../../../lambda/protocol/log';
import { Redactor } from '../../../lambda/protocol/redaction';
import { SecretFields } from '../../../lambda/protocol/secret-fields';
import { IssuerSession } from '../../../lambda/provider/key-issuer';

export const CREDENTIAL_SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:acme/admin-AbCdEf';
export const ADMIN_KEY = 'admin-key-of-acme';
export const CURRENT_KEY = 'current-key-of-the-app';

/** A session as a step makes it, and what an issuer has asked it for and told it. */
export interface TestSession extends IssuerSession {
  /** Values that were to be hidden. */
  readonly hidden: unknown[];
  /** How often the credential was read. */
  readonly credentialReads: () => number;
}

/** A session with half a minute left. */
export function sessionWith(
  given: {
    credential?: Record<string, string>;
    current?: SecretFields;
    parameters?: Record<string, string>;
    milliseconds?: number;
  } = {},
): TestSession {
  const { credential = { adminKey: ADMIN_KEY }, current = { apiKey: CURRENT_KEY }, parameters = {} } = given;
  const hidden: unknown[] = [];
  let reads = 0;
  return {
    parameters,
    field: 'apiKey',
    current: async () => current,
    credential: async () => {
      reads++;
      return { secretId: CREDENTIAL_SECRET, fields: credential };
    },
    deadline: Deadline.of({ getRemainingTimeInMillis: () => given.milliseconds ?? 30_000 }),
    log: createLog(new Redactor()),
    hide: (value) => void hidden.push(value),
    hidden,
    credentialReads: () => reads,
  };
}
