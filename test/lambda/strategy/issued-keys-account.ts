import { REQUEST, TAG } from '../../../lib/rotation/contract';
import { rotationHandler } from '../../../lambda/protocol/rotation-handler';
import { IssuedKey } from '../../../lambda/strategy/issued-key';
import { Account } from '../account';
import { MemoryKeys } from './memory-issuers';

/** An account whose rotation function issues keys in memory. */
export class IssuedKeysAccount extends Account {
  readonly issuer = new MemoryKeys(() => this.clock.now());

  constructor() {
    super(rotationHandler(() => new IssuedKey(this.issuer)));
  }

  /** Each set of metrics that was written, in order. */
  get metrics(): Record<string, unknown>[] {
    const lines = this.output
      .join('')
      .split('\n')
      .filter((line) => line.includes('"_aws"'));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  async make(value?: object, name = 'my-key'): Promise<string> {
    return await this.createSecret(name, value, { [TAG.FIELDS]: 'apiKey' });
  }

  /** Rotates, a minute after what was before. */
  async rotateLater(secret: string) {
    await this.clock.advance({ minutes: 1 });
    return await this.rotate(secret);
  }

  /** A secret that has been rotated so many times. */
  async rotated(times: number, name?: string): Promise<string> {
    const secret = await this.make(undefined, name);
    for (let count = 0; count < times; count++) await this.rotateLater(secret);
    return secret;
  }

  /** The look at old keys that is made in between. */
  async endOld(secret: string, after = 60): Promise<void> {
    await this.clock.advance({ seconds: after });
    await this.invoke({ Keyturn: REQUEST.REVOKE, SecretIds: [secret], At: this.clock.now().toISOString() });
  }

  async versionWith(secret: string, label: string): Promise<string | undefined> {
    return Object.entries(await this.labels(secret)).find(([, labels]) => labels.includes(label))?.[0];
  }
}
