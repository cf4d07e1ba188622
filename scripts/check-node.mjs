// The npm package `node` puts Node 24, what Lambda runs, first on the path of every npm script.
// Where install scripts are blocked it is absent, and the machine's own Node would run instead.
const wanted = 24;
const major = Number(process.versions.node.split('.')[0]);

if (major < wanted) {
  console.error(
    `cdk-keyturn runs on Node ${wanted}, got ${process.version} from ${process.execPath}.\n` +
      'The package "node" brings it, but its install script did not run. Cure: npm rebuild node (with install scripts allowed), or put Node 24 on the path.',
  );
  process.exit(1);
}
