import { apiKeyRotation } from './bench/api-key-rotation';
import { bundleSize } from './bench/bundle-size';
import { databaseReader } from './bench/database-reader';
import { databaseResources } from './bench/database-resources';
import { databaseRotation } from './bench/database-rotation';
import { deployment } from './bench/deployment';
import { type Measurement, tableOf } from './bench/measurement';
import { memory } from './bench/memory';
import { reader } from './bench/reader';
import { requests } from './bench/requests';
import { rotation } from './bench/rotation';
import { silentDatabase } from './bench/silent-database';
import { synth } from './bench/synth';

const MEASURES = [
  ...[memory, requests, deployment, rotation, apiKeyRotation, reader],
  ...[databaseRotation, silentDatabase, databaseReader, databaseResources],
  ...[bundleSize, synth],
];

/** Prints the figures that the project holds itself to: as a table, or with `--json` as JSON. A figure that misses its target fails the run. */
async function bench(): Promise<void> {
  const measurements: Measurement[] = [];
  // One after the other: each has the machine for itself.
  for (const measure of MEASURES) {
    process.stderr.write(`${measure.name} ...\n`);
    measurements.push(...(await measure()));
  }
  console.log(process.argv.includes('--json') ? JSON.stringify(measurements, null, 2) : tableOf(measurements));
  if (measurements.some(({ held }) => held === false)) process.exitCode = 1;
}

void bench();
