import { Command, Option } from 'commander';
import { FunctionError } from '../lab';
import { apiKeyDemo } from './demo/api-key';
import { databaseDemo } from './demo/database';
import { ConsoleTimeline, silent } from './demo/timeline';
import { twitterDemo } from './demo/twitter';
import { twitterZeroGapDemo } from './demo/twitter-zero-gap';

const DEMOS = {
  twitter: twitterDemo,
  'twitter-zero-gap': twitterZeroGapDemo,
  'api-key': apiKeyDemo,
  database: databaseDemo,
};

const program = new Command('npm run demo --')
  .description(
    'Deploys a sample app into the lab, rotates its secret under load, and shows what happened. No AWS account, no Docker.',
  )
  .argument('[sample]', `which sample: ${Object.keys(DEMOS).join(', ')}`, 'twitter')
  .option('--app <cdk.out>', 'take this cloud assembly instead of synthesizing the sample')
  .addOption(new Option('--json', 'print the result as JSON, and nothing else'))
  .action(async (sample: string, options: { app?: string; json?: boolean }) => {
    const demo = DEMOS[sample as keyof typeof DEMOS];
    if (!demo) program.error(`unknown sample ${sample}; choose one of: ${Object.keys(DEMOS).join(', ')}`);
    const result = await demo(options.json ? silent : new ConsoleTimeline(), options.app);
    if (options.json) console.log(JSON.stringify(result, null, 2));
  });

program.parseAsync().catch((error: Error) => {
  const type = error instanceof FunctionError ? `${error.errorType}: ` : '';
  console.error(`\n  ${type}${error.message}`);
  process.exitCode = 1;
});
