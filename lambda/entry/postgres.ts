import { ENV } from '../../lib/rotation/contract';
import { Postgres } from '../engine/postgres';
import { flag } from '../protocol/environment';
import { passwordPolicy } from '../protocol/password';
import { rotationHandler } from '../protocol/rotation-handler';
import { AlternatingUsers } from '../strategy/alternating-users';
import { chosenStrategy } from '../strategy/chosen-strategy';
import { SingleUser } from '../strategy/single-user';
import { SingleUserByMaster } from '../strategy/single-user-by-master';
import { RdsServers } from '../target/rds-servers';

/** Rotates users of PostgreSQL. */
export const handler = rotationHandler((env) => {
  const engine = new Postgres({
    authorities: env[ENV.CERTIFICATE_AUTHORITIES],
    passwordAsText: flag(env, ENV.PASSWORD_AS_TEXT, false),
  });
  const database = { engine, servers: new RdsServers(), passwords: passwordPolicy(env) };
  return chosenStrategy(env, {
    'single-user': () => new SingleUser(database),
    'single-user-by-master': () => new SingleUserByMaster(database),
    'alternating-users': () => new AlternatingUsers(database),
  });
});
