/** What a function's failure is to its caller: type, message and trace as Lambda reports them. */
export class FunctionError extends Error {
  /**
   * @param errorType name of the thrown error, or one of Lambda's own: `Sandbox.Timedout`, `Runtime.ExitError`, `Runtime.ImportModuleError`,
   * `Runtime.UserCodeSyntaxError`, `Runtime.HandlerNotFound` ...
   * @param trace lines of the stack inside the function; none when Lambda speaks for a function that is gone
   */
  constructor(
    readonly errorType: string,
    message: string,
    readonly trace: readonly string[] = [],
  ) {
    super(message);
    this.name = 'FunctionError';
  }
}

/** More invocations at once than the function may have: the caller is to try again. */
export class TooManyRequestsException extends Error {
  constructor(functionName: string, concurrency: number) {
    super(`Rate Exceeded: ${functionName} runs ${concurrency} times at once, which is its limit`);
    this.name = 'TooManyRequestsException';
  }
}

/** The lab was asked for a function that no template made. */
export class FunctionNotFoundError extends Error {
  constructor(functionName: string, known: readonly string[]) {
    super(`no function ${functionName} in the lab; it has ${known.join(', ') || 'none'}`);
    this.name = 'ResourceNotFoundException';
  }
}
