import type { Command } from 'commander';
import type { ClientConfig } from '../../lab';
import { clientCommand, RunningLab } from './running-lab';

/** Prints what a shell must export to be a role of the deployed app, or the administrator. */
export function credentialsCommand(): Command {
  return clientCommand('credentials')
    .summary('print the environment with which AWS SDKs use the lab as one of its roles')
    .description(
      'Prints lines for a shell: eval "$(keyturn lab credentials MyRole)". Without a role: the administrator.',
    )
    .argument('[role]', 'its name, or how its name begins')
    .action(async (role: string | undefined, _options: object, command: Command) => {
      const config = await RunningLab.of(command).post<ClientConfig>('credentials', { role });
      console.log(environmentLines(config).join('\n'));
    });
}

/** For a shell. A profile would win over the keys in some SDKs, and the token of another session would go with them. */
export function environmentLines({ endpoint, region, credentials }: ClientConfig): string[] {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return [
    sessionToken ? 'unset AWS_PROFILE' : 'unset AWS_PROFILE AWS_SESSION_TOKEN',
    `export AWS_ENDPOINT_URL_SECRETS_MANAGER=${endpoint}`,
    `export AWS_ENDPOINT_URL_RDS=${endpoint}`,
    `export AWS_REGION=${region}`,
    `export AWS_ACCESS_KEY_ID=${accessKeyId}`,
    `export AWS_SECRET_ACCESS_KEY=${secretAccessKey}`,
    ...(sessionToken ? [`export AWS_SESSION_TOKEN=${sessionToken}`] : []),
  ];
}
