/** What `keyturn rollback` says instead of going back. The message is for a person, names the cure, and never holds a value. */
export class RollBackError extends Error {
  override readonly name = 'RollBackError';
}
