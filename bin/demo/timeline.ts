import { clearLine, cursorTo } from 'node:readline';
import { styleText } from 'node:util';

/** Where a demo tells what happens. */
export interface Timeline {
  heading(text: string): void;
  /** Shows `label` while `work` runs, then `label` with what it came to and how long it took. `work` may tell its progress. */
  step<T>(
    label: string,
    work: (progress: (text: string) => void) => Promise<T>,
    outcome: (result: T) => string,
  ): Promise<T>;
  note(text: string): void;
  /** Columns are as wide as their widest cell. */
  table(rows: string[][], head?: string[]): void;
}

const LABEL_WIDTH = 44;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Says nothing: `--json` prints the result alone. */
export const silent: Timeline = {
  heading: () => {},
  step: async (_label, work) => await work(() => {}),
  note: () => {},
  table: () => {},
};

/** Writes for a person: a line that lives while work runs on a terminal, plain lines anywhere else. */
export class ConsoleTimeline implements Timeline {
  constructor(private readonly out: NodeJS.WriteStream = process.stdout) {}

  heading(text: string): void {
    this.write(`\n${this.style('bold', text)}\n`);
  }

  async step<T>(
    label: string,
    work: (progress: (text: string) => void) => Promise<T>,
    outcome: (result: T) => string,
  ): Promise<T> {
    const started = performance.now();
    const stopSpinning = this.spin(label);
    try {
      const result = await work(stopSpinning.progress);
      stopSpinning();
      this.write(this.line(this.style('green', '✔'), label, outcome(result), performance.now() - started));
      return result;
    } catch (error) {
      stopSpinning();
      this.write(this.line(this.style('red', '✖'), label, 'failed', performance.now() - started));
      throw error;
    }
  }

  note(text: string): void {
    this.write(`    ${this.style('dim', text)}\n`);
  }

  table(rows: string[][], head?: string[]): void {
    const all = head ? [head, ...rows] : rows;
    const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
    const lines = all.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
    lines.forEach((line, index) => this.write(`    ${head && index === 0 ? this.style('dim', line) : line}\n`));
  }

  private line(mark: string, label: string, outcome: string, milliseconds: number): string {
    return `  ${mark} ${label.padEnd(LABEL_WIDTH)} ${outcome}  ${this.style('dim', duration(milliseconds))}\n`;
  }

  private spin(label: string): (() => void) & { progress: (text: string) => void } {
    let text = '';
    const progress = (latest: string) => void (text = latest);
    if (!this.out.isTTY) return Object.assign(() => {}, { progress });

    let frame = 0;
    const draw = () => {
      this.clear();
      const line = `  ${SPINNER[frame++ % SPINNER.length]} ${label.padEnd(LABEL_WIDTH)} ${text}`;
      this.out.write(line.slice(0, this.out.columns - 1));
    };
    draw();
    const timer = setInterval(draw, 80);
    return Object.assign(
      () => {
        clearInterval(timer);
        this.clear();
      },
      { progress },
    );
  }

  private clear(): void {
    clearLine(this.out, 0);
    cursorTo(this.out, 0);
  }

  private style(format: Parameters<typeof styleText>[0], text: string): string {
    return styleText(format, text, { stream: this.out });
  }

  private write(text: string): void {
    this.out.write(text);
  }
}

/** `840 ms` or `2.4 s`. */
export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
