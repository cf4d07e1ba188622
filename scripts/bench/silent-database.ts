import type { DatabaseLab } from '../../test/conformance/database-lab';
import { startSilentServer } from '../../test/conformance/silent-server';
import { onEachServer } from './database-servers';
import { atMost, type Measurement } from './measurement';

/** The time-out of a rotation function, unless it is given another one. */
const TIMEOUT_SECONDS = 60;

/** How long it takes until a step says that the server accepts connections and is silent. */
export async function silentDatabase(): Promise<Measurement[]> {
  const setting = { strategy: 'singleUser', lab: { rotationAttempts: 1 } } as const;
  const seconds = await onEachServer(setting, secondsUntilError);
  return [atMost(TIMEOUT_SECONDS, 'answer when the database is silent, cause named', Math.max(...seconds), 's')];
}

async function secondsUntilError(sample: DatabaseLab): Promise<number> {
  const silent = await startSilentServer();
  sample.relay.port = silent.port;
  const { attempts } = await sample.rotate().finally(async () => await silent.stop());
  const { error, milliseconds } = attempts.at(-1)!.steps.at(-1)!;
  if (error?.type === 'UnreachableError' && error.message.includes('was silent for')) return milliseconds / 1000;
  throw new Error(`a silent database is not named as the cause, but ${JSON.stringify(error)}`);
}
