import { Command } from 'commander';
import { callsCommand } from './lab/calls';
import { clockCommand } from './lab/clock';
import { credentialsCommand } from './lab/credentials';
import { eventsCommand } from './lab/events';
import { faultCommand } from './lab/fault';
import { invokeCommand } from './lab/invoke';
import { logsCommand } from './lab/logs';
import { accountId, DEFAULT_PORT, factor, instant, list, portNumber, regionName } from './lab/options';
import { rotateCommand } from './lab/rotate';
import { serveLab, type ServeOptions } from './lab/serve';

/** `keyturn lab` serves a lab until it is ended; its subcommands talk to one that runs. */
export function labCommand(): Command {
  return new Command('lab')
    .summary('run a local Secrets Manager, and the app that needs it')
    .description(
      'Serves a local AWS for secrets on 127.0.0.1 until Ctrl-C: every operation of Secrets Manager for any AWS SDK, and with --app a ' +
        'synthesized CDK app with its functions, roles and rotations. Values stay in memory. The other commands talk to a lab that runs.',
    )
    .enablePositionalOptions()
    .option('--port <port>', `port to listen on, 0 for one that is free (default: ${DEFAULT_PORT})`, portNumber)
    .option('--app <cdk.out>', 'deploy this cloud assembly')
    .option('--watch', 'deploy it again when it was synthesized again')
    .option('--region <region>', 'Region of the lab (default: that of the app, else us-east-1)', regionName)
    .option('--account <id>', 'account of the lab (default: that of the app, else 123456789012)', accountId)
    .option('--fault <text>', 'let calls go wrong, as in `keyturn lab fault`; may be repeated', list)
    .option(
      '--time <time>',
      'what the clock of the lab shows at first, as 2027-03-01T12:00:00Z (default: now)',
      instant,
    )
    .option('--speed <factor>', 'how many times as fast as time that clock runs; 0: it stands (default: 1)', factor)
    .option(
      '--x-app <file.json>',
      'play api.x.com for an app with these keys, or a list of them: consumerKey, consumerSecret, accessToken, accessTokenSecret',
    )
    .option('--json', 'requests as JSON, one in a line, on standard output; all else goes to standard error')
    .allowExcessArguments() // for an error that says what they could be
    .action(async (options: ServeOptions, command: Command) => {
      if (command.args.length > 0) {
        const known = command.commands.map((each) => each.name()).join(', ');
        throw new Error(`there is no command ${command.args[0]} of keyturn lab; there are ${known}`);
      }
      await serveLab(options);
    })
    .addCommand(faultCommand())
    .addCommand(clockCommand())
    .addCommand(rotateCommand())
    .addCommand(invokeCommand())
    .addCommand(credentialsCommand())
    .addCommand(callsCommand())
    .addCommand(eventsCommand())
    .addCommand(logsCommand());
}
