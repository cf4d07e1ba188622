import { execFileSync } from 'node:child_process';
import { MissingServerError } from './missing-server-error';
import { findProgram } from './programs';

/** The MariaDB of this machine. */
export interface MariaDbInstallation {
  readonly version: string;
  readonly server: string;
  readonly installer: string;
}

/** @throws MissingServerError */
export function mariaDbInstallation(): MariaDbInstallation {
  const server = findProgram('mariadbd');
  const installer = findProgram('mariadb-install-db');
  if (!server || !installer) {
    throw new MissingServerError(
      'MariaDB',
      'apt-get install mariadb-server-core mariadb-client-core, or brew install mariadb',
    );
  }
  const output = execFileSync(server, ['--no-defaults', '--version'], { encoding: 'utf8' });
  return { server, installer, version: /Ver (\d+\.\d+\.\d+)/.exec(output)![1] };
}
