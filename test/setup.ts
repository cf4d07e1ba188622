// The newest CDK validates every template at synth, about 2 s per test file; one test of the sample app does it for all.
process.env.CDK_VALIDATION ??= 'false';
