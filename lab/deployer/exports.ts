interface Traded {
  /** Value by name. */
  readonly exports: ReadonlyMap<string, string>;
  /** Names of what the stack imports. */
  readonly imports: ReadonlySet<string>;
}

/** What the stacks of the lab export to each other, and who imports it. */
export class Exports {
  private readonly stacks = new Map<string, Traded>();

  find(name: string): string | undefined {
    return [...this.stacks.values()].find(({ exports }) => exports.has(name))?.exports.get(name);
  }

  /**
   * Takes over what a stack exports and imports now.
   * @throws when another stack exports the same name, or imports what would change or go; then everything stays as it was
   */
  replace(stack: string, traded: Traded): void {
    const others = [...this.stacks].filter(([name]) => name !== stack);
    for (const name of traded.exports.keys()) {
      if (others.some(([, { exports }]) => exports.has(name))) {
        throw new Error(`stack ${stack} exports ${name}, which another stack exports already`);
      }
    }
    for (const [name, value] of this.stacks.get(stack)?.exports ?? []) {
      if (traded.exports.get(name) === value) continue;
      const users = others.filter(([, { imports }]) => imports.has(name)).map(([user]) => user);
      if (users.length === 0) continue;
      const what = traded.exports.has(name) ? 'updated' : 'deleted';
      throw new Error(`Export ${name} cannot be ${what} as it is in use by ${users.join(', ')}`);
    }
    this.stacks.set(stack, traded);
  }
}
