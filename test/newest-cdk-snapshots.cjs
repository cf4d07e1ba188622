/** Snapshots of the two CDK versions stand apart: their templates differ in small things. */
module.exports = {
  resolveSnapshotPath: (testPath, extension) => testPath.replace(/([^/]+)$/, `__snapshots__/newest-cdk/$1${extension}`),
  resolveTestPath: (snapshotPath, extension) =>
    snapshotPath.replace('__snapshots__/newest-cdk/', '').slice(0, -extension.length),
  testPathForConsistencyCheck: 'test/lib/example.test.ts',
};
