import { BusyClient } from '../../test/conformance/busy-client';
import type { DatabaseLab } from '../../test/conformance/database-lab';
import { onEachServer } from './database-servers';
import { atMost, figure, type Measurement } from './measurement';

const ROTATIONS = 50;

/** A client that logs in all the time by `withSecret`, while its single user rotates again and again. */
export async function databaseReader(): Promise<Measurement[]> {
  const clients = await onEachServer({ strategy: 'singleUser' }, underRotations);
  const during = `during ${ROTATIONS} rotations of a single user`;
  const failures = clients.reduce((sum, client) => sum + client.failures.length, 0);
  return [
    atMost(0, `reader: logins that fail ${during}`, failures, 'logins'),
    figure(`reader: longest wait ${during}`, Math.max(...clients.map(({ longestWait }) => longestWait)), 'ms'),
  ];
}

async function underRotations(sample: DatabaseLab): Promise<BusyClient> {
  const client = new BusyClient(sample);
  try {
    for (let rotation = 0; rotation < ROTATIONS; rotation++) {
      await sample.rotate();
      await client.next();
    }
  } finally {
    await client.stop();
  }
  return client;
}
