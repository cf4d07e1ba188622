/** The time and the parts, two spaces apart. What a client sent must not steer the terminal: control characters are shown as `?`. */
export function line(at: Date | string, ...parts: string[]): string {
  return [new Date(at).toISOString(), ...parts].join('  ').replace(/\p{Cc}/gu, '?');
}
