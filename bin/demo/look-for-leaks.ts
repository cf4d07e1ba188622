import { findLeaks, findLeaksInFolder } from '../../lab';
import type { Timeline } from './timeline';

/** The search for secret values in files and log lines. */
export interface LeakSearch {
  readonly values: number;
  readonly files: number;
  readonly logLines: number;
  readonly found: number;
}

/**
 * Looks for secret values in the files of a cloud assembly and in log lines.
 * @param what the values are, for the timeline: `passwords`
 * @throws when one is found
 */
export async function lookForLeaks(
  timeline: Timeline,
  what: string,
  values: string[],
  directory: string,
  lines: string[],
): Promise<LeakSearch> {
  return await timeline.step(
    `look for ${values.length} ${what}`,
    async () => {
      const { files, leaks } = findLeaksInFolder(directory, values);
      const found = leaks.length + findLeaks('logs', lines.join('\n'), values).length;
      if (found > 0) throw new Error(`${found} ${what} leaked into ${directory} or the logs`);
      return { values: values.length, files, logLines: lines.length, found };
    },
    ({ files, logLines, found }) => `${found} found in ${files} files and ${logLines} log lines`,
  );
}
