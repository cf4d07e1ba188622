import { ENV } from '../../lib/rotation/contract';
import { Mysql } from '../engine/mysql';
import { passwordPolicy } from '../protocol/password';
import { rotationHandler } from '../protocol/rotation-handler';
import { AlternatingUsers } from '../strategy/alternating-users';
import { chosenStrategy } from '../strategy/chosen-strategy';
import { DualPassword } from '../strategy/dual-password';
import { SingleUser } from '../strategy/single-user';
import { SingleUserByMaster } from '../strategy/single-user-by-master';
import { RdsServers } from '../target/rds-servers';

/** Rotates users of MySQL and MariaDB. */
export const handler = rotationHandler((env) => {
  const engine = new Mysql({ authorities: env[ENV.CERTIFICATE_AUTHORITIES] });
  const database = { engine, servers: new RdsServers(), passwords: passwordPolicy(env) };
  return chosenStrategy(env, {
    'single-user': () => new SingleUser(database),
    'single-user-by-master': () => new SingleUserByMaster(database),
    'alternating-users': () => new AlternatingUsers(database),
    'dual-password': () => new DualPassword(database),
  });
});
