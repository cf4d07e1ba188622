/** One figure of the project, and what it is held against. */
export interface Measurement {
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  readonly target?: number;
  /** Absent where there is no target. */
  readonly held?: boolean;
}

/** A figure without a target. */
export function figure(what: string, measured: number, unit: string): Measurement {
  return { what, measured: rounded(measured), unit };
}

/** A figure that must not be above its target. */
export function atMost(target: number, what: string, measured: number, unit: string): Measurement {
  return { ...figure(what, measured, unit), target, held: measured <= target };
}

/** A figure that must not be below its target. */
export function atLeast(target: number, what: string, measured: number, unit: string): Measurement {
  return { ...figure(what, measured, unit), target, held: measured >= target };
}

/** The middle one: a machine that was busy with something else for a moment does not move it. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

export function tableOf(measurements: readonly Measurement[]): string {
  const rows = measurements.map(({ what, measured, unit, target, held }) => [
    what,
    target === undefined ? '' : `${target} ${unit}`,
    `${measured} ${unit}`,
    held === undefined ? '' : held ? 'held' : 'MISSED',
  ]);
  const table = [['What', 'Target', 'Measured', ''], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
  return [lines[0], widths.map((width) => '-'.repeat(width)).join('  '), ...lines.slice(1)].join('\n');
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
