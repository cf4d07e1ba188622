#!/usr/bin/env node
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Command } from 'commander';
import { version } from '../package.json';
import { labCommand } from './lab';
import { putSecret } from './put';
import { askForValue } from './put/ask';
import { PutError } from './put/put-error';

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
  .option('--region <region>', 'Region of the secret (default: that of an ARN, else as for the AWS CLI)')
  // Whatever else stands on the command line may be a value, which commander's own messages would repeat.
  .allowUnknownOption()
  .allowExcessArguments()
  .addHelpText(
    'after',
    '\nCredentials and Region come from the environment and ~/.aws, as for the AWS CLI.\n' +
      'AWS_ENDPOINT_URL_SECRETS_MANAGER sends the value elsewhere, such as to the lab.',
  )
  .action(async (secretId: string, options: { region?: string }, command: Command) => {
    refuseMore(command.args);
    const region = options.region ?? regionOf(secretId);
    const client = new SecretsManagerClient(region ? { region } : {});
    const stored = await putSecret({ client, secretId, input: askForValue });
    for (const note of stored.notes) console.error(`note: ${note}`);
    console.log(`${stored.name}: stored version ${stored.versionId}`);
  });

program.addCommand(labCommand());

/** The errors of a rotation name a secret by its ARN, and whoever reads them may be at home in another Region. */
function regionOf(secretId: string): string | undefined {
  return /^arn:[^:]*:secretsmanager:([^:]+):/.exec(secretId)?.[1];
}

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
