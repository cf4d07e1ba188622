import type { XAppKeys } from '../../lab';

/** A variant of the Twitter sample, and what the demo must know to play it. */
export interface TwitterSample {
  /** What `npm run demo` calls it. */
  readonly name: string;
  /** The file that synthesizes it. */
  readonly app: string;
  /** The X apps, each with the secret that its keys are put into. The values are made up: only the stand-in for the X API knows them. */
  readonly xApps: { readonly secretId: string; readonly keys: Omit<XAppKeys, 'acceptsBasic'> }[];
  /** What the steps of its rotation do. */
  readonly steps: Record<string, string>;
}

const FIRST_APP = {
  secretId: 'twitter/consumer-keys',
  keys: {
    consumerKey: 'demoConsumerKey7Qm2xVt9',
    consumerSecret: 'demoConsumerSecret4hJ8sLw0ZpYc1RkNb6',
    accessToken: '1234567890-demoAccessTokenT5gHq3',
    accessTokenSecret: 'demoAccessTokenSecret9uWe2DxKf7',
  },
};

const SECOND_APP = {
  secretId: 'twitter/alternate-consumer-keys',
  keys: {
    consumerKey: 'demoAlternateConsumerKey3Rz8',
    consumerSecret: 'demoAlternateConsumerSecret6vBn1XqTe5MjKo',
    accessToken: '1234567890-demoAlternateAccessTokenW2p',
    accessTokenSecret: 'demoAlternateAccessTokenSecret8sLd4Gh',
  },
};

const STEPS = {
  setSecret: 'nothing to do: X knows the token, it made it',
  testSecret: 'asks X something with the new token',
  finishSecret: 'moves AWSCURRENT to it',
};

/** One app: its old token is dead before the new one is published. */
export const ONE_APP: TwitterSample = {
  name: 'twitter',
  app: 'bin/twitter/app.ts',
  xApps: [FIRST_APP],
  steps: {
    createSecret: 'asks X for its token, ends the old one, asks again, stores the new one as AWSPENDING',
    ...STEPS,
  },
};

/** Two apps that take turns: the token in use is never ended. */
export const ZERO_GAP: TwitterSample = {
  name: 'twitter-zero-gap',
  app: 'bin/twitter/zero-gap.ts',
  xApps: [FIRST_APP, SECOND_APP],
  steps: {
    createSecret: "asks X for the idle app's token, ends that one, asks again, stores the new one as AWSPENDING",
    ...STEPS,
  },
};
