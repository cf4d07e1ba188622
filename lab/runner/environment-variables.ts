import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FunctionDefinition } from './function-definition';

/**
 * Everything that a function finds in its environment: the template's variables and Lambda's own, nothing of the machine's.
 * @throws when the template sets a variable that Lambda reserves, as Lambda does
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function environmentVariables(definition: FunctionDefinition, runtimeFolder: string): Record<string, string> {
  const reserved = reservedVariables(definition, runtimeFolder);
  const taken = Object.keys(definition.environment).filter((name) => name in reserved);
  if (taken.length > 0) {
    throw new Error(
      `Lambda was unable to configure the environment variables of ${definition.name}: they contain reserved keys that are ` +
        `currently not supported for modification. Reserved keys used in this request: ${taken.join(', ')}`,
    );
  }
  return {
    LANG: 'en_US.UTF-8',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    NODE_PATH: [...sdkFolder(definition.codePath), definition.codePath].join(':'),
    TZ: ':UTC',
    ...definition.environment,
    ...reserved,
  };
}

function reservedVariables(definition: FunctionDefinition, runtimeFolder: string): Record<string, string> {
  const { name, region, credentials } = definition;
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMB),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: definition.logGroup ?? `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomBytes(16).toString('hex')}`,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    LAMBDA_TASK_ROOT: definition.codePath,
    LAMBDA_RUNTIME_DIR: runtimeFolder,
    _HANDLER: definition.handler,
  };
}

/**
 * Lambda's runtime brings the AWS SDK along, for bundles that leave it out. The lab has none of its own: it takes that of the project it
 * runs in. Without one, such a bundle ends in Runtime.ImportModuleError.
 */
function sdkFolder(codePath: string): string[] {
  const found = [codePath, process.cwd(), __dirname]
    .flatMap(ancestors)
    .map((folder) => join(folder, 'node_modules'))
    .find((folder) => existsSync(join(folder, '@aws-sdk')));
  return found ? [found] : [];
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
