import { unwatchFile, watchFile } from 'node:fs';
import { join } from 'node:path';

/** How often the file is looked at, and how long it must have been left alone: a synth writes it last. */
const LOOK = 250;
const SETTLED = 400;

/**
 * Calls `changed` when the manifest of a cloud assembly was written again, one call at a time. It looks at the file by its path, because a
 * folder that is deleted and made anew, as by `rm -r cdk.out && cdk synth`, would take a watch of the folder with it.
 *
 * @returns what ends it
 */
export function watchAssembly(directory: string, changed: () => Promise<void>): () => void {
  const manifest = join(directory, 'manifest.json');
  let settled: NodeJS.Timeout | undefined;
  let last = Promise.resolve();
  const look = ({ mtimeMs }: { mtimeMs: number }, before: { mtimeMs: number }) => {
    const gone = mtimeMs === 0;
    if (gone || mtimeMs === before.mtimeMs) return;
    clearTimeout(settled);
    settled = setTimeout(() => (last = last.then(changed)), SETTLED);
  };
  watchFile(manifest, { interval: LOOK }, look);
  return () => {
    clearTimeout(settled);
    unwatchFile(manifest, look);
  };
}
