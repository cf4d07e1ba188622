import { App } from 'aws-cdk-lib';
import { sampleApp, SampleAppProps } from '../sample/sample-app';
import { ConsumerStack } from './consumer-stack';
import { DatabaseStack } from './database-stack';

/** The sample: Aurora PostgreSQL, an application user whose password is rotated by alternating users, and a function that logs in as it. */
export function databaseApp(props: SampleAppProps = {}): App {
  const { app, env } = sampleApp(props);
  const database = new DatabaseStack(app, 'Database', { env });
  new ConsumerStack(app, 'DatabaseConsumer', { env, database });
  return app;
}

if (require.main === module) databaseApp().synth();
