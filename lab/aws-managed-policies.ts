import type { NamedPolicy } from '../policy';

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/** By name, the policies of AWS that CDK gives to functions: each function gets the first one, and one in a VPC the second one too. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  AWSLambdaBasicExecutionRole: LOGS,
  AWSLambdaVPCAccessExecutionRole: [
    ...LOGS,
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
  ],
};

/** What the lab knows of AWS's own policies, by ARN. */
export const AWS_MANAGED_POLICIES: ReadonlyMap<string, NamedPolicy> = new Map(
  Object.entries(ACTIONS).map(([name, actions]) => [
    `arn:aws:iam::aws:policy/service-role/${name}`,
    {
      name,
      document: {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Action: [...actions],
          Resource: '*',
        },
      },
    },
  ]),
);
