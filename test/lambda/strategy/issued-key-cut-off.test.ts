import { REQUEST, TAG } from '../../../lib/rotation/contract';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { IssuedKey } from '../../../lambda/strategy/issued-key';
import { Account } from '../account';
import { CutOffCase, cutOffAtEveryCall } from './cut-off';
import { MemoryKeys } from './memory-issuers';
import { put } from './put-by-hand';

let account: Account;
let issuer: MemoryKeys;

beforeEach(async () => {
  // Without the SDK's own repeats: what is cut off is cut off.
  process.env.AWS_MAX_ATTEMPTS = '1';
  account = await new Account(rotationHandler(() => new IssuedKey(issuer))).start();
});
afterEach(async () => {
  delete process.env.AWS_MAX_ATTEMPTS;
  await account.stop();
});

interface Kind {
  readonly hasNames: boolean;
  readonly limit?: number;
}

const make = async (name: string, value?: object) => {
  const secret = await account.createSecret(name, value, { [TAG.FIELDS]: 'apiKey' });
  await account.clock.advance({ seconds: 5 });
  return secret;
};

const rotate = async (secret: string) => {
  await account.rotate(secret);
  await account.clock.advance({ seconds: 5 });
};

const byHand = async () => {
  const key = issuer.add('by hand');
  await account.clock.advance({ seconds: 5 });
  return key;
};

const STARTS: Record<string, (name: string) => Promise<string>> = {
  'a secret without a value': async (name) => await make(name),
  'a value that was put in with its id': async (name) => {
    const { id, key } = await byHand();
    return await make(name, { apiKey: key, keyid: id, note: 'kept' });
  },
  'a value that was put in without its id': async (name) => {
    const { key } = await byHand();
    return await make(name, { apiKey: key, note: 'kept' });
  },
  'the second key that was issued': async (name) => {
    const secret = await make(name);
    await rotate(secret);
    await rotate(secret);
    return secret;
  },
  'a key that was gone back to': async (name) => {
    const secret = await make(name);
    await rotate(secret);
    await rotate(secret);
    await account.invoke({ Keyturn: REQUEST.ROLL_BACK, SecretId: secret });
    await account.clock.advance({ seconds: 5 });
    return secret;
  },
  'the same key, put in again beside another note': async (name) => {
    const secret = await make(name);
    await rotate(secret);
    for (const note of ['one', 'two', 'three']) await put(account, secret, { note });
    await account.clock.advance({ seconds: 5 });
    return secret;
  },
};

async function begin(name: string, start: string, { hasNames, limit }: Kind): Promise<CutOffCase> {
  issuer = new MemoryKeys(() => account.clock.now());
  Object.assign(issuer, { hasNames, limit });
  const secret = await STARTS[start](name);
  const before = await account.state(secret);
  return {
    secret,
    issuer,
    look: async () => {
      const { AWSCURRENT } = await account.state(secret);
      if (AWSCURRENT && !issuer.accepts(AWSCURRENT.apiKey)) return `AWSCURRENT is dead: ${issuer.asked.join(', ')}`;
      return issuer.keys.length > 3 ? `${issuer.keys.length} keys live` : undefined;
    },
    end: async () => {
      await account.invoke({ Keyturn: REQUEST.REVOKE, SecretIds: [secret], At: account.clock.now().toISOString() });
      const { AWSCURRENT, AWSPREVIOUS } = await account.state(secret);
      const wanted = [AWSCURRENT, AWSPREVIOUS].flatMap((value) => value?.apiKey ?? []).sort();
      const live = issuer.keys.map(({ key }) => key).sort();
      return [
        AWSCURRENT?.apiKey === before.AWSCURRENT?.apiKey ? 'the key is the same' : undefined,
        AWSPREVIOUS?.apiKey === before.AWSCURRENT?.apiKey ? undefined : 'AWSPREVIOUS is not the key before',
        AWSCURRENT?.note === before.AWSCURRENT?.note ? undefined : 'the note is lost',
        live.join() === wanted.join() ? undefined : `live are ${live.join()}; wanted ${wanted.join()}`,
      ];
    },
  };
}

const KINDS: Kind[] = [
  { hasNames: true, limit: 2 },
  { hasNames: false, limit: 2 },
];
const CASES: [string, Kind][] = [
  ...Object.keys(STARTS).flatMap((start) => KINDS.map((kind): [string, Kind] => [start, kind])),
  ['the second key that was issued', { hasNames: true }],
  ['the second key that was issued', { hasNames: false, limit: 3 }],
];

test.each(CASES)(
  'from %s, with %j: cut off at any call, AWSCURRENT works all along, and no key is left over in the end',
  async (start, kind) => {
    const { cuts, wrong } = await cutOffAtEveryCall(account, async (name) => await begin(name, start, kind));

    expect(wrong).toEqual([]);
    expect(cuts).toBeGreaterThan(25);
  },
);
