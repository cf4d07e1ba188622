/** `${Name}`, `${Name.Attribute}`, or the literal `${!Name}`, which stands for `${Name}` itself. */
const PLACEHOLDER = /\$\{(!?)([^}]+)\}/g;

/** Fills the placeholders of an Fn::Sub text. */
export function substitute(text: string, valueOf: (name: string) => string): string {
  return text.replace(PLACEHOLDER, (_, literal: string, name: string) => (literal ? `\${${name}}` : valueOf(name)));
}

/** What the placeholders of an Fn::Sub text name: `Secret`, `Secret.Arn`, `AWS::Region`. */
export function placeholdersOf(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].filter(([, literal]) => !literal).map(([, , name]) => name);
}

/** `Secret.Endpoint.Port` -> the resource `Secret` and its attribute `Endpoint.Port`; no attribute without a dot. */
export function attributeOf(name: string): { logicalId: string; attribute?: string } {
  const dot = name.indexOf('.');
  return dot < 0 ? { logicalId: name } : { logicalId: name.slice(0, dot), attribute: name.slice(dot + 1) };
}
