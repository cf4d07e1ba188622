import { REQUEST, TAG } from '../../../lib/rotation/contract';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { Strategy } from '../../../lambda/protocol/strategy';
import { ChosenKey } from '../../../lambda/strategy/chosen-key';
import { ReplacedKey } from '../../../lambda/strategy/replaced-key';
import { TwoSlots } from '../../../lambda/strategy/two-slots';
import { Account } from '../account';
import { cutOffAtEveryCall } from './cut-off';
import { MemoryKey, MemoryPlace, MemorySlots } from './memory-issuers';

let account: Account;
let strategy: Strategy;

beforeEach(async () => {
  process.env.AWS_MAX_ATTEMPTS = '1';
  account = await new Account(rotationHandler(() => strategy)).start();
});
afterEach(async () => {
  delete process.env.AWS_MAX_ATTEMPTS;
  await account.stop();
});

const FIRST = { apiKey: 'value-of-key-0', note: 'kept' };
const make = async (name: string, value?: object) =>
  await account.createSecret(name, value, { [TAG.FIELDS]: 'apiKey' });

test.each([
  ['a key that was put in', 0, false],
  ['a key that was made', 1, false],
  ['a key beside its predecessor', 2, false],
  ['a key that was gone back to', 2, true],
])('with two slots, from %s: cut off at any call, AWSCURRENT works all along', async (_name, rotations, goesBack) => {
  const { cuts, wrong } = await cutOffAtEveryCall(account, async (name) => {
    const issuer = new MemorySlots();
    strategy = new TwoSlots(issuer);
    const secret = await make(name, FIRST);
    for (let count = 0; count < rotations; count++) await account.rotate(secret);
    if (goesBack) await account.invoke({ Keyturn: REQUEST.ROLL_BACK, SecretId: secret });
    const before = await account.state(secret);
    return {
      secret,
      issuer,
      look: async () => {
        const { AWSCURRENT } = await account.state(secret);
        return issuer.accepts(AWSCURRENT?.apiKey) ? undefined : `AWSCURRENT is dead: ${issuer.asked.join(', ')}`;
      },
      end: async () => {
        const { AWSCURRENT, AWSPREVIOUS } = await account.state(secret);
        return [
          issuer.second === AWSCURRENT?.apiKey ? undefined : 'AWSCURRENT is not in the second slot',
          issuer.first === AWSPREVIOUS?.apiKey ? undefined : 'AWSPREVIOUS is not in the first slot',
          AWSPREVIOUS?.apiKey === before.AWSCURRENT?.apiKey ? undefined : 'AWSPREVIOUS is not the key before',
          AWSCURRENT?.note === 'kept' ? undefined : 'the note is lost',
        ];
      },
    };
  });

  expect(wrong).toEqual([]);
  expect(cuts).toBeGreaterThan(25);
});

test('with a chosen key: cut off at any call, a stored version works all along', async () => {
  const { cuts, wrong } = await cutOffAtEveryCall(account, async (name) => {
    const issuer = new MemoryPlace();
    strategy = new ChosenKey(issuer);
    const secret = await make(name, FIRST);
    return {
      secret,
      issuer,
      look: async () => {
        const stored = Object.values(await account.state(secret)).map((value) => value?.apiKey);
        return stored.some((key) => issuer.accepts(key)) ? undefined : 'no stored version works';
      },
      end: async () => {
        const { AWSCURRENT, AWSPREVIOUS } = await account.state(secret);
        return [
          issuer.accepts(AWSCURRENT?.apiKey) ? undefined : 'AWSCURRENT does not work',
          new Set(issuer.told).size === 1 ? undefined : `it was told ${issuer.told.join(', ')}`,
          AWSPREVIOUS?.apiKey === FIRST.apiKey && AWSCURRENT?.note === 'kept' ? undefined : 'something is lost',
        ];
      },
    };
  });

  expect(wrong).toEqual([]);
  expect(cuts).toBeGreaterThan(20);
});

test('with a replaced key and a credential of its own: cut off at any call, the repeat makes it good', async () => {
  const { cuts, wrong } = await cutOffAtEveryCall(account, async (name) => {
    const issuer = new MemoryKey(false);
    strategy = new ReplacedKey(issuer);
    const secret = await make(name, FIRST);
    return {
      secret,
      issuer,
      look: async () => undefined,
      end: async () => {
        const { AWSCURRENT } = await account.state(secret);
        const replaced = issuer.asked.filter((call) => call === 'replace').length;
        return [
          issuer.accepts(AWSCURRENT?.apiKey) ? undefined : 'AWSCURRENT does not work',
          replaced <= 2 ? undefined : `replaced ${replaced} times`,
          AWSCURRENT?.note === 'kept' ? undefined : 'the note is lost',
        ];
      },
    };
  });

  expect(wrong).toEqual([]);
  expect(cuts).toBeGreaterThan(20);
});

test('with a replaced key that is asked for with itself: cut off at any call, it is asked once', async () => {
  const { wrong } = await cutOffAtEveryCall(account, async (name) => {
    const issuer = new MemoryKey(true);
    strategy = new ReplacedKey(issuer);
    const secret = await make(name, FIRST);
    return {
      secret,
      issuer,
      look: async () => undefined,
      end: async () => {
        const asked = issuer.asked.filter((call) => call === 'replace').length;
        const ended = issuer.live === undefined ? 'every key of the family is dead' : undefined;
        return [asked <= 2 ? undefined : `asked ${asked} times`, ended];
      },
    };
  });

  // The answer is lost, or cannot be stored: nobody has the key, and somebody has to put a new one in.
  expect(
    wrong.filter((each) => !/works no more .*asked with it: get a new one at Example, and put it in/.test(each)),
  ).toEqual([]);
  expect(wrong).toHaveLength(2);
});
