import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { ApiKeyRotation, ApiKeySecret, ApiKeySecretProps, XBearerTokenRotationProps } from '../../lib';

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';

/** Feature flags of an old app, and of one that `cdk init` makes today. */
export const FLAGS: [string, Record<string, unknown>][] = [
  ['no feature flag', {}],
  ['the recommended feature flags', recommendedFlags],
];

export const X_FIELDS = ['consumerKey', 'consumerSecret', 'accessToken', 'accessTokenSecret'];

export function app(flags: Record<string, unknown> = {}): App {
  return new App({ context: flags, analyticsReporting: false });
}

export function stack(scope: App = app(), id = 'Stack'): Stack {
  return new Stack(scope, id, { env: { account: ACCOUNT, region: REGION } });
}

/** A secret with the keys of an X app, and one with the token of that app that rotates. */
export function rotatedToken(
  scope: Stack,
  props: { id?: string; secret?: Partial<ApiKeySecretProps>; rotation?: Partial<XBearerTokenRotationProps> } = {},
): ApiKeySecret {
  const id = props.id ?? '';
  const consumerKeys =
    props.rotation?.consumerKeys ??
    new ApiKeySecret(scope, `ConsumerKeys${id}`, { fields: X_FIELDS, encryptionKey: props.secret?.encryptionKey });
  return new ApiKeySecret(scope, `Token${id}`, {
    fields: ['TwitterAPIKey'],
    ...props.secret,
    rotation: ApiKeyRotation.xBearerToken({ ...props.rotation, consumerKeys }),
  });
}

export interface Statement {
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/** The statements of all identity policies that stand on their own. */
export function identityStatements(template: Template): Statement[] {
  return Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    (policy) => policy.Properties.PolicyDocument.Statement,
  );
}

export function statementFor(template: Template, action: string): Statement {
  const found = identityStatements(template).filter((statement) => [statement.Action].flat().includes(action));
  if (found.length !== 1) throw new Error(`expected one statement for ${action}, got ${found.length}`);
  return found[0];
}
