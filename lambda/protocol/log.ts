import { Logger } from '@aws-lambda-powertools/logger';
import { isError, Redactor } from './redaction';

/** What a step may write: one JSON object a line. */
export type Log = Pick<Logger, 'info' | 'warn' | 'error' | 'appendKeys'>;

/**
 * A log that cannot print a value that the redactor knows, whatever object or error it is handed.
 * @param serviceName stands in every line, as `service`
 */
export function createLog(redactor: Redactor, serviceName = 'rotation'): Log {
  return new Logger({
    serviceName,
    jsonReplacerFn: (_key, value) => {
      if (typeof value === 'string') return redactor.text(value);
      return isError(value) ? redactor.error(value) : value;
    },
  });
}
