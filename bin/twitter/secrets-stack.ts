import { CfnOutput, Duration, Stack, StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
// In an app of your own: from 'cdk-keyturn'.
import { ApiKeyRotation, ApiKeySecret, RotationSchedule, SecretKey } from '../../lib';

export interface SecretsStackProps extends StackProps {
  /**
   * Whether two X apps take turns. The token of the one that is idle is replaced then, and none that is in use.
   * @default false
   */
  readonly zeroGap?: boolean;
}

const X_KEYS = ['consumerKey', 'consumerSecret', 'accessToken', 'accessTokenSecret'];

/** The keys of an X app, and the bearer token that is issued for them and replaced every 30 days. */
export class SecretsStack extends Stack {
  readonly token: ApiKeySecret;

  constructor(scope: Construct, id: string, { zeroGap, ...props }: SecretsStackProps = {}) {
    super(scope, id, props);

    const encryptionKey = new SecretKey(this, 'Key');
    const consumerKeys = new ApiKeySecret(this, 'ConsumerKeys', {
      secretName: 'twitter/consumer-keys',
      description: 'Keys of the X app, put in by hand: npx keyturn put twitter/consumer-keys',
      encryptionKey,
      fields: X_KEYS,
    });
    const alternateConsumerKeys = zeroGap ? this.secondApp(encryptionKey) : undefined;
    this.token = new ApiKeySecret(this, 'Token', {
      secretName: 'my-twitter-api-key',
      description: 'Bearer token of the X app, issued and replaced by its rotation',
      encryptionKey,
      fields: ['TwitterAPIKey'],
      rotation: ApiKeyRotation.xBearerToken({
        consumerKeys,
        alternateConsumerKeys,
        schedule: RotationSchedule.rate(Duration.days(30), { window: Duration.hours(4) }),
      }),
    });

    new CfnOutput(this, 'PutConsumerKeys', {
      description: 'Puts the four keys of the X app in, once, after the first deployment',
      value: `npx keyturn put twitter/consumer-keys --region ${this.region}`,
    });
    new CfnOutput(this, 'RotateToken', {
      description: 'Fetches the first token, and a new one at any time',
      value: `aws secretsmanager rotate-secret --secret-id my-twitter-api-key --region ${this.region}`,
    });
  }

  private secondApp(encryptionKey: SecretKey): ApiKeySecret {
    const secretName = 'twitter/alternate-consumer-keys';
    new CfnOutput(this, 'PutAlternateConsumerKeys', {
      description: 'Puts the four keys of the second X app in, before the second rotation',
      value: `npx keyturn put ${secretName} --region ${this.region}`,
    });
    return new ApiKeySecret(this, 'AlternateConsumerKeys', {
      secretName,
      description: `Keys of the second X app, put in by hand: npx keyturn put ${secretName}`,
      encryptionKey,
      fields: X_KEYS,
    });
  }
}
