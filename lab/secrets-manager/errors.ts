/** An error as the service answers it: the type that an SDK turns into a class, and AWS's own text. */
export class ServiceError extends Error {
  /**
   * @param type AWS's name of the error, such as `ResourceNotFoundException`; it is also the `name` of this error
   * @param message the text that the caller reads, never with a secret value in it
   * @param status the HTTP status
   */
  constructor(
    readonly type: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = type;
  }
}
