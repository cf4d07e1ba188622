import { App } from 'aws-cdk-lib';
import { context } from '../../cdk.json';
import { ConsumerStack } from './consumer-stack';
import { SecretsStack } from './secrets-stack';

export interface TwitterAppProps {
  /**
   * Where the cloud assembly is written.
   * @default - as the CDK CLI says, or a temporary folder
   */
  readonly outdir?: string;

  /**
   * With two X apps that take turns, so that the consumer never meets a dead token.
   * @default false
   */
  readonly zeroGap?: boolean;
}

/**
 * The sample: a Twitter (X) API token that is stored, encrypted, rotated, and read by one function of another stack. Without an AWS account
 * in the environment it is synthesized for account 123456789012.
 */
export function twitterApp({ outdir, zeroGap }: TwitterAppProps = {}): App {
  // The flags of cdk.json, so that the templates are the same with and without the CLI.
  const app = new App({ outdir, context });
  const env = {
    account: process.env.CDK_DEFAULT_ACCOUNT ?? '123456789012',
    region: process.env.CDK_DEFAULT_REGION ?? 'us-east-1',
  };
  const { token } = new SecretsStack(app, 'TwitterSecrets', { env, zeroGap });
  new ConsumerStack(app, 'TwitterConsumer', { env, token });
  return app;
}

if (require.main === module) twitterApp().synth();
