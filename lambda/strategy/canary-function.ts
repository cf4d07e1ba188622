import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { askAws, REQUEST_LIMITS } from '../protocol/aws-call';
import { PendingNotProvenError } from '../protocol/errors';
import { Rotation } from '../protocol/rotation';
import { parseJson } from '../protocol/secret-fields';

/** One for all invocations. It asks once: an SDK that repeats by itself would call the canary again behind its back. */
let client: LambdaClient | undefined;

/** What the canary answers when it is told where the key stands. @throws PendingNotProvenError when it fails, or does not answer in time */
export async function askCanary(rotation: Rotation, canary: string, VersionStage: string): Promise<unknown> {
  client ??= new LambdaClient({ requestHandler: { ...REQUEST_LIMITS, requestTimeout: 0 }, maxAttempts: 1 });
  const { secretId: SecretId, versionId: VersionId, deadline } = rotation;
  const request = { FunctionName: canary, Payload: JSON.stringify({ SecretId, VersionId, VersionStage }) };
  const call = { service: 'Lambda', what: `Invoke of ${canary}`, error: PendingNotProvenError };
  const { FunctionError, Payload = new Uint8Array() } = await askAws(call, deadline, async (options) => {
    return await client!.send(new InvokeCommand(request), options);
  });
  // What it says may quote the key, and stands in its own log.
  if (FunctionError) throw new PendingNotProvenError(`the canary ${canary} failed (${FunctionError}); see its log`);
  return parseJson(Buffer.from(Payload).toString());
}
