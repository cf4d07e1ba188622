import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { atMost, figure, type Measurement } from './measurement';
import type { Synthesized } from './synth-app';

const SECRETS = 500;
const TIMES = 5;
/** Two folders deep, as the sources are, which look for `assets` from where they stand. Nothing of it stays in the package. */
const COMPILED = join(__dirname, '../../dist/bench');
const APP = join(COMPILED, 'synth-app.js');

/** Of each kind the best is compared: whatever else the machine does only ever adds time. */
const best = (runs: Synthesized[]) => Math.min(...runs.map(({ milliseconds }) => milliseconds));

/**
 * The same template by our constructs and by hand-written L1, in turns, each in a process of its own as a user's synth is. They run
 * compiled: what a loader of TypeScript adds to every stack trace that CDK takes would count as theirs.
 */
export async function synth(): Promise<Measurement[]> {
  const external = ['aws-cdk-lib', 'constructs'];
  const entryPoints = [join(__dirname, 'synth-app.ts')];
  await build({ entryPoints, outfile: APP, bundle: true, platform: 'node', external });
  try {
    return await compare();
  } finally {
    rmSync(COMPILED, { recursive: true });
  }
}

async function compare(): Promise<Measurement[]> {
  const ours: Synthesized[] = [];
  const byHand: Synthesized[] = [];
  for (let time = 0; time < TIMES; time++) {
    ours.push(await synthesize('constructs', SECRETS));
    byHand.push(await synthesize('by-hand', SECRETS));
  }
  const few = await synthesize('constructs', 1);
  assertSame(ours[0].types, byHand[0].types);
  const perSecret = (total(ours[0]) - total(few)) / (SECRETS - 1);
  return [
    figure(`synth of ${SECRETS} rotated secrets, hand-written L1`, best(byHand), 'ms'),
    figure(`synth of ${SECRETS} rotated secrets`, best(ours), 'ms'),
    atMost(1.2, `synth of ${SECRETS} rotated secrets, times hand-written L1`, best(ours) / best(byHand), 'times'),
    atMost(4, 'resources per rotated secret, with that of its consumer keys', perSecret, 'resources'),
    atMost(12, 'resources of a stack besides', total(few) - perSecret, 'resources'),
  ];
}

async function synthesize(kind: string, secrets: number): Promise<Synthesized> {
  const env = { ...process.env, CDK_VALIDATION: 'false' };
  const { stdout } = await promisify(execFile)(process.execPath, [APP, kind, String(secrets)], { env });
  return JSON.parse(stdout) as Synthesized;
}

const total = ({ types }: Synthesized) => Object.values(types).reduce((sum, count) => sum + count, 0);

function assertSame(ours: Record<string, number>, byHand: Record<string, number>): void {
  const text = (types: Record<string, number>) => JSON.stringify(Object.entries(types).sort());
  if (text(ours) === text(byHand)) return;
  throw new Error(`the hand-written app has other resources: ${text(byHand)} instead of ${text(ours)}`);
}
