/** A boolean of a template, which may be written as a text: from a parameter it always comes as one. */
export function flag(value: unknown, fallback: boolean): boolean {
  return String(value ?? fallback) === 'true';
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export function tagRecord(tags: Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

export function tagList(tags: Record<string, string>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
