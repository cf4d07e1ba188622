import { type HttpAnswer, OtherAnswer } from '../http-answer';
import type { IssuedKey } from '../issued-keys';
import { type IssuerRequest, IssuerStandIn } from '../issuer-stand-in';
import { basic, randomHex } from './credentials';

type Slot = 'primary' | 'secondary';

const WORDS: Readonly<Record<number, [code: number, message: string]>> = {
  400: [20001, 'Bad request'],
  401: [20003, 'Authenticate'],
  403: [20003, 'Permission denied'],
  404: [20404, 'The requested resource was not found'],
  429: [20429, 'Too Many Requests'],
};

/**
 * Plays accounts.twilio.com and api.twilio.com: the primary and the secondary auth token of accounts. A token asks for its own successor.
 * @see https://www.twilio.com/docs/iam/api/authtoken
 */
export class TwilioApi extends IssuerStandIn {
  protected readonly routes = {
    'accounts.twilio.com': {
      'POST /v1/AuthTokens/Secondary': (request: IssuerRequest) => this.create(request),
      'DELETE /v1/AuthTokens/Secondary': (request: IssuerRequest) => this.delete(request),
      'POST /v1/AuthTokens/Promote': (request: IssuerRequest) => this.promote(request),
    },
    'api.twilio.com': {
      'GET /2010-04-01/Accounts/{account}.json': (request: IssuerRequest) => this.read(request),
    },
  };

  /** Makes an account known with its primary token. */
  addAccount(accountSid: string, authToken: string): void {
    this.keep(accountSid, 'primary', authToken);
  }

  // Nothing is documented that says when to come back.
  protected error(status: number): OtherAnswer {
    const [code, message] = WORDS[status] ?? [20500, 'Internal server error'];
    const more_info = `https://www.twilio.com/docs/errors/${code}`;
    return new OtherAnswer(status, { code, message, more_info, status });
  }

  private create(request: IssuerRequest): HttpAnswer {
    const { owner } = this.authenticated(request);
    // What comes when there is one is not documented: here it must be deleted first, and so is lost for whoever did not get it.
    if (this.inSlot(owner!, 'secondary')) throw this.error(400);
    const key = this.keep(owner!, 'secondary', randomHex(32));
    return { status: 201, body: { ...shown(key, '/Secondary'), secondary_auth_token: key.value } };
  }

  private delete(request: IssuerRequest): HttpAnswer {
    this.keys.end(this.secondary(request));
    return { status: 204 };
  }

  private promote(request: IssuerRequest): HttpAnswer {
    const secondary = this.secondary(request);
    const owner = secondary.owner!;
    this.keys.end(this.inSlot(owner, 'primary')!);
    this.keys.move(secondary, idOf(owner, 'primary'));
    return { status: 200, body: { ...shown(secondary, '/Promote'), auth_token: secondary.value } };
  }

  private read(request: IssuerRequest): HttpAnswer {
    const { owner } = this.authenticated(request);
    if (owner !== request.ids[0]) throw this.error(401);
    return { status: 200, body: { sid: owner, friendly_name: 'An account', status: 'active', type: 'Full' } };
  }

  /** What comes without one is not documented either. */
  private secondary(request: IssuerRequest): IssuedKey {
    const key = this.inSlot(this.authenticated(request).owner!, 'secondary');
    if (!key) throw this.error(404);
    return key;
  }

  private authenticated(request: IssuerRequest): IssuedKey {
    const [accountSid, token] = basic(request) ?? [];
    const key = this.keys.use(token ?? '');
    if (!key || key.owner !== accountSid) throw this.error(401);
    return key;
  }

  private inSlot(accountSid: string, slot: Slot): IssuedKey | undefined {
    return this.keys.find(idOf(accountSid, slot));
  }

  private keep(accountSid: string, slot: Slot, value: string): IssuedKey {
    return this.keys.add({ id: idOf(accountSid, slot), value, owner: accountSid });
  }
}

function idOf(accountSid: string, slot: Slot): string {
  return `${accountSid} ${slot}`;
}

function shown({ owner, createdAt }: IssuedKey, path: string): object {
  const date = createdAt.toISOString();
  const url = `https://accounts.twilio.com/v1/AuthTokens${path}`;
  return { account_sid: owner, date_created: date, date_updated: date, url };
}
