import { Template } from 'aws-cdk-lib/assertions';
import { ApiKeyRotation, ApiKeySecret, HttpIssuer } from '../../../lib';
import { ENV } from '../../../lib/rotation/contract';
import { IssuerDeclaration, RequestDeclaration, RunTimeValue, Text } from '../../../lib/rotation/issuer-contract';
import { stack } from '../stacks';

interface Rotation {
  /** Fields of the secret with the issuer's credential; none: the rotation has no credential. */
  readonly credential?: string[];
  readonly parameters?: Record<string, string>;
}

/** The environment of the function that rotates a key of an issuer. */
export function environmentOf(issuer: HttpIssuer, { credential = [], parameters }: Rotation): Record<string, string> {
  const scope = stack();
  const credentialSecret =
    credential.length > 0 ? new ApiKeySecret(scope, 'Credential', { fields: credential }) : undefined;
  new ApiKeySecret(scope, 'Secret', {
    fields: ['key'],
    rotation: ApiKeyRotation.http({ issuer, credential: credentialSecret, parameters }),
  });
  const [rotation] = Object.values(Template.fromStack(scope).findResources('AWS::Lambda::Function'));
  return rotation.Properties.Environment.Variables;
}

/** The declaration as the function of a synthesized secret gets it. */
export function declared<Kind extends IssuerDeclaration['kind']>(
  kind: Kind,
  issuer: HttpIssuer,
  rotation: Rotation,
): IssuerDeclaration & { kind: Kind } {
  const declaration = JSON.parse(environmentOf(issuer, rotation)[ENV.ISSUER]) as IssuerDeclaration;
  if (declaration.kind !== kind) throw new Error(`expected an issuer of the kind ${kind}, got ${declaration.kind}`);
  return declaration as IssuerDeclaration & { kind: Kind };
}

/** Method and URL, with values as `{their origin}`. */
export function asked({ method, url }: RequestDeclaration): string {
  return `${method} ${shown(url)}`;
}

/** A text, with values as `{their origin}`. */
export function shown(text: Text): string {
  if (typeof text === 'string') return text;
  return text.map((piece) => (typeof piece === 'string' ? piece : `{${origin(piece)}}`)).join('');
}

function origin(value: RunTimeValue): string {
  switch (value.from) {
    case 'credential':
    case 'field':
      return `${value.from} ${value.field}`;
    case 'parameter':
      return `parameter ${value.name}`;
    case 'time':
      return `${value.format} in ${value.seconds} s`;
    case 'base64':
      return `base64 ${shown(value.of)}`;
    default:
      return value.from;
  }
}
