import type { Lab } from '../../lab';

/** Throws at the first request that policies refused, also where the function went on without it, as it does without its logs. */
export function refuseDenied(lab: Lab): void {
  const denied = lab.calls.all.find(({ outcome }) => outcome === 'AccessDeniedException');
  if (denied) throw new Error(`AccessDeniedException: ${denied.message}`);
}
