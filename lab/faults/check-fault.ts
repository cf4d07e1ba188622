import { EVENTS_OPERATIONS } from '../eventbridge/events-api';
import { OPERATIONS as IAM_OPERATIONS } from '../iam/operations';
import { LAMBDA_OPERATIONS } from '../lambda-api/lambda-api';
import { OPERATIONS as RDS_OPERATIONS } from '../rds/api/operations';
import { OPERATIONS } from '../secrets-manager/operations';
import { OPERATIONS as STS_OPERATIONS } from '../sts/sts-api';
import type { Fault } from './fault';

/** The services of AWS that the lab plays, by their names in recorded calls. */
const AWS_SERVICES: Readonly<Record<string, { name: string; operations: readonly string[] }>> = {
  secretsmanager: { name: 'Secrets Manager', operations: [...OPERATIONS.keys()] },
  rds: { name: 'RDS', operations: [...RDS_OPERATIONS.keys()] },
  iam: { name: 'IAM', operations: [...IAM_OPERATIONS.keys()] },
  sts: { name: 'STS', operations: [...STS_OPERATIONS.keys()] },
  lambda: { name: 'Lambda', operations: LAMBDA_OPERATIONS },
  events: { name: 'EventBridge', operations: EVENTS_OPERATIONS },
};

/** Whether it is one of AWS, whose errors have types, and no stand-in, whose errors have statuses. */
export function isOfAws(service: string): boolean {
  return Object.hasOwn(AWS_SERVICES, service);
}

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
    if (service === undefined || !isOfAws(service)) return;
    const { name, operations } = AWS_SERVICES[service];
    throw new Error(`${call} is no call to ${name}: its calls are named by their operation, as ${operations[0]}`);
  }
  if (service !== undefined && !isOfAws(service)) {
    throw new Error(`a call to ${service} must be method and path, as POST /oauth2/token, got ${call}`);
  }
  const services = service === undefined ? Object.values(AWS_SERVICES) : [AWS_SERVICES[service]];
  if (services.some(({ operations }) => operations.includes(call))) return;
  const known = services.map(({ name, operations }) => `in ${name}; there are ${operations.join(', ')}`).join('; nor ');
  throw new Error(`no operation ${call} ${known}. At a stand-in: method and path, as POST /oauth2/token`);
}

function checkError(error: string | number, { call, service }: Fault): void {
  const named = typeof error === 'string';
  if (named ? !/^[A-Z][A-Za-z]+$/.test(error) : !(Number.isInteger(error) && error >= 400 && error <= 599)) {
    throw new Error(
      `\`error\` must be an error type of AWS's services, as ThrottlingException, or for a stand-in a status from 400 to 599, got ${error}`,
    );
  }
  const atStandIn =
    typeof call === 'string' ? isOfStandIn(call) : service === undefined ? undefined : !isOfAws(service);
  if (atStandIn === undefined || atStandIn !== named) return;
  throw new Error(
    atStandIn
      ? `a stand-in refuses with a status, as 500, got ${error}`
      : `a service of AWS refuses with an error type, as InternalServiceError, got ${error}`,
  );
}

/** `POST /oauth2/token`, against `GetSecretValue`. */
function isOfStandIn(call: string): boolean {
  return /^[A-Z]+ \//.test(call);
}
