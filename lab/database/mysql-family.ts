import { join } from 'node:path';
import type { DatabaseServerOptions } from './database-server';
import type { ServerProcess } from './server-process';

/** In the log of MariaDB and MySQL when they take connections. */
export const READY = /ready for connections[^\n]*\n?[^\n]*port: [1-9]/;

/** Of MariaDB and MySQL; a later option wins over an earlier one. */
export function serverOptions(server: ServerProcess, port: number): string[] {
  return [
    `--datadir=${join(server.folder, 'data')}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    `--socket=${join(server.folder, 'socket')}`,
    `--pid-file=${join(server.folder, 'pid')}`,
    `--general-log-file=${join(server.folder, 'statements.log')}`,
    '--skip-log-bin',
    '--innodb-flush-method=nosync',
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-buffer-pool-size=16M',
    '--performance-schema=OFF',
    '--character-set-server=utf8mb4',
  ];
}

/** The certificate goes into the server's folder. */
export function encryptedOnly(server: ServerProcess, { certificate }: DatabaseServerOptions, engine: string): string[] {
  if (!certificate) throw new Error(`a ${engine} server with TLS needs a \`certificate\``);
  return [
    `--ssl-cert=${server.write('server.crt', certificate.cert)}`,
    `--ssl-key=${server.write('server.key', certificate.key)}`,
    '--require-secure-transport=ON',
  ];
}

export function settingOptions({ settings = {} }: DatabaseServerOptions): string[] {
  return Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
}

/** One statement a line, in the way of both servers. */
export function text(value: string): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `'${escaped}'`;
}

export function identifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
