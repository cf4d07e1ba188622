/** A value of an answer: a list becomes one element after the other, and what is undefined none. */
export type XmlValue = string | number | boolean | Date | XmlMembers | readonly XmlValue[] | undefined;

export interface XmlMembers {
  readonly [name: string]: XmlValue;
}

/** Writes members as elements, in their order: `{ Tag: ['a', 'b'] }` as `<Tag>a</Tag><Tag>b</Tag>`. */
export function xml(members: XmlMembers): string {
  return Object.entries(members)
    .flatMap(([name, value]) => [value].flat().map((each) => element(name, each as XmlValue)))
    .join('');
}

function element(name: string, value: XmlValue): string {
  return value === undefined ? '' : `<${name}>${content(value)}</${name}>`;
}

function content(value: Exclude<XmlValue, undefined>): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? xml(value as XmlMembers) : escaped(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]);
}
