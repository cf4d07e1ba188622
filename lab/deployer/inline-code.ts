import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Code that stands in a template, as files that the runner can load. */
export class InlineCode {
  private readonly folders: string[] = [];

  /** Writes it where CloudFormation does, into index.js, and answers the folder. */
  write(code: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'keyturn-inline-'));
    this.folders.push(folder);
    writeFileSync(join(folder, 'index.js'), code);
    return folder;
  }

  /** Removes every folder that was written. */
  remove(): void {
    for (const folder of this.folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}
