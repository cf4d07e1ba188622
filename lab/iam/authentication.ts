import type { Identities } from '../identities';
import { type CallerOf, ServiceError } from '../secrets-manager';
import type { AccessKeys } from './access-keys';
import { isSignedWith } from './signature';

/**
 * Tells who signed a request. For the access key of a user the signature is verified, so that a wrong secret is refused as AWS refuses it. The
 * keys of sessions and of the administrator, which the lab hands out itself, are taken at their word.
 */
export function authentication(account: string, identities: Identities, accessKeys: AccessKeys): CallerOf {
  return async (accessKeyId, request, body) => {
    const key = accessKeys.use(accessKeyId);
    const user = key && identities.findUser(key.userName);
    if (!user) return identities.callerOf(accessKeyId);
    if (!(await isSignedWith(key.secretAccessKey, accessKeyId, request, body))) throw signatureDoesNotMatch();
    return { principal: { kind: 'user', arn: user.arn, account }, name: user.name };
  };
}

const signatureDoesNotMatch = () =>
  new ServiceError(
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. ' +
      'Consult the service documentation for details.',
  );
