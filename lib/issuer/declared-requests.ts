import { Token } from 'aws-cdk-lib';
import * as contract from '../rotation/issuer-contract';
import type { BusyAnswers } from './http-issuer';
import {
  AnswerRule,
  IssueRequest,
  IssuerRequest,
  ListRequest,
  ProbeRequest,
  RevokeRequest,
  SignInRequest,
} from './issuer-requests';
import { holdsToken, refuseToken, textOf } from './issuer-value';

type Method = contract.RequestDeclaration['method'];

/** What a request of the public API is in the contract. `where` is the setting it stands in, for errors. */
export function declaredRequest(where: string, method: Method, request: IssuerRequest): contract.RequestDeclaration {
  return {
    method: request.method ?? method,
    url: textOf(`${where}.url`, request.url),
    headers: texts(`${where}.headers`, request.headers),
    json: request.json === undefined ? undefined : jsonBody(`${where}.json`, request.json),
    form: texts(`${where}.form`, request.form),
    done: request.done?.map((rule, index) => answerRule(`${where}.done[${index}]`, rule)),
  };
}

export function declaredIssue(where: string, request: IssueRequest): contract.IssueDeclaration {
  const { key, id, fields } = request;
  return { ...declaredRequest(where, 'POST', request), key, id, fields };
}

export function declaredList(where: string, request: ListRequest): contract.ListDeclaration {
  const { keys, id, name, createdAt, paging } = request;
  return { ...declaredRequest(where, 'GET', request), keys, id, name, createdAt, paging: paging?._paging };
}

export function declaredProbe(where: string, request: ProbeRequest): contract.ProbeDeclaration {
  return {
    ...declaredRequest(where, 'GET', request),
    valid: request.valid?.map((rule, index) => answerRule(`${where}.valid[${index}]`, rule)),
    rejected: request.rejected?.map((rule, index) => answerRule(`${where}.rejected[${index}]`, rule)),
  };
}

export function declaredRevoke(where: string, method: Method, request: RevokeRequest): contract.RevokeDeclaration {
  return {
    ...declaredRequest(where, method, request),
    gone: request.gone?.map((rule, index) => answerRule(`${where}.gone[${index}]`, rule)),
    before: request.before && declaredRequest(`${where}.before`, 'POST', request.before),
  };
}

export function declaredSignIn(where: string, request: SignInRequest): contract.SignInDeclaration {
  return { ...declaredRequest(where, 'POST', request), accessToken: request.accessToken ?? '/access_token' };
}

export function declaredBusy(where: string, { answers, header }: BusyAnswers): contract.BusyDeclaration {
  return {
    answers: answers?.map((rule, index) => answerRule(`${where}.answers[${index}]`, rule)),
    header: header?.toLowerCase(),
  };
}

function answerRule(where: string, { statuses, pointer, values }: AnswerRule): contract.AnswerRule {
  const wrong = statuses.find((status) => !Number.isInteger(status) || status < 200 || status > 599);
  if (statuses.length === 0 || wrong !== undefined) {
    throw new Error(`\`${where}.statuses\` must be numbers from 200 to 599, at least one, got ${wrong ?? 'none'}`);
  }
  if (values && pointer === undefined) throw new Error(`\`${where}.pointer\` is required with \`values\``);
  const wrongValue = values?.find((value) => value !== null && !['string', 'number', 'boolean'].includes(typeof value));
  if (wrongValue !== undefined) {
    throw new Error(`\`${where}.values\` must be texts, numbers, true, false or null, got ${typeof wrongValue}`);
  }
  return { statuses, pointer, values: values as contract.AnswerRule['values'] };
}

function texts(where: string, record?: Readonly<Record<string, string>>): Record<string, contract.Text> | undefined {
  if (!record) return undefined;
  refuseTokenNames(where, Object.keys(record));
  return Object.fromEntries(Object.entries(record).map(([name, text]) => [name, textOf(`${where}.${name}`, text)]));
}

/** Texts with values in them become pieces, wherever they stand. */
function jsonBody(where: string, value: unknown): contract.JsonBody {
  if (typeof value === 'string') {
    const text = textOf(where, value);
    return typeof text === 'string' ? text : { [contract.TEXT_FIELD]: text as contract.JsonBody };
  }
  if (Token.isUnresolved(value)) refuseToken(where);
  if (Array.isArray(value)) return value.map((each, index) => jsonBody(`${where}[${index}]`, each));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    const names = entries.map(([name]) => name);
    refuseTokenNames(where, names);
    if (names.includes(contract.TEXT_FIELD)) {
      throw new Error(`\`${where}\` cannot have a member of the name ${contract.TEXT_FIELD}`);
    }
    return Object.fromEntries(entries.map(([name, each]) => [name, jsonBody(`${where}.${name}`, each)]));
  }
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return value as contract.JsonBody;
  throw new Error(`\`${where}\` must be JSON, got ${typeof value === 'number' ? value : typeof value}`);
}

function refuseTokenNames(where: string, names: string[]): void {
  if (!names.some((name) => holdsToken(name))) return;
  throw new Error(`\`${where}\` can have values of \`IssuerValue\` in its texts, not in its names`);
}
