import { type DatabaseLab, isOfTheRotation, type Strategy } from '../../test/conformance/database-lab';
import { onEachServer } from './database-servers';
import { atMost, type Measurement } from './measurement';

/** After a first one of each of two users. */
const WARM_UP = 2;
const ROTATIONS = 4;

const WAYS: readonly { strategy: Strategy; name: string; calls: number; connections: number }[] = [
  { strategy: 'singleUser', name: 'single user', calls: 8, connections: 2 },
  { strategy: 'alternatingUsers', name: 'alternating users', calls: 9, connections: 3 },
];

/** What a rotation asks for in the steady path, on real servers: the most that any of them took. */
export async function databaseRotation(): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  let refusedLogins = 0;
  for (const { strategy, name, calls, connections } of WAYS) {
    const costs = (await onEachServer({ strategy }, costsOfRotations)).flat();
    const most = (cost: (each: Cost) => number) => Math.max(...costs.map(cost));
    refusedLogins = Math.max(
      refusedLogins,
      most(({ refused }) => refused),
    );
    measurements.push(
      atMost(
        calls,
        `rotation of a database user, ${name}: calls of Secrets Manager`,
        most(({ calls }) => calls),
        'calls',
      ),
      atMost(
        connections,
        `rotation of a database user, ${name}: connections`,
        most(({ logins }) => logins),
        'connections',
      ),
    );
  }
  return [...measurements, atMost(0, 'rotation of a database user: failed logins', refusedLogins, 'logins')];
}

interface Cost {
  readonly calls: number;
  readonly logins: number;
  readonly refused: number;
}

async function costsOfRotations(sample: DatabaseLab): Promise<Cost[]> {
  for (let time = 0; time < WARM_UP; time++) await rotate(sample);
  const costs: Cost[] = [];
  for (let time = 0; time < ROTATIONS; time++) costs.push(await costOf(sample));
  return costs;
}

async function costOf(sample: DatabaseLab): Promise<Cost> {
  const seen = sample.lab.calls.all.length;
  const refused = sample.refusedLogins();
  await rotate(sample);
  const made = sample.lab.calls.all.slice(seen).filter(isOfTheRotation);
  return {
    calls: made.filter(({ service }) => service === 'secretsmanager').length,
    logins: made.filter(({ operation }) => operation === 'connect').length,
    refused: sample.refusedLogins() - refused,
  };
}

async function rotate(sample: DatabaseLab): Promise<void> {
  const { outcome, attempts } = await sample.rotate();
  if (outcome !== 'succeeded') throw new Error(`a rotation ended as ${outcome}: ${JSON.stringify(attempts)}`);
}
