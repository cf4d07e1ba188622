import { join } from 'node:path';
import { Aws, CfnDeletionPolicy, type CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CfnRotationSchedule, CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';

const VERSION = '2012-10-17';

/** What the constructs make of rotated X tokens, as somebody would write it who has only L1. */
export function byHand(stack: Stack, secrets: number): void {
  const root = `arn:${Aws.PARTITION}:iam::${stack.account}:root`;
  const anySecret = `arn:${Aws.PARTITION}:secretsmanager:${stack.region}:${stack.account}:secret:*`;
  const viaService = { 'kms:ViaService': `secretsmanager.${stack.region}.amazonaws.com` };
  const key = retained(
    new CfnKey(stack, 'Key', {
      description: 'Encrypts secrets in AWS Secrets Manager',
      enableKeyRotation: true,
      keyPolicy: {
        Version: VERSION,
        Statement: [
          {
            Sid: 'AdministerWithoutDecrypting',
            Effect: 'Allow',
            Principal: { AWS: root },
            Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:Put*', 'kms:ScheduleKeyDeletion'],
            Resource: '*',
          },
          {
            Sid: 'UseThroughSecretsManager',
            Effect: 'Allow',
            Principal: { AWS: root },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Resource: '*',
            Condition: { StringEquals: { ...viaService, 'kms:CallerAccount': stack.account } },
          },
        ],
      },
    }),
  );
  const logs = retained(new CfnLogGroup(stack, 'Logs', { retentionInDays: 180 }));
  const role = new CfnRole(stack, 'Role', {
    assumeRolePolicyDocument: {
      Version: VERSION,
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    policies: [
      {
        policyName: 'Logs',
        policyDocument: {
          Version: VERSION,
          Statement: [
            { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: logs.attrArn },
          ],
        },
      },
    ],
  });
  const code = new Asset(stack, 'Code', { path: join(__dirname, '../../assets/x-bearer-token') });
  const rotate = new CfnFunction(stack, 'Function', {
    code: { s3Bucket: code.s3BucketName, s3Key: code.s3ObjectKey },
    role: role.attrArn,
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    architectures: ['arm64'],
    memorySize: 256,
    timeout: 60,
    environment: { variables: { KEYTURN_X_INVALIDATE_WITH: 'oauth1', NODE_OPTIONS: '--enable-source-maps' } },
    loggingConfig: { logGroup: logs.ref },
  });
  const invocation = new CfnPermission(stack, 'Invocation', {
    action: 'lambda:InvokeFunction',
    functionName: rotate.attrArn,
    principal: 'secretsmanager.amazonaws.com',
    sourceAccount: stack.account,
  });
  const issuers: string[] = [];
  const rotates = new CfnPolicy(stack, 'Rotates', {
    policyName: 'Rotates',
    roles: [role.ref],
    policyDocument: {
      Version: VERSION,
      Statement: [
        {
          Effect: 'Allow',
          Action: [
            'secretsmanager:DescribeSecret',
            'secretsmanager:GetSecretValue',
            'secretsmanager:PutSecretValue',
            'secretsmanager:UpdateSecretVersionStage',
          ],
          Resource: anySecret,
          Condition: { StringEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': rotate.attrArn } },
        },
        ...['kms:Decrypt', 'kms:GenerateDataKey'].map((Action) => ({
          Effect: 'Allow',
          Action,
          Resource: key.attrArn,
          Condition: { StringEquals: viaService, StringLike: { 'kms:EncryptionContext:SecretARN': anySecret } },
        })),
        {
          Effect: 'Allow',
          Action: 'secretsmanager:GetSecretValue',
          Resource: issuers,
          Condition: {
            StringEqualsIfExists: { 'secretsmanager:VersionStage': ['AWSCURRENT'] },
            Null: { 'secretsmanager:VersionId': 'true' },
          },
        },
      ],
    },
  });
  for (let index = 0; index < secrets; index++) {
    const consumerKeys = retained(
      new CfnSecret(stack, `ConsumerKeys${index}`, {
        kmsKeyId: key.attrArn,
        tags: [{ key: 'keyturn:fields', value: 'consumerKey consumerSecret accessToken accessTokenSecret' }],
      }),
    );
    issuers.push(consumerKeys.ref);
    const token = retained(
      new CfnSecret(stack, `Token${index}`, {
        name: `token-${index}`,
        kmsKeyId: key.attrArn,
        tags: [
          { key: 'keyturn:fields', value: 'TwitterAPIKey' },
          { key: 'keyturn:issuer-secret', value: consumerKeys.ref },
          { key: 'keyturn:rotated-field', value: 'TwitterAPIKey' },
        ],
      }),
    );
    const schedule = new CfnRotationSchedule(stack, `Schedule${index}`, {
      secretId: token.ref,
      rotationLambdaArn: rotate.attrArn,
      rotateImmediatelyOnUpdate: false,
      rotationRules: { scheduleExpression: 'rate(30 days)' },
    });
    for (const needed of [invocation, rotates]) schedule.addDependency(needed);
  }
}

function retained<T extends CfnResource>(resource: T): T {
  resource.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE;
  resource.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  return resource;
}
