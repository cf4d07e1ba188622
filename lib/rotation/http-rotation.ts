import { Duration, Token } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { HttpIssuer } from '../issuer/http-issuer';
import { credentialFieldsOf, fieldsOf, filledFieldsOf, parametersOf } from './issuer-contract-values';
import { ApiKeySecret } from '../secret/api-key-secret';
import { ApiKeyRotationOptions } from './api-key-rotation-options';
import { bindApiKey, rotatedField } from './bind-api-key';
import { TAG } from './contract';
import { IssuerDeclaration } from './issuer-contract';
import { checkIssuerCredential } from './issuer-credential';
import { addToOldKeyRounds } from './old-key-rounds';
import { RotationCode } from './rotation-code';
import { RotationFunction } from './rotation-function';

/** Settings of `ApiKeyRotation.http`. */
export interface HttpKeyRotationProps extends ApiKeyRotationOptions {
  /** Who issues the key: one of this package, such as `SendGrid.apiKey`, or your own `HttpIssuer`. */
  readonly issuer: HttpIssuer;

  /**
   * The secret with the issuer's own credential, which may issue and revoke keys. The rotation reads it and never changes
   * it. Its fields are those that the issuer's requests name by `IssuerValue.credential`. Put its value in before the first
   * rotation. Its ARN, at most 256 characters, stands in a tag of the secret that is rotated. It is another secret than
   * that one, whose own key is `IssuerValue.key()`.
   *
   * @default - none; required where the issuer's requests name a field of it
   */
  readonly credential?: secretsmanager.ISecret;

  /**
   * Settings of this secret at the issuer, by the names that its requests give to `IssuerValue.parameter`: an account, a
   * project. Each stands in a tag of the secret: 1 to 256 letters, digits, blanks and `_.:/=+-@`. Never secret. All secrets
   * that differ in their parameters only share one function.
   *
   * @default - none
   */
  readonly parameters?: Record<string, string>;

  /**
   * How long the key of AWSPREVIOUS works on after a rotation: 15 minutes to 365 days. It is revoked within a quarter of
   * that time more, a day at most. Only for issuers that let the old key work on beside the new one.
   *
   * @default - until the next rotation has published its key
   */
  readonly revokeAfter?: Duration;
}

/** Sets the rotation of a key of an HTTP issuer up. */
export function bindHttpKey(secret: ApiKeySecret, props: HttpKeyRotationProps): void {
  const { issuer, credential, parameters = {}, revokeAfter, canary } = props;
  const declaration = issuer._declaration;
  const code = RotationCode.apiKey(issuer, { revokeAfter, canary });
  if (props.rotationFunction && props.rotationFunction.code.id !== code.id) {
    throw new Error(
      `\`issuer\`, \`revokeAfter\` and \`canary\` must be those of \`rotationFunction\`, which runs ` +
        `${props.rotationFunction.code.id}, got those of ${code.id}`,
    );
  }
  const rotationFunction = props.rotationFunction ?? RotationFunction.shared(props.scheduleScope ?? secret, code);
  checkCredential(credential, secret, credentialFieldsOf(declaration), declaration.issuer);
  checkParameters(parameters, parametersOf(declaration));
  checkOtherFields(secret, declaration);

  const tags = Object.entries(parameters).map(([name, value]) => [`${TAG.PARAMETER}${name}`, value]);
  bindApiKey(secret, props, {
    rotationFunction,
    issuers: credential ? [credential] : [],
    tags: {
      ...Object.fromEntries(tags),
      [TAG.ROTATED_FIELD]: rotatedField(secret, props.field, filledFieldsOf(declaration)),
      [TAG.ISSUER_SECRET]: credential?.secretArn,
    },
  });
  if (declaration.kind === 'issued' || declaration.kind === 'two-slots') {
    addToOldKeyRounds(props.scheduleScope ?? secret, rotationFunction, secret, revokeAfter);
  }
}

function checkCredential(
  credential: secretsmanager.ISecret | undefined,
  secret: ApiKeySecret,
  needed: readonly string[],
  issuer: string,
): void {
  const fields = needed.join(', ');
  if (!credential && needed.length > 0) {
    throw new Error(`\`credential\` is required: the requests to ${issuer} need a secret with ${fields}`);
  }
  if (!credential) return;
  if (needed.length === 0) {
    throw new Error(`\`credential\` must be left out: no request to ${issuer} needs it, got ${credential.node.path}`);
  }
  checkIssuerCredential(credential, secret, needed);
}

/** `IssuerValue.field` names what stands in every value: what the secret is said to have, or what the issuer fills. */
function checkOtherFields(secret: ApiKeySecret, declaration: IssuerDeclaration): void {
  const known = new Set([...secret.fields, ...filledFieldsOf(declaration)]);
  const unknown = fieldsOf(declaration).find((field) => !known.has(field));
  if (unknown === undefined) return;
  throw new Error(
    `\`fields\` of ${secret.node.path} must have ${unknown}, which the requests to ${declaration.issuer} name`,
  );
}

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Tag.html */
function checkParameters(parameters: Readonly<Record<string, string>>, needed: readonly string[]): void {
  const missing = needed.filter((name) => !Object.hasOwn(parameters, name) || parameters[name] === undefined);
  if (missing.length > 0)
    throw new Error(`\`parameters\` must have ${needed.join(', ')}, got none for ${missing.join(', ')}`);
  for (const [name, value] of Object.entries(parameters)) {
    if (!needed.includes(name)) {
      throw new Error(
        `\`parameters\` must have ${needed.join(', ') || 'nothing'}, got ${name}, which no request names`,
      );
    }
    if (Token.isUnresolved(value) || /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u.test(value)) continue;
    throw new Error(
      `\`parameters\` must be 1 to 256 letters, digits, blanks and _.:/=+-@, as tags are, got "${value}" for ${name}`,
    );
  }
}
