import { twitterApp } from './app';

// The sample with two X apps that take turns: npx cdk synth --app "npx tsx bin/twitter/zero-gap.ts"
twitterApp({ zeroGap: true }).synth();
