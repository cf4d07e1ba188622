import type { InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { parseJson } from '../../lambda/protocol/secret-fields';
import { REQUEST } from '../../lib/rotation/contract';
import { RollBackError } from './rollback-error';

/** What a rotation function of ours puts before the message of an error, when it was asked to roll back. */
const OURS = `${REQUEST.ROLL_BACK}: `;

/** Errors of Lambda itself. */
const OF_LAMBDA = /^(?:Sandbox|Runtime)\./;

/**
 * The id of the version that a rotation function has made current again.
 * @throws RollBackError with what it says instead. Of a function that is not ours nothing is repeated: who knows what stands in it
 */
export function versionFrom({ FunctionError, Payload }: InvokeCommandOutput, functionArn: string): string {
  const answer = parseJson(Payload?.transformToString() ?? '') as Record<string, unknown> | null | undefined;
  const { VersionId, errorType, errorMessage } = answer ?? {};
  if (!FunctionError && typeof VersionId === 'string') return VersionId;
  if (FunctionError && typeof errorMessage === 'string') {
    if (errorMessage.startsWith(OURS)) throw new RollBackError(inOneLine(errorMessage.slice(OURS.length)));
    if (typeof errorType === 'string' && OF_LAMBDA.test(errorType)) {
      throw new RollBackError(
        `${functionArn} was cut off, or does not start (${errorType}: ${inOneLine(errorMessage)}). ` +
          'Look at the labels before you try again: aws secretsmanager describe-secret',
      );
    }
  }
  throw new RollBackError(
    `${functionArn} cannot roll back: it is no rotation function of cdk-keyturn, or of a version before this one. ` +
      'Deploy the app again, or move AWSCURRENT by hand when you know that the value before works',
  );
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
