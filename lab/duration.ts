const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Milliseconds of a text such as `250ms`, `2s`, `1.5h` or `30d`.
 * @throws for anything else
 */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  if (unit) return Number(amount) * UNITS[unit];
  throw new Error(`a duration must be a number and one of ms, s, m, h, d, as 250ms or 30d, got ${text || 'nothing'}`);
}

/** The shortest text that `parseDuration` reads as so many milliseconds. */
export function durationText(milliseconds: number): string {
  const unit = ['d', 'h', 'm', 's'].find((each) => milliseconds > 0 && milliseconds % UNITS[each] === 0) ?? 'ms';
  return `${milliseconds / UNITS[unit]}${unit}`;
}
