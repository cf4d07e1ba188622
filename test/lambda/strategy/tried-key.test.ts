import { TAG } from '../../../lib/rotation/contract';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { IssuedKey } from '../../../lambda/strategy/issued-key';
import { Account, errors } from '../account';
import { ANY_KEY, MemoryKeys } from './memory-issuers';

let account: Account;
let issuer: MemoryKeys;
let secret: string;

beforeEach(async () => {
  account = await new Account(rotationHandler(() => new IssuedKey(issuer))).start();
  issuer = new MemoryKeys(() => account.clock.now());
  secret = await account.createSecret('my-key', { apiKey: issuer.add('by hand').key }, { [TAG.FIELDS]: 'apiKey' });
});
afterEach(async () => {
  const shown = account.output.join('');
  await account.stop();
  expect(shown).not.toMatch(ANY_KEY);
});

const probes = () => issuer.asked.filter((call) => call === 'probe').length;

test('a key that works is tried once', async () => {
  await account.rotate(secret);

  expect(probes()).toBe(1);
});

test('a key that is refused at first is tried again', async () => {
  issuer.verdict = 'rejected';
  issuer.fault = (call, phase) => {
    if (call === 'probe' && phase === 'after' && probes() === 2) issuer.verdict = undefined;
  };

  const report = await account.rotate(secret);

  expect(report).toMatchObject({ outcome: 'succeeded', attempts: [{}] });
  expect(probes()).toBe(3);
});

test('a key that nobody can tell of is tried once, and stays unpublished', async () => {
  issuer.verdict = 'unknown';

  const report = await account.rotate(secret);

  expect(errors(report)[0]).toBe(
    `testSecret: cannot tell whether "apiKey" of version ${report.token} of ${secret} works: example.com answered GET /`,
  );
  expect(probes()).toBe(report.attempts.length);
});

test('an AWSCURRENT key that is dead at deployment is named, and the labels are left to Secrets Manager', async () => {
  account.timeout = 1_500;
  issuer.keys = [];
  const report = await account.rotate(secret, { immediately: false });

  expect(report.outcome).toBe('failed');
  expect(errors(report)[0]).toMatch(/^testSecret: "apiKey" of version .* does not work: example.com answered GET \//);
});
