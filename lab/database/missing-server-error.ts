/** This machine has no server of that engine. The message says how to get it. */
export class MissingServerError extends Error {
  /**
   * @param engine `PostgreSQL`, `MariaDB` or `MySQL`
   * @param cure what to install, as a command
   */
  constructor(
    readonly engine: string,
    readonly cure: string,
  ) {
    super(`${engine} is not on this machine: ${cure}`);
    this.name = 'MissingServerError';
  }
}
