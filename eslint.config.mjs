import tseslint from 'typescript-eslint';

const forbid = (groups, message) => ({
  'no-restricted-imports': ['error', { patterns: groups.map((regex) => ({ regex, message })) }],
});
const atRunTime = 'aws-cdk-lib and constructs stay out of what runs at run time';

/** Prettier decides format; this file looks for faults, and holds the walls between the folders. */
export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'assets', 'cdk.out', 'coverage', '**/*.js', 'lib/**/*.d.ts', '**/*.cjs'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/return-await': ['error', 'always'],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['lib/**/*.ts'],
    rules: forbid(
      [
        '/(lambda|lab|policy|assembly|report|bin)/',
        '^@(?!types/)(aws-sdk|aws-lambda-powertools|peculiar|inquirer)/',
        '^(commander|esbuild|tsx)$',
      ],
      'lib is what users install: it imports aws-cdk-lib, constructs and Node only',
    ),
  },
  {
    files: ['lambda/**/*.ts'],
    rules: forbid(
      [
        '/lib/(?!rotation/(contract|issuer-contract|issuer-contract-values)$)',
        '/(lab|policy|assembly|report|bin)/',
        '^(aws-cdk-lib|constructs)',
      ],
      `lambda imports nothing of lib but the contract; ${atRunTime}`,
    ),
  },
  {
    files: ['assembly/**/*.ts', 'policy/**/*.ts'],
    rules: forbid(['^\\.\\./', '^(aws-cdk-lib|constructs)'], 'assembly and policy import nothing of ours'),
  },
  {
    files: ['lab/**/*.ts', 'report/**/*.ts'],
    rules: forbid(
      ['/(lib|lambda|bin)/', '^(aws-cdk-lib|constructs)'],
      'lab and report see a synthesized app and the bundles in it, exactly as AWS would',
    ),
  },
);
