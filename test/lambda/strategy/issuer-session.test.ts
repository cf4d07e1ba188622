import { ISSUER_ARN_FIELD, TAG } from '../../../lib/rotation/contract';
import { Credential } from '../../../lambda/protocol/secret-fields';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { IssuerSession, NewKey } from '../../../lambda/provider/key-issuer';
import { IssuedKey } from '../../../lambda/strategy/issued-key';
import { Account, errors } from '../account';
import { MemoryKeys } from './memory-issuers';

/** Asks with all that a session has. */
class AskingKeys extends MemoryKeys {
  credentials: Credential[] = [];
  parameters: IssuerSession['parameters'][] = [];

  override async issue(session: IssuerSession, keyName: string): Promise<NewKey> {
    this.parameters.push(session.parameters);
    if (this.credentialFields.length > 0) this.credentials.push(await session.credential(), await session.credential());
    return await super.issue(session, keyName);
  }
}

let account: Account;
let issuer: AskingKeys;
let owner: string;

beforeEach(async () => {
  account = await new Account(rotationHandler(() => new IssuedKey(issuer))).start();
  issuer = new AskingKeys(() => account.clock.now());
  issuer.credentialFields = ['token'];
  owner = await account.createSecret('owner', { token: 'token-of-the-owner' });
});
afterEach(async () => {
  const shown = account.output.join('');
  await account.stop();
  expect(shown).not.toContain('token-of-the-owner');
});

const make = async (tags: Record<string, string>, value?: object) =>
  await account.createSecret('my-key', value, { [TAG.FIELDS]: 'apiKey', ...tags });

test('the credential of the secret in the tag is read once, and only when it is needed', async () => {
  const secret = await make({ [TAG.ISSUER_SECRET]: owner });

  const report = await account.rotate(secret);

  const reads = account.calls.all.filter(({ operation, resource, caller }) => {
    return operation === 'GetSecretValue' && resource === 'owner' && caller === 'rotation';
  });
  expect(report.outcome).toBe('succeeded');
  expect(issuer.credentials[0]).toEqual({ secretId: owner, fields: { token: 'token-of-the-owner' } });
  expect(reads).toHaveLength(1);
  expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { [ISSUER_ARN_FIELD]: owner } });
});

test('without the tag the value names it, and goes on naming it', async () => {
  const secret = await make({}, { apiKey: issuer.add('by hand').key, [ISSUER_ARN_FIELD]: owner });

  const reports = [await account.rotate(secret), await account.rotate(secret)];

  expect(reports.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
  expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { [ISSUER_ARN_FIELD]: owner } });
});

test('without both, the error says how to name it', async () => {
  const secret = await make({});

  const report = await account.rotate(secret);

  expect(errors(report)[0]).toBe(
    `createSecret: ${secret} does not say who issues its key: set its tag keyturn:issuer-secret, or "issuerarn" in its JSON, ` +
      'to the ARN of the secret with token',
  );
});

test('the settings of the secret come from its tags', async () => {
  issuer.parameterNames = ['accountId'];
  const secret = await make({ [TAG.ISSUER_SECRET]: owner, [`${TAG.PARAMETER}accountId`]: '42' });

  await account.rotate(secret);

  expect(issuer.parameters).toEqual([{ accountId: '42' }]);
});

test('settings that are missing are named, before the issuer is asked', async () => {
  issuer.parameterNames = ['accountId', 'projectId'];
  const secret = await make({ [TAG.ISSUER_SECRET]: owner, [`${TAG.PARAMETER}accountId`]: '42' });

  const report = await account.rotate(secret);

  expect(report.attempts[0].steps[0].error).toEqual({
    type: 'ConfigurationError',
    message: `createSecret: ${secret} lacks the tag keyturn:parameter:projectId, which Example must be asked with`,
  });
  expect(issuer.asked).toEqual([]);
});
