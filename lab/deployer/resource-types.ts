import { dbCluster } from './resources/db-cluster';
import { dbClusterParameterGroup, dbParameterGroup, dbSubnetGroup } from './resources/db-groups';
import { dbInstance } from './resources/db-instance';
import { dbProxy, dbProxyEndpoint, dbProxyTargetGroup } from './resources/db-proxy';
import { hostedZone, recordSet } from './resources/dns';
import { eventRule } from './resources/event-rule';
import { lambdaFunction } from './resources/function';
import { inlinePolicy } from './resources/inline-policy';
import { invokePermission } from './resources/invoke-permission';
import { key, keyAlias } from './resources/key';
import { logGroup } from './resources/log-group';
import { managedPolicy } from './resources/managed-policy';
import { NETWORK_TYPES } from './resources/network';
import { role } from './resources/role';
import { rotationSchedule } from './resources/rotation-schedule';
import { secret } from './resources/secret';
import { secretPolicy } from './resources/secret-policy';
import { secretTargetAttachment } from './resources/secret-target-attachment';
import { user } from './resources/user';
import type { ResourceType } from './resource-type';

/** What the lab models. Every other type is listed by name in the deployment, and has no effect. */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::Events::Rule': eventRule,
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::IAM::Policy': inlinePolicy,
  'AWS::IAM::Role': role,
  'AWS::IAM::User': user,
  'AWS::KMS::Alias': keyAlias,
  'AWS::KMS::Key': key,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::Permission': invokePermission,
  'AWS::Logs::LogGroup': logGroup,
  'AWS::RDS::DBCluster': dbCluster,
  'AWS::RDS::DBClusterParameterGroup': dbClusterParameterGroup,
  'AWS::RDS::DBInstance': dbInstance,
  'AWS::RDS::DBParameterGroup': dbParameterGroup,
  'AWS::RDS::DBProxy': dbProxy,
  'AWS::RDS::DBProxyEndpoint': dbProxyEndpoint,
  'AWS::RDS::DBProxyTargetGroup': dbProxyTargetGroup,
  'AWS::RDS::DBSubnetGroup': dbSubnetGroup,
  'AWS::Route53::HostedZone': hostedZone,
  'AWS::Route53::RecordSet': recordSet,
  'AWS::SecretsManager::ResourcePolicy': secretPolicy,
  'AWS::SecretsManager::RotationSchedule': rotationSchedule,
  'AWS::SecretsManager::Secret': secret,
  'AWS::SecretsManager::SecretTargetAttachment': secretTargetAttachment,
  ...NETWORK_TYPES,
};
