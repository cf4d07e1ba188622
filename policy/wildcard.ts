/** Whether a text fits a pattern in which `*` stands for any characters and `?` for one. */
export function fits(pattern: string, text: string, { ignoreCase = false } = {}): boolean {
  if (!/[*?]/.test(pattern)) return ignoreCase ? pattern.toLowerCase() === text.toLowerCase() : pattern === text;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, ignoreCase ? 'is' : 's').test(text);
}

/**
 * Whether an ARN fits an ARN pattern. Wildcards stay within each of the first five parts; in the sixth, the resource, `*` runs over
 * colons and slashes. A pattern or text with fewer than six parts is no ARN and fits nothing.
 */
export function arnFits(pattern: string, arn: string): boolean {
  const patterns = arnParts(pattern);
  const parts = arnParts(arn);
  if (!patterns || !parts) return false;
  return patterns.every((part, index) => fits(part, parts[index]));
}

/** The six parts of an ARN, or undefined when the text is no ARN. */
export function arnParts(text: string): string[] | undefined {
  const parts = text.split(':');
  return parts[0] === 'arn' && parts.length >= 6 ? [...parts.slice(0, 5), parts.slice(5).join(':')] : undefined;
}
