import { repeat } from '../protocol/deadline';
import { Rotation } from '../protocol/rotation';
import { Credential } from '../protocol/secret-fields';
import { IssuerBusyError, IssuerNoAnswerError, IssuerRefusedError } from '../provider/errors';
import { ReReadableKeyProvider } from '../provider/re-readable-key-provider';

/** An app at the issuer, known by the secret with its credential, which is read when it is first needed. */
export class IssuerApp {
  private credential?: Promise<Credential>;

  constructor(
    private readonly rotation: Rotation,
    private readonly provider: ReReadableKeyProvider,
    /** ARN of the secret with the credential. */
    readonly secretId: string,
  ) {}

  /** The key that works now; the issuer makes one when there is none. */
  async liveKey(): Promise<string> {
    const key = await this.provider.read(await this.signIn(), this.rotation.deadline);
    this.rotation.hide(key);
    return key;
  }

  /**
   * Ends the live key and gets the next one.
   *
   * Where this is the app of AWSCURRENT, readers are cut off from here until the next key is published. So both calls are repeated
   * at once, rather than left to the next repeat of the whole rotation. Both are safe to repeat: a key that is invalid already
   * counts as invalidated, and reading gives the same new key each time. Invalidating is repeated only where it may have had its
   * effect; after a plain refusal the old key lives on.
   */
  async replaceKey(live: string): Promise<string> {
    const { provider, secretId } = this;
    const { deadline, log } = this.rotation;
    const credential = await this.signIn();
    const lost = (error: unknown) => error instanceof IssuerNoAnswerError;
    await repeat(async () => await provider.invalidate(credential, live, deadline), lost, deadline);
    log.info(`invalidated the key at ${provider.name}, of the app in ${secretId}`);
    const lostOrBusy = (error: unknown) => lost(error) || error instanceof IssuerBusyError;
    const next = await repeat(async () => await this.liveKey(), lostOrBusy, deadline);
    if (!provider.isSame(next, live)) return next;
    throw new IssuerRefusedError(
      `${provider.name} gave the same key again although it was told to invalidate it, so nothing is stored; ` +
        `do all keys in ${secretId} belong to the same app and its owner? Put the right ones: npx keyturn put ${secretId}`,
    );
  }

  private async signIn(): Promise<Credential> {
    return await (this.credential ??= this.rotation.credential(this.secretId, this.provider.credentialFields));
  }
}
