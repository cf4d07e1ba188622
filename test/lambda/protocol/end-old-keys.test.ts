import { REQUEST, TAG } from '../../../lib/rotation/contract';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { IssuerNoAnswerError } from '../../../lambda/provider/errors';
import { ChosenKey } from '../../../lambda/strategy/chosen-key';
import { IssuedKey } from '../../../lambda/strategy/issued-key';
import { Strategy } from '../../../lambda/protocol/strategy';
import { Account } from '../account';
import { MemoryKeys, MemoryPlace } from '../strategy/memory-issuers';

let account: Account;
let issuer: MemoryKeys;
let strategy: Strategy;

beforeEach(async () => {
  account = await new Account(rotationHandler(() => strategy)).start();
  issuer = new MemoryKeys(() => account.clock.now());
  strategy = new IssuedKey(issuer);
});
afterEach(async () => await account.stop());

const make = async (name: string) => await account.createSecret(name, undefined, { [TAG.FIELDS]: 'apiKey' });
const endOld = async (SecretIds: string[]) => {
  await account.invoke({ Keyturn: REQUEST.REVOKE, SecretIds, At: account.clock.now().toISOString() });
};

test('a secret that fails keeps no other from it, and is named in the error', async () => {
  const [broken, whole] = [await make('broken'), await make('whole')];
  await account.rotate(whole);
  await account.rotate(whole);
  issuer.fault = (call) => {
    if (call.startsWith('revoke')) throw new IssuerNoAnswerError('nothing came');
  };
  await account.rotate(whole);
  issuer.fault = () => {};
  await account.handle('PutSecretValue', { SecretId: broken, SecretString: 'some-text' });

  const round = endOld([broken, whole]);

  await expect(round).rejects.toThrow(
    `RevokeOldKeys: 1 of 2 secrets failed: the AWSCURRENT value of ${broken} cannot be read, or is no JSON object`,
  );
  expect(issuer.ids).toEqual(['id-2', 'id-3']);
});

test('a secret that has never been rotated has nothing to end', async () => {
  const secret = await make('new');

  await endOld([secret]);

  expect(issuer.asked).toEqual(['list']);
});

test('a strategy that has nothing to end is left in peace', async () => {
  const place = new MemoryPlace();
  strategy = new ChosenKey(place);
  const secret = await make('chosen');

  await endOld([secret]);

  expect(place.asked).toEqual([]);
});
