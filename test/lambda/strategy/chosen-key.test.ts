import { TAG } from '../../../lib/rotation/contract';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { ChosenKey } from '../../../lambda/strategy/chosen-key';
import { Account, errors } from '../account';
import { ANY_KEY, MemoryPlace } from './memory-issuers';

let account: Account;
let issuer: MemoryPlace;
let secret: string;

beforeEach(async () => {
  issuer = new MemoryPlace();
  account = await new Account(rotationHandler(() => new ChosenKey(issuer))).start();
  secret = await account.createSecret('my-key', { apiKey: issuer.live }, { [TAG.FIELDS]: 'apiKey' });
});
afterEach(async () => {
  const shown = account.output.join('');
  await account.stop();
  expect(shown).not.toMatch(ANY_KEY);
});

test('the key is stored before the issuer hears of it', async () => {
  const stored: unknown[] = [];
  issuer.fault = async (call, phase) => {
    if (call === 'apply' && phase === 'before') stored.push((await account.state(secret)).AWSPENDING?.apiKey);
  };

  await account.rotate(secret);

  expect(stored).toEqual([issuer.live]);
  expect(await account.state(secret)).toMatchObject({ AWSCURRENT: { apiKey: issuer.live } });
});

test('a key that is refused is applied again, the same one, by the repeat', async () => {
  account.timeout = 1_500;
  account.beforeStep = (step) => {
    if (step === 'testSecret' && issuer.told.length === 1) issuer.live = 'value-of-key-9';
  };

  const report = await account.rotate(secret);

  expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}, {}] });
  expect(errors(report)[0]).toMatch(/does not work: .*; the repeat of the rotation applies it again$/);
  expect(new Set(issuer.told).size).toBe(1);
});

test('a deployment applies nothing', async () => {
  const report = await account.rotate(secret, { immediately: false });

  expect(report.outcome).toBe('succeeded');
  expect(issuer.asked).toEqual(['probe']);
});
