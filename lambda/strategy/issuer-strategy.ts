import { ENV } from '../../lib/rotation/contract';
import { IssuerDeclaration } from '../../lib/rotation/issuer-contract';
import { Environment } from '../protocol/environment';
import { ConfigurationError } from '../protocol/errors';
import { parseJson } from '../protocol/secret-fields';
import { Strategy } from '../protocol/strategy';
import { ChosenKeys, IssuedKeys, ReplacedKeys, TwoSlotKeys } from '../provider/issuer-kinds';
import { ChosenKey } from './chosen-key';
import { IssuedKey } from './issued-key';
import { ReplacedKey } from './replaced-key';
import { TwoSlots } from './two-slots';

/**
 * The strategy for the issuer that the function's environment declares.
 * @throws ConfigurationError when it declares none
 */
export function issuerStrategy(env: Environment): Strategy {
  const declaration = parseJson(env[ENV.ISSUER] ?? '') as IssuerDeclaration | undefined;
  switch (declaration?.kind) {
    case 'issued':
      return new IssuedKey(new IssuedKeys(declaration));
    case 'replaced':
      return new ReplacedKey(new ReplacedKeys(declaration));
    case 'two-slots':
      return new TwoSlots(new TwoSlotKeys(declaration));
    case 'chosen':
      return new ChosenKey(new ChosenKeys(declaration));
    default:
      throw new ConfigurationError(
        `the environment variable ${ENV.ISSUER} declares no issuer; it is written by ApiKeyRotation.http`,
      );
  }
}
