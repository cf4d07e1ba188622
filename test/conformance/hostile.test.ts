import { DatabaseLab, SECRET } from './database-lab';
import { describeCases } from './cases';

const BLANKS = '  both ends  ';

/** What a shell, a URL, JSON, SQL or a template could take apart. */
const HOSTILE: readonly string[] = [
  `quote'quote`,
  `double"double`,
  'back\\slash\\',
  'tick`tick',
  'semi;colon--comment/*x*/',
  '{{password}}',
  '${x}#{y}%(z)s',
  '100%@host:5432/db?x=y&z',
  BLANKS,
  'ümlaut-Ω-密',
  `'; DROP TABLE notes; --`,
  '$$dollar$$',
];
const EMOJI = 'four bytes 😀';
const LONG = 'p4sSw0rd'.repeat(16);

describeCases(({ kind, strategy }) => {
  describe('passwords', () => {
    let sample: DatabaseLab;
    beforeAll(async () => void (sample = await DatabaseLab.start(kind, { strategy })));
    afterAll(async () => await sample?.stop());

    test.each([...HOSTILE, EMOJI, LONG])('%s, put in by hand, is rotated away', async (password) => {
      const current = (await sample.version())!;
      await sample.run(undefined, sample.kind.changePassword({ ...current, password }));
      await sample.put(SECRET, { ...current, password });
      expect(await sample.works(await sample.version())).toBe(true);

      const { outcome, attempts } = await sample.rotate();

      const errors = attempts.flatMap(({ steps }) => steps.flatMap(({ error }) => error?.message ?? []));
      expect({ outcome, errors }).toEqual({ outcome: 'succeeded', errors: [] });
      expect(await sample.works(await sample.version())).toBe(true);
    });
  });

  // MySQL and MariaDB keep no name with a character of four bytes, nor one with blanks at its end.
  // Of each name two rotations: with two users, each has had its turn then.
  test.each(HOSTILE.filter((name) => name !== BLANKS || kind.engine === 'postgres'))(
    'a user named %s',
    async (name) => {
      const sample = await DatabaseLab.start(kind, { strategy, username: name });
      try {
        for (let time = 0; time < 2; time++) {
          const { outcome, attempts } = await sample.rotate();
          const errors = attempts.flatMap(({ steps }) => steps.flatMap(({ error }) => error?.message ?? []));
          expect({ outcome, errors }).toEqual({ outcome: 'succeeded', errors: [] });
          expect(await sample.works(await sample.version())).toBe(true);
        }
      } finally {
        await sample.stop();
      }
    },
  );
});
