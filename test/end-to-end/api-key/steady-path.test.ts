import { CASE } from './cases';
import { isOfTheRotation, KeyLab } from './key-lab';

describe.each(Object.values(CASE))('$name', (of) => {
  let sample: KeyLab;
  beforeAll(async () => void (sample = await KeyLab.start(of)));
  afterAll(async () => await sample?.stop());

  test('publishes a key that works in each of four rotations, and leaves no other key behind', async () => {
    const seen = sample.watch();
    const keys = new Set<string>();

    const requests: number[] = [];
    for (let count = 0; count < of.requests.length; count++) {
      const before = sample.lab.calls.all.length;
      const old = await sample.key();

      const { outcome, attempts } = await sample.rotate();

      const errors = attempts.flatMap(({ steps }) => steps.flatMap(({ error = [] }) => error));
      expect({ outcome, errors }).toEqual({ outcome: 'succeeded', errors: [] });
      requests.push(sample.lab.calls.all.slice(before).filter(isOfTheRotation).length);
      expect(sample.live).toEqual(await sample.needed());
      expect(sample.isLive(await sample.key())).toBe(true);
      expect(await sample.key('AWSPREVIOUS')).toBe(old);
      keys.add((await sample.key())!);
    }

    expect(requests).toEqual(of.requests);
    expect(keys.size).toBe(4);
    expect(seen.mostLive).toBeLessThanOrEqual(of.most);
  });
});
