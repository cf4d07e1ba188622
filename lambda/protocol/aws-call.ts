import { Deadline } from './deadline';

/** What each try of a call gets, so that a dead connection does not cost the whole step. The SDK tries again. */
export const REQUEST_LIMITS = { connectionTimeout: 3_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

/** A call of an AWS service, for its errors. */
export interface AwsCall {
  /** `Secrets Manager` */
  readonly service: string;
  /** The operation and what it is about: `DescribeSecret on arn:...` */
  readonly what: string;
  /** The class of the errors. */
  readonly error: new (message: string, options?: ErrorOptions) => Error;
}

/**
 * Asks an AWS service, no longer than the deadline. What goes wrong is told apart: a refusal in the words of AWS, silence, an answer that
 * was cut off, no connection. A refusal is in `cause`.
 */
export async function askAws<T>(
  call: AwsCall,
  deadline: Deadline,
  send: (options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  const abortSignal = deadline.signal(call.what);
  try {
    return await send({ abortSignal });
  } catch (error) {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    throw toError(call, error as Error, abortSignal.aborted, seconds);
  }
}

/** Whether an error says that AWS answered with a refusal of this name. */
export function isRefusal(error: unknown, name: string): boolean {
  return ((error as Error | undefined)?.cause as Error | undefined)?.name === name;
}

function toError(
  { service, what, error: Failure }: AwsCall,
  cause: Error & { code?: string; $fault?: string },
  aborted: boolean,
  seconds: string,
): Error {
  if (cause.$fault) return new Failure(`${service} refused ${what} (${cause.name}): ${cause.message}`, { cause });
  // The SDK gives a dropped connection the same name, with another code.
  const timedOut = cause.name === 'TimeoutError' && (cause.code ?? 'ETIMEDOUT') === 'ETIMEDOUT';
  if (aborted || timedOut) {
    const cure = "does the function's network have a way to it?";
    return new Failure(`${service} was silent for ${seconds} s on ${what}; ${cure}`, { cause });
  }
  // An answer that was cut off. The parser quotes what it stumbles over, which may be a value: its error goes no further.
  if (cause.name === 'SyntaxError') return new Failure(`${service} gave no complete answer to ${what}`);
  const why = [cause.code ?? cause.name, cause.message].filter(Boolean).join(': ');
  return new Failure(`${service} cannot be asked for ${what} (${why})`, { cause });
}
