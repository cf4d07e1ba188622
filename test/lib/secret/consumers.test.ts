import { CfnOutput } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as rds from 'aws-cdk-lib/aws-rds';
import { ManagedSecret } from '../../../lib';
import { stack, statementFor } from '../stacks';

test('an ECS container takes one field and its execution role may read the secret', () => {
  const scope = stack();
  const secret = new ManagedSecret(scope, 'Secret');
  const task = new ecs.FargateTaskDefinition(scope, 'Task');

  task.addContainer('App', {
    image: ecs.ContainerImage.fromRegistry('app'),
    secrets: { API_KEY: ecs.Secret.fromSecretsManager(secret, 'bearerToken') },
  });

  const arn = scope.resolve(secret.secretArn);
  const template = Template.fromStack(scope);
  template.hasResourceProperties('AWS::ECS::TaskDefinition', {
    ContainerDefinitions: [
      Match.objectLike({
        Secrets: [{ Name: 'API_KEY', ValueFrom: { 'Fn::Join': ['', [arn, ':bearerToken::']] } }],
      }),
    ],
  });
  expect(statementFor(template, 'secretsmanager:GetSecretValue').Resource).toEqual(arn);
  expect(statementFor(template, 'kms:Decrypt').Resource).toEqual(scope.resolve(secret.encryptionKey!.keyArn));
});

test('a database takes its credentials from the secret', () => {
  const scope = stack();
  const generateSecretString = { secretStringTemplate: '{"username":"admin"}', generateStringKey: 'password' };
  const secret = new ManagedSecret(scope, 'Secret', { generateSecretString });

  new rds.DatabaseInstance(scope, 'Database', {
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
    vpc: new ec2.Vpc(scope, 'Vpc', { natGateways: 0 }),
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    credentials: rds.Credentials.fromSecret(secret),
  });

  const reference = (field: string) => ({
    'Fn::Join': ['', ['{{resolve:secretsmanager:', scope.resolve(secret.secretArn), `:SecretString:${field}::}}`]],
  });
  Template.fromStack(scope).hasResourceProperties('AWS::RDS::DBInstance', {
    MasterUsername: reference('username'),
    MasterUserPassword: reference('password'),
  });
});

test('a field is a dynamic reference where CloudFormation must know it', () => {
  const scope = stack();
  const secret = new ManagedSecret(scope, 'Secret');

  new CfnOutput(scope, 'Output', { value: secret.secretValueFromJson('bearerToken').unsafeUnwrap() });

  Template.fromStack(scope).hasOutput('Output', {
    Value: {
      'Fn::Join': ['', ['{{resolve:secretsmanager:', scope.resolve(secret.secretArn), ':SecretString:bearerToken::}}']],
    },
  });
});
