import { Duration } from 'aws-cdk-lib';

/** Refuses a life that an issuer would not give to a key: whole days. */
export function checkLife(life: Duration, longest: number): void {
  const days = life.toDays({ integral: false });
  if (Number.isInteger(days) && days >= 2 && days <= longest) return;
  throw new Error(`\`expiresAfter\` must be 2 to ${longest} whole days, got ${life.toHumanString()}`);
}
