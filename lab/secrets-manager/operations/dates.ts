/** A date as AWS JSON 1.1 writes it; undefined leaves the member out. */
export function epochSeconds(date: Date | undefined): number | undefined {
  return date && date.getTime() / 1000;
}

/** The date without its time, UTC: all that the service keeps of the last access. */
export function day(date: Date): Date {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()));
}
