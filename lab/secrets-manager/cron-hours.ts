const MIN_GAP = 4;

/**
 * The hours at which a cron expression of a rotation schedule opens its windows, or undefined when Secrets Manager would refuse it: six
 * fields, minutes 0, either day field `?`, year `*`, and at least 4 hours from one opening to the next.
 */
export function hoursOfCron(expression: string): number[] | undefined {
  const fields = /^cron\(([0-9A-Za-z#?*\-/, ]+)\)$/.exec(expression)?.[1].trim().split(/\s+/);
  if (fields?.length !== 6) return undefined;
  const [minutes, hourField, dayOfMonth, , dayOfWeek, year] = fields;
  if (minutes !== '0' || year !== '*' || (dayOfMonth === '?') === (dayOfWeek === '?')) return undefined;
  const hours = [...new Set(hourField.split(',').flatMap(expand))].sort((a, b) => a - b);
  const gaps = hours.map((hour, index) => (hours[index + 1] ?? hours[0] + 24) - hour);
  return hours.length > 0 && gaps.every((gap) => gap >= MIN_GAP) ? hours : undefined;
}

/** `8`, `8-20`, `/4`, `*\/4` or `2/6`. NaN, which no gap allows, for anything else. */
function expand(field: string): number[] {
  const [, start, end, step] = /^(\*|\d{1,2})?(?:-(\d{1,2}))?(?:\/(\d{1,2}))?$/.exec(field) ?? [];
  const first = start === undefined || start === '*' ? 0 : Number(start);
  const last = end !== undefined ? Number(end) : step !== undefined || start === '*' ? 23 : first;
  const by = Number(step ?? 1);
  if ((start ?? step) === undefined || first > last || last > 23 || by === 0) return [NaN];
  return Array.from({ length: Math.floor((last - first) / by) + 1 }, (_, index) => first + index * by);
}
