import {
  ChosenKeyDeclaration,
  IssuedKeyDeclaration,
  ReplacedKeyDeclaration,
  TwoSlotDeclaration,
} from '../../lib/rotation/issuer-contract';
import { valuesIn } from '../../lib/rotation/issuer-contract-values';
import { generatePassword } from '../protocol/password';
import { patiently } from './declared-request';
import { HttpIssuer } from './http-issuer';
import {
  ChosenKeyIssuer,
  IssuerSession,
  KeyIssuer,
  ListedKey,
  NewKey,
  ReplacingIssuer,
  TwoSlotIssuer,
} from './key-issuer';
import { listKeys } from './key-list';

/** Keys that are issued one beside the other. */
export class IssuedKeys extends HttpIssuer<IssuedKeyDeclaration> implements KeyIssuer {
  readonly idField = this.declaration.idField;
  readonly limit = this.declaration.limit;
  readonly grace = this.declaration.grace;
  readonly hasNames = this.declaration.list.name !== undefined;

  async issue(session: IssuerSession, keyName: string): Promise<NewKey> {
    return await this.makeKey('issue', this.declaration.issue, session, keyName);
  }

  async list(session: IssuerSession): Promise<ListedKey[]> {
    const { list } = this.declaration;
    return await listKeys(list, async (url) => {
      return await patiently(session, async () => await this.requests.do({ name: 'list', ...list }, session, {}, url));
    });
  }

  async revoke(session: IssuerSession, id: string): Promise<void> {
    await this.end('revoke', this.declaration.revoke, session, id);
  }
}

/** A key that dies when its successor is made. */
export class ReplacedKeys extends HttpIssuer<ReplacedKeyDeclaration> implements ReplacingIssuer {
  readonly asksWithKey = [this.declaration.replace, this.declaration.signIn].some(
    (request) => request !== undefined && valuesIn(request).some(({ from }) => from === 'key'),
  );

  async replace(session: IssuerSession, keyName: string): Promise<NewKey> {
    return await this.makeKey('replace', this.declaration.replace, session, keyName);
  }
}

/** A key with a second one beside it. */
export class TwoSlotKeys extends HttpIssuer<TwoSlotDeclaration> implements TwoSlotIssuer {
  readonly grace = this.declaration.grace;

  async fill(session: IssuerSession, keyName: string): Promise<NewKey> {
    return await this.makeKey('fill', this.declaration.fill, session, keyName);
  }

  async promote(session: IssuerSession): Promise<void> {
    await this.end('promote', this.declaration.promote, session);
  }

  async discard(session: IssuerSession): Promise<void> {
    await this.end('discard', this.declaration.discard, session);
  }
}

/** A key whose value we choose. */
export class ChosenKeys extends HttpIssuer<ChosenKeyDeclaration> implements ChosenKeyIssuer {
  choose(): string {
    const kinds = ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789'];
    return generatePassword({ length: this.declaration.length, kinds, eachKind: true });
  }

  async apply(session: IssuerSession, newKey: string): Promise<void> {
    const request = { name: 'apply', ...this.declaration.apply };
    await patiently(session, async () => await this.requests.do(request, session, { newKey }));
  }
}
