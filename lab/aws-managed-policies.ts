import type { NamedPolicy } from '../policy';

/**
 * The policies of AWS that a function gets its right to write logs from; CDK gives one to each function that is made without a role. The
 * second one also allows network interfaces, which nothing in the lab asks about.
 */
const NAMES = ['AWSLambdaBasicExecutionRole', 'AWSLambdaVPCAccessExecutionRole'];

/** What the lab knows of AWS's own policies, by ARN. */
export const AWS_MANAGED_POLICIES: ReadonlyMap<string, NamedPolicy> = new Map(
  NAMES.map((name) => [
    `arn:aws:iam::aws:policy/service-role/${name}`,
    {
      name,
      document: {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: '*',
        },
      },
    },
  ]),
);
