/** What a server says of itself when a client connects: `9.7.4`, or `5.5.5-10.11.19-MariaDB-log`. */
export class ServerVersion {
  readonly isMariaDb: boolean;
  /** `10.11.19`, for messages. */
  readonly text: string;
  private readonly numbers: readonly number[];

  constructor(greeting: string) {
    this.isMariaDb = /mariadb/i.test(greeting);
    // MariaDB up to 10 puts 5.5.5 in front, for replicas that know no version of two digits.
    this.text = /\d+(\.\d+)*/.exec(this.isMariaDb ? greeting.replace(/^5\.5\.5-/, '') : greeting)?.[0] ?? '0';
    this.numbers = this.text.split('.').map(Number);
  }

  atLeast(...wanted: number[]): boolean {
    const different = wanted.findIndex((number, index) => (this.numbers[index] ?? 0) !== number);
    return different === -1 || (this.numbers[different] ?? 0) > wanted[different];
  }
}
