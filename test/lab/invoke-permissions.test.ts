import { Lab } from '../../lab';
import { InvokePermissions } from '../../lab/invoke-permissions';
import { ask, deploy, inlineFunction, roleWith } from './assemblies';

const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:example';
const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf';
const SERVICE = 'secretsmanager.amazonaws.com';
const REFUSAL =
  'Secrets Manager cannot invoke the specified Lambda function. ' +
  'Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.';

describe('RotateSecret with a function', () => {
  let lab: Lab;
  beforeEach(async () => void (lab = await Lab.start()));
  afterEach(async () => await lab.stop());

  /** Deploys a function with this permission, and has a secret rotated by it. */
  async function rotateWith(permission: object | undefined): Promise<unknown> {
    await deploy(lab, {
      Resources: {
        Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'key' } },
        Role: roleWith(),
        Function: inlineFunction(''),
        ...(permission && {
          Permission: {
            Type: 'AWS::Lambda::Permission',
            Properties: {
              FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] },
              Action: 'lambda:InvokeFunction',
              Principal: SERVICE,
              ...permission,
            },
          },
        }),
      },
    });
    return await ask(lab, undefined, 'RotateSecret', { SecretId: 'key', RotationLambdaARN: FUNCTION });
  }

  test.each<[string, object]>([
    ['for the service', {}],
    ['for the account', { SourceAccount: { Ref: 'AWS::AccountId' } }],
    ['for the secret', { SourceArn: { Ref: 'Secret' } }],
    ['for the secrets of the account', { SourceArn: 'arn:aws:secretsmanager:*:123456789012:secret:*' }],
    ['for the secret and its account', { SourceAccount: '123456789012', SourceArn: { Ref: 'Secret' } }],
    ['for everything about the function', { Action: 'lambda:*' }],
    ['on the name of the function', { FunctionName: { Ref: 'Function' } }],
  ])('that has a permission %s starts a rotation', async (_, permission) => {
    await expect(rotateWith(permission)).resolves.toMatchObject({ Name: 'key' });
  });

  test.each<[string, object | undefined]>([
    ['without a permission', undefined],
    ['with one for another service', { Principal: 'events.amazonaws.com' }],
    ['with one for another account', { SourceAccount: '999999999999' }],
    ['with one for another secret', { SourceArn: SECRET.replace('key', 'other') }],
    ['with one for the secret in another account', { SourceArn: { Ref: 'Secret' }, SourceAccount: '999999999999' }],
    ['with one to do something else', { Action: 'lambda:GetFunction' }],
    ['with one on another function', { FunctionName: 'other' }],
  ])('%s is refused in the words of AWS', async (_, permission) => {
    await expect(rotateWith(permission)).rejects.toMatchObject({ type: 'AccessDeniedException', message: REFUSAL });
  });
});

test('permissions add up', () => {
  const permissions = new InvokePermissions();
  const allow = (id: string, service: string) =>
    permissions.allow(FUNCTION, id, { service, action: 'lambda:InvokeFunction', conditions: {} });
  allow('one', 'events.amazonaws.com');
  allow('two', SERVICE);

  expect(permissions.allows(SERVICE, FUNCTION, { account: '123456789012', arn: SECRET })).toBe(true);
});
