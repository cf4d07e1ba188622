import { CfnOutput, Duration, Stack, StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { join } from 'node:path';
// In an app of your own: from 'cdk-keyturn'.
import { ApiKeyRotation, ApiKeySecret, RotationSchedule, SendGrid } from '../../lib';
import { consumerFunction } from '../sample/consumer-function';

/** The key that issues keys, the key that is issued and replaced every 30 days, and a function that uses it. */
export class ApiKeyStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);

    const adminKey = new ApiKeySecret(this, 'AdminKey', {
      secretName: 'mail/admin-key',
      description: 'Issues and revokes keys of SendGrid, put in by hand: npx keyturn put mail/admin-key',
      fields: ['apiKey'],
    });
    const mailKey = new ApiKeySecret(this, 'MailKey', {
      secretName: 'mail/key',
      description: 'Key of SendGrid, issued and replaced by its rotation',
      fields: ['sendGridKey', 'keyid'],
      rotation: ApiKeyRotation.http({
        issuer: SendGrid.apiKey({ scopes: ['mail.send'] }),
        credential: adminKey,
        schedule: RotationSchedule.rate(Duration.days(30), { window: Duration.hours(4) }),
      }),
    });
    const consumer = consumerFunction(this, {
      description: 'Asks SendGrid what the key may do',
      entry: join(__dirname, 'consumer.ts'),
      environment: { KEY_SECRET_ARN: mailKey.secretArn },
    });
    mailKey.grantRead(consumer);

    new CfnOutput(this, 'PutAdminKey', {
      description: 'Puts the key in that issues keys, once, after the first deployment',
      value: `npx keyturn put mail/admin-key --region ${this.region}`,
    });
    new CfnOutput(this, 'RotateMailKey', {
      description: 'Gets the first key, and a new one at any time',
      value: `aws secretsmanager rotate-secret --secret-id mail/key --region ${this.region}`,
    });
  }
}
