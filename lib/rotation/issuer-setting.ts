import { Duration } from 'aws-cdk-lib';
import { HttpIssuer } from '../issuer/http-issuer';
import { IssuerDeclaration } from './issuer-contract';
import { shortHash } from './rotation-placement';

/**
 * All variables of a function have 4 KB together; what else it has takes less than half a kilobyte.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
const LONGEST = 3_500;

/** An issuer as a setting of its function, and what tells it from others. */
export function issuerSetting({ _declaration }: HttpIssuer, revokeAfter?: Duration): { text: string; hash: string } {
  const text = JSON.stringify(withGrace(_declaration, revokeAfter));
  if (Buffer.byteLength(text) > LONGEST) {
    throw new Error(
      `\`issuer\` must have at most ${LONGEST} bytes as JSON, a setting of its function, got ${Buffer.byteLength(text)}; ` +
        'use ApiKeyRotation.custom for an issuer that needs more',
    );
  }
  return { text, hash: shortHash(text) };
}

function withGrace(declaration: IssuerDeclaration, revokeAfter?: Duration): IssuerDeclaration {
  if (!revokeAfter) return declaration;
  const { issuer, kind } = declaration;
  if (kind !== 'issued' && kind !== 'two-slots') {
    throw new Error(`\`revokeAfter\` must be left out: at ${issuer} the old key ends when the new one comes`);
  }
  return { ...declaration, grace: graceSeconds(revokeAfter) };
}

export function graceSeconds(revokeAfter: Duration): number {
  const minutes = revokeAfter.toMinutes({ integral: false });
  if (minutes >= 15 && minutes <= 365 * 24 * 60) return Math.round(minutes * 60);
  throw new Error(`\`revokeAfter\` must be between 15 minutes and 365 days, got ${revokeAfter.toHumanString()}`);
}
