import { DropConnection } from '../../../lab/calls';
import { Account, errors } from '../account';
import { MemoryIssuer } from './memory-issuers';

/** A secret about to rotate, and what must hold of it. */
export interface CutOffCase {
  readonly secret: string;
  readonly issuer: MemoryIssuer;
  /** What is wrong at the moment of a call, if anything. */
  look(): Promise<string | undefined>;
  /** What is wrong at the end. */
  end(): Promise<(string | undefined)[]>;
}

/**
 * Rotates one secret for each call to Secrets Manager and to the issuer, and before and after its effect: there everything stops, until the next
 * attempt begins. Answers what was wrong, and where.
 * @param begin makes the secret with this name, and its issuer
 */
export async function cutOffAtEveryCall(
  account: Account,
  begin: (name: string) => Promise<CutOffCase>,
): Promise<{ readonly cuts: number; readonly wrong: string[] }> {
  const wrong: string[] = [];
  for (let cut = 0; ; cut++) {
    const [at, phase] = [Math.floor(cut / 2), cut % 2 === 0 ? 'before' : 'after'] as const;
    const complain = (what: string | undefined) => what !== undefined && wrong.push(`call ${at}, ${phase}: ${what}`);
    const each = await begin(`key-${cut}`);
    let call = -1;
    let state: 'waiting' | 'dead' | 'over' = 'waiting';
    const step = async (now: string) => {
      complain(await each.look());
      if (now === 'before') call++;
      if (state === 'waiting' && call === at && now === phase) state = 'dead';
      if (state === 'dead') throw new DropConnection();
    };
    const stop = account.intercept(async (_call, now) => await step(now));
    each.issuer.fault = async (_call, now) => await step(now);
    account.beforeStep = (name) => {
      if (name === 'createSecret' && state === 'dead') state = 'over';
    };

    const report = await account.rotate(each.secret);

    stop();
    each.issuer.fault = () => {};
    account.beforeStep = () => {};
    if (report.outcome !== 'succeeded') complain(`${report.outcome}: ${errors(report).join('; ')}`);
    (await each.end()).forEach(complain);
    if ((state as string) === 'waiting') return { cuts: cut, wrong };
  }
}
