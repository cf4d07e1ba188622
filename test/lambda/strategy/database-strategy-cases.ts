import { AlternatingUsers } from '../../../lambda/strategy/alternating-users';
import { DualPassword } from '../../../lambda/strategy/dual-password';
import { SingleUser } from '../../../lambda/strategy/single-user';
import { SingleUserByMaster } from '../../../lambda/strategy/single-user-by-master';
import { DatabaseAccount } from './database-account';

/** A strategy for database users, and what is promised of it. */
export interface DatabaseStrategyCase {
  readonly name: string;
  readonly make: ConstructorParameters<typeof DatabaseAccount>[0];
  readonly calls: number;
  readonly connections: number;
  /** How many calls, logins and statements there are in the first rotation, and in later ones where those differ. */
  readonly effects: readonly number[];
  /** The users of the versions that three rotations make. */
  readonly usernames: readonly [string, string, string];
  /** Whether AWSCURRENT works at every moment, and not only some stored version. */
  readonly noGap: boolean;
  readonly byMaster: boolean;
}

export const DATABASE_STRATEGIES: DatabaseStrategyCase[] = [
  {
    name: 'single user',
    make: (database) => new SingleUser(database),
    ...{ calls: 8, connections: 2, effects: [12], usernames: ['app', 'app', 'app'], noGap: false, byMaster: false },
  },
  {
    name: 'single user by master',
    make: (database) => new SingleUserByMaster(database),
    ...{ calls: 9, connections: 2, effects: [13], usernames: ['app', 'app', 'app'], noGap: false, byMaster: true },
  },
  {
    name: 'alternating users',
    make: (database) => new AlternatingUsers(database),
    ...{
      calls: 9,
      connections: 3,
      effects: [16, 15, 16],
      usernames: ['app_clone', 'app', 'app_clone'],
      noGap: true,
      byMaster: true,
    },
  },
  {
    name: 'dual password',
    make: (database) => new DualPassword(database),
    ...{ calls: 9, connections: 2, effects: [13], usernames: ['app', 'app', 'app'], noGap: true, byMaster: true },
  },
];
