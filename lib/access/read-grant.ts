import * as iam from 'aws-cdk-lib/aws-iam';
import { GrantedSecret } from './granted-secret';
import { grantToIdentity } from './identity-grant';
import { stagesOnly } from './version-stages';

/** Lets a principal read these stages of one secret, AWSCURRENT unless asked for others, and its description. */
export function grantRead(secret: GrantedSecret, grantee: iam.IGrantable, versionStages?: string[]): iam.Grant {
  return grantToIdentity(secret, grantee, {
    method: 'grantRead',
    // DescribeSecret knows neither a stage nor a version id, so the conditions hold for it.
    actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
    conditions: stagesOnly(versionStages),
    keyActions: ['kms:Decrypt'],
  });
}
