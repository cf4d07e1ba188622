/** So many of the newest entries of a record are kept, and up to a tenth more. */
const KEPT = 10_000;

/** Adds an entry to a record, and takes the oldest away when there are too many: a lab may run for days. */
export function addToNewest<T>(record: T[], entry: T): void {
  if (record.length >= KEPT * 1.1) record.splice(0, KEPT / 10);
  record.push(entry);
}
