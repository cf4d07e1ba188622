import { Token } from 'aws-cdk-lib';
import { AnswerRule, IssuerDeclaration, RequestDeclaration, RunTimeValue } from '../rotation/issuer-contract';
import { checkRequest } from './request-checks';
import { requestsOf, valuesIn } from '../rotation/issuer-contract-values';

type From = RunTimeValue['from'];

/** What a request cannot do without. */
const NEEDED: Readonly<Record<string, readonly [From, string]>> = {
  probe: ['key', 'key()'],
  revoke: ['keyId', 'keyId()'],
  apply: ['newKey', 'newKey()'],
};

/** The only requests in which a value is known. */
const KNOWN_IN: Partial<Record<From, readonly string[]>> = {
  keyId: ['probe', 'revoke', 'revoke.before'],
  keyName: ['issue', 'replace', 'fill'],
  newKey: ['apply'],
};

/** Refuses a declaration that cannot work, whatever an issuer answers. */
export function checkDeclaration(declaration: IssuerDeclaration): void {
  const { issuer, hosts } = declaration;
  if (Token.isUnresolved(issuer) || issuer.trim() === '')
    throw new Error('`issuer` must be a name that is known at synth');
  checkHosts(hosts);
  for (const [where, request] of Object.entries(requestsOf(declaration))) {
    checkRequest(where, request, hosts);
    checkValues(where, request, declaration);
  }
  checkPointers(declaration);
  checkProbe(declaration);
  if (declaration.kind === 'issued') checkNames(declaration);
}

function checkHosts(hosts: readonly string[]): void {
  if (hosts.length === 0) throw new Error('`hosts` must name at least one host, got none');
  const wrong = hosts.find((host) => !isHost(host));
  if (wrong !== undefined) {
    throw new Error(`\`hosts\` must be lower-case names such as api.acme.com or api.acme.com:8443, got ${wrong}`);
  }
}

export function isHost(text: string): boolean {
  return !Token.isUnresolved(text) && /^(?=[^/]*[a-z])[a-z0-9.-]+(:\d{1,5})?$/.test(text);
}

function checkValues(where: string, request: RequestDeclaration, { signIn }: IssuerDeclaration): void {
  const used = valuesIn(request).map(({ from }) => from);
  const needed = NEEDED[where];
  if (needed && !used.includes(needed[0])) {
    throw new Error(
      `\`${where}\` must hold IssuerValue.${needed[1]}: without it the request is the same for every key`,
    );
  }
  for (const [from, places] of Object.entries(KNOWN_IN)) {
    if (used.includes(from as From) && !places.includes(where)) {
      throw new Error(`\`${where}\` cannot hold IssuerValue.${from}(), which is known in ${places.join(', ')} only`);
    }
  }
  if (used.includes('accessToken') && (where === 'signIn' || !signIn)) {
    throw new Error(`\`${where}\` cannot hold IssuerValue.accessToken() without \`signIn\`, which gets it`);
  }
}

function checkPointers(declaration: IssuerDeclaration): void {
  for (const [where, request] of Object.entries(requestsOf(declaration))) {
    const { key, id, keys, name, createdAt, accessToken, fields = {} } = request;
    const pointers = { key, id, keys, name, createdAt, accessToken, ...fields };
    for (const [member, pointer] of Object.entries(pointers)) checkPointer(`${where}.${member}`, pointer);
    const { done = [], valid = [], rejected = [], gone = [] } = request;
    for (const { pointer } of [...done, ...valid, ...rejected, ...gone]) checkPointer(`${where}.pointer`, pointer);
  }
}

function checkPointer(where: string, pointer: string | undefined): void {
  if (pointer === undefined || /^(\/([^~/]|~[01])*)*$/.test(pointer)) return;
  throw new Error(`\`${where}\` must be a JSON pointer such as /data/0/id, got ${pointer}`);
}

/** One answer cannot say both. */
function checkProbe({ probe }: IssuerDeclaration): void {
  const statuses = (rules: readonly AnswerRule[] | undefined, otherwise: number[]) =>
    rules ? rules.filter(({ pointer }) => pointer === undefined).flatMap((rule) => rule.statuses) : otherwise;
  const rejected = statuses(probe.rejected, [401]);
  const isValid = (status: number) =>
    probe.valid ? statuses(probe.valid, []).includes(status) : status >= 200 && status < 300;
  const both = rejected.find(isValid);
  if (both === undefined) return;
  throw new Error(`\`probe\` must not take status ${both} for valid and for rejected; tell them apart by \`pointer\``);
}

function checkNames({ issue, list }: IssuerDeclaration & { kind: 'issued' }): void {
  if (issue.id === undefined) throw new Error('`issue.id` is required: the key is listed and revoked by its id');
  const isNamed = valuesIn(issue).some(({ from }) => from === 'keyName');
  if (list.name !== undefined && !isNamed) {
    throw new Error('`issue` must hold IssuerValue.keyName(), by which the keys of `list.name` are known');
  }
  if (list.name === undefined && list.createdAt === undefined) {
    throw new Error('`list.name` or, where keys have no names, `list.createdAt` is required');
  }
}
