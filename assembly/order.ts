/**
 * Puts names behind what they depend on, and leaves the given order alone otherwise.
 * @param kind what the names are, for the error about a circle: `resources`
 */
export function dependencyOrder(names: string[], dependenciesOf: (name: string) => string[], kind: string): string[] {
  const ordered = new Set<string>();
  const visit = (name: string, trail: string[]): void => {
    if (ordered.has(name)) return;
    if (trail.includes(name)) {
      const circle = [...trail.slice(trail.indexOf(name)), name];
      throw new Error(`${kind} depend on each other in a circle: ${circle.join(' -> ')}`);
    }
    for (const dependency of dependenciesOf(name)) visit(dependency, [...trail, name]);
    ordered.add(name);
  };
  for (const name of names) visit(name, []);
  return [...ordered];
}
