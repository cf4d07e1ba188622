import { CHARACTER_TYPES, randomPassword } from '../random-password';
import type { Operation } from '../request';

/** A password that is nowhere stored: for rotation functions, which put it into a secret themselves. */
export const getRandomPassword: Operation = {
  parameters: [
    'PasswordLength',
    'ExcludeCharacters',
    'ExcludeLowercase',
    'ExcludeUppercase',
    'ExcludeNumbers',
    'ExcludePunctuation',
    'IncludeSpace',
    'RequireEachIncludedType',
  ],
  run(request) {
    const { input } = request;
    const options = {
      length: input.integer('PasswordLength', 1, 4096),
      excludeCharacters: input.text('ExcludeCharacters', 0, 4096),
      exclude: Object.fromEntries(CHARACTER_TYPES.map((type) => [type, input.flag(`Exclude${type}`)])),
      includeSpace: input.flag('IncludeSpace'),
      requireEachIncludedType: input.flag('RequireEachIncludedType'),
    };
    request.authorize({ arn: '*' });

    return { RandomPassword: randomPassword(options) };
  },
};
