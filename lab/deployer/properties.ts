import type { Making } from './resource-type';

/** A boolean of a template, which may be written as a text: from a parameter it always comes as one. */
export function flag(value: unknown, fallback: boolean): boolean {
  return String(value ?? fallback) === 'true';
}

/** The tags of a resource: its own, and below them those of its stack, which CloudFormation hands on. */
export function tagsOf(own: { Key: string; Value: string }[] = [], { stack }: Making): Record<string, string> {
  return { ...stack.tags, ...Object.fromEntries(own.map(({ Key, Value }) => [Key, Value])) };
}
