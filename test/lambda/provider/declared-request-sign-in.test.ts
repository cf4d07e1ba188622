import timers from 'node:timers/promises';
import { DeclaredRequests, NamedRequest, patiently } from '../../../lambda/provider/declared-request';
import { SignInDeclaration } from '../../../lib/rotation/issuer-contract';
import { CREDENTIAL_SECRET, sessionWith } from './issuer-session';
import { Answer, ScriptedIssuer } from './scripted-issuer';

const ORIGIN = 'https://api.acme.com';
const CONFIDENTIAL = 'words-of-the-issuer';
const ASK: NamedRequest = { name: 'ask', method: 'GET', url: `${ORIGIN}/keys` };

let acme: ScriptedIssuer;

beforeEach(async () => {
  acme = await new ScriptedIssuer().standInFor(ORIGIN);
  jest.spyOn(timers, 'setTimeout').mockResolvedValue(undefined as never);
});

afterEach(async () => await acme.stop());

const requestsTo = ({ signIn }: { signIn: SignInDeclaration }) =>
  new DeclaredRequests({ issuer: 'Acme', hosts: ['api.acme.com'], signIn }, ['adminKey']);

describe('an issuer that is signed in to', () => {
  const TOKEN = 'access-token-of-acme';
  const signIn: SignInDeclaration = {
    method: 'POST',
    url: `${ORIGIN}/sign-in`,
    form: { secret: [{ from: 'credential', field: 'adminKey' }] },
    accessToken: '/access_token',
  };
  const WITH_TOKEN: NamedRequest = { ...ASK, headers: { authorization: ['Bearer ', { from: 'accessToken' }] } };
  const SIGNED_IN: Answer = { status: 200, body: { access_token: TOKEN } };

  test('is signed in to once in a session, and the token is hidden', async () => {
    const requests = requestsTo({ signIn });
    const session = sessionWith();
    acme.answerWith(SIGNED_IN, { status: 200, body: {} });

    await Promise.all([requests.do(WITH_TOKEN, session, {}), requests.do(WITH_TOKEN, session, {})]);
    await requests.do(WITH_TOKEN, session, {});

    expect(acme.seen.map(({ target }) => target)).toEqual(['/sign-in', '/keys', '/keys', '/keys']);
    expect(acme.seen[3].headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(session.hidden).toEqual([TOKEN]);
  });

  test('is signed in to anew in another session', async () => {
    const requests = requestsTo({ signIn });
    acme.answerWith(SIGNED_IN);

    await requests.do(WITH_TOKEN, sessionWith(), {});
    await requests.do(WITH_TOKEN, sessionWith(), {});

    expect(acme.seen.map(({ target }) => target)).toEqual(['/sign-in', '/keys', '/sign-in', '/keys']);
  });

  test('is not signed in to for a request without the token', async () => {
    acme.answerWith({ status: 200, body: {} });

    await requestsTo({ signIn }).do(ASK, sessionWith(), {});

    expect(acme.seen.map(({ target }) => target)).toEqual(['/keys']);
  });

  test('is signed in to again after an answer that got lost', async () => {
    acme.answerWith('drop', SIGNED_IN, { status: 200, body: {} });

    await requestsTo({ signIn }).do(WITH_TOKEN, sessionWith(), {});

    expect(acme.seen.map(({ target }) => target)).toEqual(['/sign-in', '/sign-in', '/keys']);
  });

  test('is signed in to again by who tries again', async () => {
    const requests = requestsTo({ signIn });
    const session = sessionWith();
    acme.answerWith({ status: 200, body: '<html>' }, SIGNED_IN, { status: 200, body: {} });

    await patiently(session, async () => await requests.do(WITH_TOKEN, session, {}));

    expect(acme.seen.map(({ target }) => target)).toEqual(['/sign-in', '/sign-in', '/keys']);
  });

  test('says whose secret has the wrong credential when it refuses', async () => {
    acme.answerWith({ status: 401, body: CONFIDENTIAL });

    const asked = requestsTo({ signIn }).do(WITH_TOKEN, sessionWith(), {});

    await expect(asked).rejects.toMatchObject({
      name: 'IssuerRefusedError',
      message:
        `api.acme.com answered POST /sign-in with 401: Acme does not accept adminKey in ${CREDENTIAL_SECRET}, or not for this; ` +
        `put the right ones: npx keyturn put ${CREDENTIAL_SECRET}`,
    });
    expect(acme.seen).toHaveLength(1);
  });

  test.each<[string, string | object]>([
    ['without a token', { other: CONFIDENTIAL }],
    ['with an empty token', { access_token: '' }],
    ['with an HTML page', `<html>${CONFIDENTIAL}`],
  ])('and answers %s is an error that quotes nothing', async (_name, body) => {
    acme.answerWith({ status: 200, body });

    const asked = requestsTo({ signIn }).do(WITH_TOKEN, sessionWith(), {});

    await expect(asked).rejects.toMatchObject({
      name: 'IssuerNoAnswerError',
      message: 'api.acme.com answered POST /sign-in with 200, but without an access token at "/access_token"',
    });
  });

  test('and refuses its own token names the secret with the credential', async () => {
    acme.answerWith(SIGNED_IN, { status: 403 });

    const asked = requestsTo({ signIn }).do(WITH_TOKEN, sessionWith(), {});

    await expect(asked).rejects.toThrow(`Acme does not accept adminKey in ${CREDENTIAL_SECRET}, or not for this`);
  });
});
