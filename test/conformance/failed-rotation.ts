import type { DatabaseLab } from './database-lab';

/** Why a rotation failed, as Lambda has reported it. */
export interface Failure {
  readonly step: string;
  /** The class of the error. */
  readonly type: string;
  readonly message: string;
}

/** Rotates, expects that to fail, and that every value which was published before is stored as it was. */
export async function failedRotation(sample: DatabaseLab): Promise<Failure> {
  const before = await published(sample);

  const { outcome, attempts } = await sample.rotate();

  expect(outcome).not.toBe('succeeded');
  expect(await published(sample)).toEqual(before);
  const { step, error } = attempts.at(-1)!.steps.at(-1)!;
  return { step, ...error! };
}

export async function expectRotates(sample: DatabaseLab): Promise<void> {
  const { outcome, attempts } = await sample.rotate();

  const errors = attempts.flatMap(({ steps }) => steps.flatMap(({ error }) => error?.message ?? []));
  expect({ outcome, errors }).toEqual({ outcome: 'succeeded', errors: [] });
  await expectWorks(sample);
}

/** AWSCURRENT logs in and may do what its user was given to do. */
export async function expectWorks(sample: DatabaseLab): Promise<void> {
  expect(await sample.works(await sample.version())).toBe(true);
}

/** The versions that readers can get, by id and value. */
async function published(sample: DatabaseLab): Promise<unknown> {
  const labels = Object.entries(await sample.labels());
  const idOf = (stage: string) => labels.find(([, stages]) => stages.includes(stage))?.[0];
  return await Promise.all(
    ['AWSCURRENT', 'AWSPREVIOUS'].map(async (stage) => [stage, idOf(stage), await sample.version(stage)]),
  );
}
