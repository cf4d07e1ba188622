import { OPERATIONS } from '../secrets-manager/operations';
import type { Fault } from './fault';

export const SECRETS_MANAGER = 'secretsmanager';

/** Answers the fault. @throws when it could never strike: an unknown operation, an error of the other kind of service, a number out of range */
export function checkFault(fault: Fault): Fault {
  const { nth = 1, times = 1 } = fault;
  checkCount('nth', nth);
  if (times !== Infinity) checkCount('times', times);
  if (fault.action === 'delay' && !(fault.milliseconds >= 0)) {
    throw new Error(`\`milliseconds\` must be 0 or more, got ${fault.milliseconds}`);
  }
  checkCall(fault);
  if (fault.action === 'refuse') checkError(fault.error, fault);
  return fault;
}

function checkCount(name: string, count: number): void {
  if (Number.isInteger(count) && count >= 1) return;
  throw new Error(`\`${name}\` must be a whole number from 1, got ${count}`);
}

function checkCall({ call, service }: Fault): void {
  if (typeof call !== 'string') return;
  if (isOfStandIn(call)) {
    if (service !== SECRETS_MANAGER) return;
    throw new Error(`${call} is no call to Secrets Manager: its calls are named by their operation, as GetSecretValue`);
  }
  if (service !== undefined && service !== SECRETS_MANAGER) {
    throw new Error(`a call to ${service} must be method and path, as POST /oauth2/token, got ${call}`);
  }
  if (OPERATIONS.has(call)) return;
  const known = [...OPERATIONS.keys()].join(', ');
  throw new Error(
    `no operation ${call} in Secrets Manager; there are ${known}. At a stand-in: method and path, as POST /oauth2/token`,
  );
}

function checkError(error: string | number, { call, service }: Fault): void {
  const named = typeof error === 'string';
  if (named ? !/^[A-Z][A-Za-z]+$/.test(error) : !(Number.isInteger(error) && error >= 400 && error <= 599)) {
    throw new Error(
      `\`error\` must be an error type of Secrets Manager, as ThrottlingException, or for a stand-in a status from 400 to 599, got ${error}`,
    );
  }
  const atStandIn =
    typeof call === 'string' ? isOfStandIn(call) : service === undefined ? undefined : service !== SECRETS_MANAGER;
  if (atStandIn === undefined || atStandIn !== named) return;
  throw new Error(
    atStandIn
      ? `a stand-in refuses with a status, as 500, got ${error}`
      : `Secrets Manager refuses with an error type, as InternalServiceError, got ${error}`,
  );
}

/** `POST /oauth2/token`, against `GetSecretValue`. */
function isOfStandIn(call: string): boolean {
  return /^[A-Z]+ \//.test(call);
}
