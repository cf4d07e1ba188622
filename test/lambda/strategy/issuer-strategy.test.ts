import { ENV } from '../../../lib/rotation/contract';
import { IssuerDeclaration } from '../../../lib/rotation/issuer-contract';
import { ChosenKey } from '../../../lambda/strategy/chosen-key';
import { IssuedKey } from '../../../lambda/strategy/issued-key';
import { issuerStrategy } from '../../../lambda/strategy/issuer-strategy';
import { ReplacedKey } from '../../../lambda/strategy/replaced-key';
import { TwoSlots } from '../../../lambda/strategy/two-slots';

const request = { method: 'GET', url: 'https://api.acme.com/' } as const;
const make = { ...request, key: '/key' };
const common = { issuer: 'Acme', hosts: ['api.acme.com'], probe: request };

test.each<[IssuerDeclaration, new (...parts: never[]) => object]>([
  [
    {
      ...common,
      kind: 'issued',
      issue: make,
      list: { ...request, keys: '', id: '/id' },
      revoke: request,
      idField: 'keyid',
    },
    IssuedKey,
  ],
  [{ ...common, kind: 'replaced', replace: make }, ReplacedKey],
  [{ ...common, kind: 'two-slots', fill: make, promote: request, discard: request }, TwoSlots],
  [{ ...common, kind: 'chosen', apply: request, length: 32 }, ChosenKey],
])('the declaration %j has its strategy', (declaration, strategy) => {
  expect(issuerStrategy({ [ENV.ISSUER]: JSON.stringify(declaration) })).toBeInstanceOf(strategy);
});

test.each([
  [undefined],
  [''],
  ['{"kind":"issued"'],
  ['null'],
  ['5'],
  ['[]'],
  ['{}'],
  ['{"kind":"other"}'],
  ['{"kind":"toString"}'],
])('a variable that is %j is an error that names it and who writes it', (value) => {
  expect(() => issuerStrategy({ [ENV.ISSUER]: value })).toThrow(
    expect.objectContaining({
      name: 'ConfigurationError',
      message: 'the environment variable KEYTURN_ISSUER declares no issuer; it is written by ApiKeyRotation.http',
    }),
  );
});
