import { App, Environment } from 'aws-cdk-lib';
import { context } from '../../cdk.json';

export interface SampleAppProps {
  /**
   * Where the cloud assembly is written.
   * @default - as the CDK CLI says, or a temporary folder
   */
  readonly outdir?: string;
}

/** The app of a sample, and where it is deployed: without an AWS account in the environment it is synthesized for account 123456789012. */
export function sampleApp({ outdir }: SampleAppProps): { readonly app: App; readonly env: Environment } {
  // The flags of cdk.json, so that the templates are the same with and without the CLI.
  const app = new App({ outdir, context });
  const env = {
    account: process.env.CDK_DEFAULT_ACCOUNT ?? '123456789012',
    region: process.env.CDK_DEFAULT_REGION ?? 'us-east-1',
  };
  return { app, env };
}
