import { App } from 'aws-cdk-lib';
import { sampleApp, SampleAppProps } from '../sample/sample-app';
import { ApiKeyStack } from './api-key-stack';

/** The sample: a SendGrid key that may send mail, rotated without a moment in which it is refused, and a function that uses it. */
export function apiKeyApp(props: SampleAppProps = {}): App {
  const { app, env } = sampleApp(props);
  new ApiKeyStack(app, 'ApiKey', { env });
  return app;
}

if (require.main === module) apiKeyApp().synth();
