import { DatabaseStrategyName, ENV } from '../../lib/rotation/contract';
import { Environment, oneOf } from '../protocol/environment';
import { Strategy } from '../protocol/strategy';

/**
 * The strategy that the function's environment names.
 * @param strategies those that the engine of this function can do
 * @throws ConfigurationError when it names none of them
 */
export function chosenStrategy(
  env: Environment,
  strategies: Partial<Record<DatabaseStrategyName, () => Strategy>>,
): Strategy {
  const names = Object.keys(strategies) as DatabaseStrategyName[];
  return strategies[oneOf(env, ENV.DATABASE_STRATEGY, names)]!();
}
