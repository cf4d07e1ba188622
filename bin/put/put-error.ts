/** What `keyturn put` says instead of storing a value. The message is for a person, names the cure, and never holds a value. */
export class PutError extends Error {
  override readonly name = 'PutError';
}
