/**
 * What a declaration needs when its requests are made. For both sides of the contract, so it imports nothing else.
 */
import {
  type IssueDeclaration,
  type IssuerDeclaration,
  type JsonBody,
  type ListDeclaration,
  type ProbeDeclaration,
  type RequestDeclaration,
  type RevokeDeclaration,
  type RunTimeValue,
  type SignInDeclaration,
  type Text,
  TEXT_FIELD,
} from './issuer-contract';

/** A request of any kind. */
export type AnyRequest = RequestDeclaration &
  Partial<IssueDeclaration & ListDeclaration> &
  Partial<ProbeDeclaration & RevokeDeclaration & SignInDeclaration>;

/** The requests of a declaration, by the settings that they stand in. */
export function requestsOf(declaration: IssuerDeclaration): Record<string, AnyRequest> {
  const found: Record<string, AnyRequest> = {};
  const add = (where: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null || !('url' in value)) return;
    found[where] = value as AnyRequest;
    if ('before' in value) add(`${where}.before`, value.before);
  };
  for (const [where, value] of Object.entries(declaration)) add(where, value);
  return found;
}

/** The values that a request needs when it is made. */
export function valuesIn({ url, headers, json, form }: RequestDeclaration): RunTimeValue[] {
  const texts = [url, ...Object.values(headers ?? {}), ...Object.values(form ?? {})];
  return [...texts.flatMap(valuesOf), ...valuesInJson(json)];
}

/** Every value that some request of a declaration needs. */
export function allValuesIn(declaration: IssuerDeclaration): RunTimeValue[] {
  return Object.values(requestsOf(declaration)).flatMap(valuesIn);
}

/** The fields that the secret with the issuer's credential must have. */
export function credentialFieldsOf(declaration: IssuerDeclaration): string[] {
  const values = allValuesIn(declaration);
  return unique(values.flatMap((value) => (value.from === 'credential' ? [value.field] : [])));
}

/** The settings that the rotated secret must have. */
export function parametersOf(declaration: IssuerDeclaration): string[] {
  const values = allValuesIn(declaration);
  return unique(values.flatMap((value) => (value.from === 'parameter' ? [value.name] : [])));
}

/** The fields of the rotated secret that its requests name, beside the key. */
export function fieldsOf(declaration: IssuerDeclaration): string[] {
  return unique(allValuesIn(declaration).flatMap((value) => (value.from === 'field' ? [value.field] : [])));
}

/** The fields of the rotated secret that the issuer fills beside the key. */
export function filledFieldsOf(declaration: IssuerDeclaration): string[] {
  switch (declaration.kind) {
    case 'issued':
      return [declaration.idField, ...Object.keys(declaration.issue.fields ?? {})];
    case 'replaced':
      return Object.keys(declaration.replace.fields ?? {});
    case 'two-slots':
      return Object.keys(declaration.fill.fields ?? {});
    case 'chosen':
      return [];
  }
}

function valuesOf(text: Text | undefined): RunTimeValue[] {
  if (text === undefined || typeof text === 'string') return [];
  return text.flatMap((piece) => {
    if (typeof piece === 'string') return [];
    return piece.from === 'base64' ? valuesOf(piece.of) : [piece];
  });
}

/** Only what stands below TEXT_FIELD is a text of pieces: an array of the body may look like one. */
function valuesInJson(body: JsonBody | undefined): RunTimeValue[] {
  if (typeof body !== 'object' || body === null) return [];
  if (Array.isArray(body)) return body.flatMap(valuesInJson);
  return Object.entries(body).flatMap(([name, each]) =>
    name === TEXT_FIELD ? valuesOf(each as unknown as Text) : valuesInJson(each),
  );
}

function unique(names: string[]): string[] {
  return [...new Set(names)];
}
