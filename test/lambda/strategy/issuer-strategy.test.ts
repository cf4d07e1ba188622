import { ENV } from '../../../lib/rotation/contract';
import { issuerStrategy } from '../../../lambda/strategy/issuer-strategy';

test.each([
  ['is missing', undefined],
  ['is no JSON', 'issued'],
  ['names no kind that is known', '{"kind":"other"}'],
])('an environment whose declaration %s is named', (_name, declaration) => {
  const make = () => issuerStrategy({ [ENV.ISSUER]: declaration });

  expect(make).toThrow(
    `the environment variable ${ENV.ISSUER} declares no issuer; it is written by ApiKeyRotation.http`,
  );
});
