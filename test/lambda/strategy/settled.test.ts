import { TAG } from '../../../lib/rotation/contract';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { IssuedKey } from '../../../lambda/strategy/issued-key';
import { Account } from '../account';
import { MemoryKeys } from './memory-issuers';

let account: Account;
let issuer: MemoryKeys;
let secret: string;

beforeEach(async () => {
  account = await new Account(rotationHandler(() => new IssuedKey(issuer))).start();
  issuer = new MemoryKeys(() => account.clock.now());
  secret = await account.createSecret('my-key', undefined, { [TAG.FIELDS]: 'apiKey' });
});
afterEach(async () => await account.stop());

test('an issuer whose keys work at once is not waited for', async () => {
  const report = await account.rotate(secret);

  expect(report.outcome).toBe('succeeded');
  expect(account.output.join('')).toContain('nothing to set: the new value works since it was issued');
});

test('an issuer that needs time gets it, after the key is stored and before it is tried', async () => {
  issuer.settle = 0.01;

  const report = await account.rotate(secret);

  expect(report.outcome).toBe('succeeded');
  expect(account.output.join('')).toContain('waiting 0.01 s, for Example to make the key known everywhere');
});

test('a time-out of the function that leaves too little for it is named, and nothing is published', async () => {
  issuer.settle = 60;

  const report = await account.rotate(secret);

  expect(report.outcome).toBe('failed');
  expect(report.attempts[0].steps.at(-1)?.error).toEqual({
    type: 'ConfigurationError',
    message:
      'setSecret: Example may take 60 s to make a new key known everywhere, and the time-out of the function does not leave as much; raise it',
  });
  expect(issuer.keys).toHaveLength(1);
});
