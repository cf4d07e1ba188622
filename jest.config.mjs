const shared = {
  testEnvironment: 'node',
  // 'ts' first: jsii leaves .js beside lib/*.ts, and jest would run that stale code.
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  globalSetup: '<rootDir>/test/global-setup.mjs',
  globalTeardown: '<rootDir>/test/global-teardown.mjs',
  setupFiles: ['<rootDir>/test/setup.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/cdk.out/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdk.out/'],
};

export default {
  projects: [
    // One file, one process, no server: seconds.
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/test/{lib,lambda,assembly,policy,lab,bin}/**/*.test.ts'] },
    // The same construct tests on the newest CDK; 'unit' runs them on the floor.
    {
      ...shared,
      displayName: 'newest-cdk',
      testMatch: ['<rootDir>/test/lib/**/*.test.ts'],
      moduleNameMapper: { '^aws-cdk-lib$': 'aws-cdk-newest', '^aws-cdk-lib/(.*)$': 'aws-cdk-newest/$1' },
    },
    // Bundles in child processes against the lab's servers, the package, the commands.
    {
      ...shared,
      displayName: 'end-to-end',
      testMatch: ['<rootDir>/test/{end-to-end,conformance,package}/**/*.test.ts'],
    },
  ],
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/scripts/jest-summary.cjs'],
};
