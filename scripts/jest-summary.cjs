/** Closes a run with one plain line of counts, whatever jest's own summary looks like. */
module.exports = class JestSummary {
  onRunComplete(_contexts, results) {
    const skipped = results.numPendingTests + results.numTodoTests;
    console.log(
      `\n${results.numPassedTests} passed, ${results.numFailedTests} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
    );
  }
};
