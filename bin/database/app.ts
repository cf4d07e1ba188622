import { App } from 'aws-cdk-lib';
import { context } from '../../cdk.json';
import { DatabaseStack } from './database-stack';
import { ConsumerStack } from './consumer-stack';

export interface DatabaseAppProps {
  /**
   * Where the cloud assembly is written.
   * @default - as the CDK CLI says, or a temporary folder
   */
  readonly outdir?: string;
}

/**
 * The sample: Aurora PostgreSQL, an application user whose password is rotated by alternating users, and a function that logs in as it.
 * Without an AWS account in the environment it is synthesized for account 123456789012.
 */
export function databaseApp({ outdir }: DatabaseAppProps = {}): App {
  // The flags of cdk.json, so that the templates are the same with and without the CLI.
  const app = new App({ outdir, context });
  const env = {
    account: process.env.CDK_DEFAULT_ACCOUNT ?? '123456789012',
    region: process.env.CDK_DEFAULT_REGION ?? 'us-east-1',
  };
  const database = new DatabaseStack(app, 'Database', { env });
  new ConsumerStack(app, 'DatabaseConsumer', { env, database });
  return app;
}

if (require.main === module) databaseApp().synth();
