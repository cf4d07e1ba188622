import { App } from 'aws-cdk-lib';
import { sampleApp, SampleAppProps } from '../sample/sample-app';
import { ConsumerStack } from './consumer-stack';
import { SecretsStack } from './secrets-stack';

export interface TwitterAppProps extends SampleAppProps {
  /**
   * With two X apps that take turns, so that the consumer never meets a dead token.
   * @default false
   */
  readonly zeroGap?: boolean;
}

/** The sample: a Twitter (X) API token that is stored, encrypted, rotated, and read by one function of another stack. */
export function twitterApp({ outdir, zeroGap }: TwitterAppProps = {}): App {
  const { app, env } = sampleApp({ outdir });
  const { token } = new SecretsStack(app, 'TwitterSecrets', { env, zeroGap });
  new ConsumerStack(app, 'TwitterConsumer', { env, token });
  return app;
}

if (require.main === module) twitterApp().synth();
