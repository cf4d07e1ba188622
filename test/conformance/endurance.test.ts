import { BusyClient } from './busy-client';
import { describeCases } from './cases';
import { DatabaseLab } from './database-lab';

const ROTATIONS = 200;

describeCases(({ kind, strategy, currentAlwaysWorks }) => {
  test(`${ROTATIONS} rotations in a row fail no login of a client that logs in all the time`, async () => {
    const sample = await DatabaseLab.start(kind, { strategy });
    const client = new BusyClient(sample);

    const seen = new Set<unknown>();
    for (let rotation = 0; rotation < ROTATIONS; rotation++) {
      const { outcome, attempts } = await sample.rotate();
      expect({ rotation, outcome, attempts: attempts.length }).toEqual({ rotation, outcome: 'succeeded', attempts: 1 });
      seen.add((await sample.version())!.password);
      // A client that is slower than two rotations would rightly be refused: it gets in once between any two.
      await client.next();
    }
    await client.stop();
    const { logins, refused, failures, longestWait } = client;
    console.info(
      `${kind.name}, ${strategy}: ${logins} logins, ${refused} refused, longest ${Math.round(longestWait)} ms`,
    );

    expect(failures).toEqual([]);
    expect(seen.size).toBe(ROTATIONS);
    expect(logins).toBeGreaterThan(ROTATIONS / 2);
    if (currentAlwaysWorks) expect(refused).toBe(0);
    await sample.stop();
  }, 600_000);
});
