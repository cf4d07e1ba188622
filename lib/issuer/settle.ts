import { Duration, Token } from 'aws-cdk-lib';

/** How long a new key may be refused in some places, in whole seconds. */
export function settleSeconds(settle: Duration): number {
  const seconds = settle.toSeconds();
  if (!Token.isUnresolved(seconds) && seconds <= 600) return seconds;
  throw new Error(`\`settle\` must be between 0 seconds and 10 minutes, got ${settle.toHumanString()}`);
}
