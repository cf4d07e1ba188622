#!/usr/bin/env node
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Command } from 'commander';
import { version } from '../package.json';
import { regionOf } from './aws/region';
import { labCommand } from './lab';
import { putSecret } from './put';
import { askForValue } from './put/ask';
import { PutError } from './put/put-error';
import { rollBackSecret } from './rollback';

const REGION = 'Region of the secret (default: that of an ARN, else as for the AWS CLI)';
const SETTINGS = 'Credentials and Region come from the environment and ~/.aws, as for the AWS CLI.';

const program = new Command('keyturn')
  .description('Works with the secrets of a cdk-keyturn app')
  .version(version)
  // An option belongs to the command that it follows: `lab` and its subcommands have some of the same name.
  .enablePositionalOptions();

program
  .command('put')
  .summary('store a value in a secret')
  .description(
    'Stores a value in a secret as its new current version. The value is asked for field by field without being shown, ' +
      'or read from standard input: a JSON object with the fields of the secret, or the bare value when it has one field.',
  )
  .argument('<secret>', 'name or ARN')
  .option('--region <region>', REGION)
  // Whatever else stands on the command line may be a value, which commander's own messages would repeat.
  .allowUnknownOption()
  .allowExcessArguments()
  .addHelpText(
    'after',
    `\n${SETTINGS}\nAWS_ENDPOINT_URL_SECRETS_MANAGER sends the value elsewhere, such as to the lab.`,
  )
  .action(async (secretId: string, options: { region?: string }, command: Command) => {
    refuseMore(command.args);
    const region = options.region ?? regionOf(secretId);
    const client = new SecretsManagerClient(region ? { region } : {});
    const stored = await putSecret({ client, secretId, input: askForValue });
    for (const note of stored.notes) console.error(`note: ${note}`);
    console.log(`${stored.name}: stored version ${stored.versionId}`);
  });

program
  .command('rollback')
  .summary('make the value before current again')
  .description(
    'Makes the AWSPREVIOUS version of a rotated secret AWSCURRENT again. Its rotation function tries the value first: ' +
      'one that no longer works stays where it is.',
  )
  .argument('<secret>', 'name or ARN')
  .option('--region <region>', REGION)
  .addHelpText('after', `\n${SETTINGS}\nAWS_ENDPOINT_URL sends the calls elsewhere, such as to the lab.`)
  .action(async (secretId: string, options: { region?: string }) => {
    const region = options.region ?? regionOf(secretId);
    const client = new SecretsManagerClient(region ? { region } : {});
    const lambda = new LambdaClient({ ...(region && { region }), maxAttempts: 1 });
    const { name, versionId } = await rollBackSecret({ client, lambda, secretId });
    console.log(`${name}: version ${versionId} is AWSCURRENT again`);
  });

program.addCommand(labCommand());

function refuseMore(args: string[]): void {
  if (args.length === 1) return;
  throw new PutError(
    'keyturn put takes the name of one secret and --region, and got more. A value is never an argument: it would stand in ' +
      'the history of the shell and in the list of processes. Type it when asked, or pipe it in',
  );
}

program.parseAsync().catch((error: Error) => {
  console.error(`keyturn: ${error.message}`);
  process.exitCode = 1;
});
