import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { told } from './steady-caller';
import { synthesize, synthesized } from './synthesize';
import { duration, silent, type Timeline } from './timeline';
import { playTwitter, type TwitterDemo } from './twitter';
import { ONE_APP, ZERO_GAP } from './twitter-samples';

/** How a rotation under load went for the consumer. */
type UnderLoad = Pick<TwitterDemo, 'consumer' | 'refusedTokens'>;

export interface TwitterZeroGapDemo extends TwitterDemo {
  /** The same with one X app, for comparison. */
  readonly oneApp: UnderLoad;
}

/**
 * The Twitter sample with two X apps that take turns: what `twitterDemo` does, beside the figures of the sample with one app. A token that X
 * refuses on the way is an error.
 */
export async function twitterZeroGapDemo(timeline: Timeline, app?: string): Promise<TwitterZeroGapDemo> {
  timeline.heading('The Twitter sample with two X apps that take turns, in a lab on this machine');
  const twoApps = await playTwitter(timeline, ZERO_GAP, app ?? (await synthesized(timeline, ZERO_GAP.app)));
  if (twoApps.refusedTokens > 0) throw new Error(`X refused a token ${twoApps.refusedTokens} times on the way`);

  timeline.heading('Beside one app, whose old token is dead before the new one is published');
  const oneApp = await timeline.step(`the same with ${ONE_APP.app}`, playOneApp, ({ consumer }) => told(consumer));
  timeline.table(compared(oneApp, twoApps), ['', 'one app', 'two apps']);
  return { ...twoApps, oneApp };
}

async function playOneApp(): Promise<UnderLoad> {
  const directory = mkdtempSync(join(tmpdir(), 'keyturn-demo-'));
  try {
    const { consumer, refusedTokens } = await playTwitter(silent, ONE_APP, await synthesize(ONE_APP.app, directory));
    return { consumer, refusedTokens };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function compared(...variants: UnderLoad[]): string[][] {
  const row = (name: string, figure: (variant: UnderLoad) => string | number) => [
    name,
    ...variants.map((variant) => String(figure(variant))),
  ];
  return [
    row('calls of the consumer', ({ consumer }) => consumer.calls),
    row('failed calls', ({ consumer }) => consumer.failed),
    row('tokens that X refused (401)', ({ refusedTokens }) => refusedTokens),
    row('longest wait of a call', ({ consumer }) => duration(consumer.longestWait)),
  ];
}
