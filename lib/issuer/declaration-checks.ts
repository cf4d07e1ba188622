import { WRITTEN_FIELDS } from '../rotation/contract';
import { IssuerDeclaration, RequestDeclaration, RunTimeValue } from '../rotation/issuer-contract';
import { checkAnswers } from './answer-checks';
import { holdsToken } from './issuer-value';
import { checkHosts, checkPaging, checkRequest } from './request-checks';
import { filledFieldsOf, requestsOf, valuesIn } from '../rotation/issuer-contract-values';

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
  if (holdsToken(issuer) || !/^[\x20-\x7e]{1,64}$/.test(issuer) || issuer.trim() === '') {
    throw new Error(`\`issuer\` must be a name of 1 to 64 printable ASCII characters, known at synth, got "${issuer}"`);
  }
  checkHosts(hosts);
  for (const [where, request] of Object.entries(requestsOf(declaration))) {
    checkRequest(where, request, hosts);
    checkValues(where, request, declaration);
    checkPaging(`${where}.paging`, request.paging, request.url);
    if (request.id !== undefined && declaration.kind !== 'issued') {
      throw new Error(`\`${where}.id\` must be left out: only keys of HttpIssuer.issued are known by ids`);
    }
  }
  checkAnswers(declaration);
  if (declaration.kind === 'issued') checkNames(declaration);
  checkFields(filledFieldsOf(declaration));
}

function checkValues(where: string, request: RequestDeclaration, { kind, signIn }: IssuerDeclaration): void {
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
  if (used.includes('keyId') && kind !== 'issued') {
    throw new Error(`\`${where}\` cannot hold IssuerValue.keyId(): only keys of HttpIssuer.issued are known by ids`);
  }
  if (used.includes('accessToken') && (where === 'signIn' || !signIn)) {
    throw new Error(`\`${where}\` cannot hold IssuerValue.accessToken() without \`signIn\`, which gets it`);
  }
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

/** The fields that the issuer fills: each once, and none that the rotation itself writes. */
function checkFields(names: readonly string[]): void {
  for (const [index, name] of names.entries()) {
    if (!/^[A-Za-z0-9_.-]+$/.test(name)) {
      throw new Error(`\`fields\` and \`idField\` must consist of letters, digits, _, . and -, got "${name}"`);
    }
    if (WRITTEN_FIELDS.includes(name))
      throw new Error(`\`fields\` and \`idField\` cannot be ${name}: the rotation writes it`);
    if (names.indexOf(name) < index) throw new Error(`\`fields\` and \`idField\` must differ, got ${name} twice`);
  }
}
