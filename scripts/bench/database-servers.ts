import { MissingServerError } from '../../lab/database/missing-server-error';
import { DatabaseLab, type Setting } from '../../test/conformance/database-lab';
import { MARIADB, MYSQL, POSTGRES, type ServerKind } from '../../test/conformance/servers';

/**
 * Measures the same on each kind of server that this machine has. Which one it lacks, and how to get it, is told once a measurement.
 * @throws when it has none
 */
export async function onEachServer<T>(setting: Setting, measure: (sample: DatabaseLab) => Promise<T>): Promise<T[]> {
  const measured: T[] = [];
  const kinds = [POSTGRES, MARIADB, MYSQL].filter(isHere);
  if (kinds.length === 0) throw new Error('no database server is on this machine: npm run database-servers');
  for (const kind of kinds) {
    const sample = await DatabaseLab.start(kind, setting);
    // Its own stop() finds a password that stands in a log.
    measured.push(await measure(sample).finally(async () => await sample.stop()));
  }
  return measured;
}

function isHere(kind: ServerKind): boolean {
  try {
    kind.find();
    return true;
  } catch (error) {
    if (!(error instanceof MissingServerError)) throw error;
    process.stderr.write(`  not measured: ${error.message}\n`);
    return false;
  }
}
