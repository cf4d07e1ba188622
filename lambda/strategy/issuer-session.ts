import { TAG } from '../../lib/rotation/contract';
import { ConfigurationError } from '../protocol/errors';
import { Rotation } from '../protocol/rotation';
import { Credential } from '../protocol/secret-fields';
import { AnyIssuer, IssuerSession } from '../provider/key-issuer';
import { issuerSecretOf } from './issuer-secret';

/**
 * What an issuer is asked with in one step: what the tags of the secret say. The issuer's credential is read when the first request needs it.
 * @throws ConfigurationError naming the tags that are missing
 */
export async function issuerSession(rotation: Rotation, issuer: AnyIssuer): Promise<IssuerSession> {
  const { tags } = await rotation.describe();
  const missing = issuer.parameterNames.filter((name) => !tags[TAG.PARAMETER + name]);
  if (missing.length > 0) {
    const names = missing.map((name) => TAG.PARAMETER + name).join(', ');
    throw new ConfigurationError(
      `${rotation.secretId} lacks the tag ${names}, which ${issuer.name} must be asked with`,
    );
  }
  let credential: Promise<Credential> | undefined;
  return {
    parameters: Object.fromEntries(issuer.parameterNames.map((name) => [name, tags[TAG.PARAMETER + name]!])),
    field: await rotation.field(),
    current: async () => await rotation.current(),
    credential: async () => await (credential ??= readCredential(rotation, issuer)),
    deadline: rotation.deadline,
    log: rotation.log,
    hide: (value) => rotation.hide(value),
  };
}

async function readCredential(rotation: Rotation, { credentialFields }: AnyIssuer): Promise<Credential> {
  const { tags } = await rotation.describe();
  const current = tags[TAG.ISSUER_SECRET] ? undefined : await rotation.current();
  return await rotation.credential(issuerSecretOf(rotation, tags, current, credentialFields), credentialFields);
}
