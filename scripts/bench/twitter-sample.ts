import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { synthesize } from '../../bin/demo/synthesize';
import { putSecret } from '../../bin/put';
import { type DeployedStack, Lab, XApi } from '../../lab';

export const TOKEN = 'my-twitter-api-key';

const X_APP = { consumerKey: 'key', consumerSecret: 'secret', accessToken: '1-token', accessTokenSecret: 'of token' };

/** Runs something on the Twitter sample's cloud assembly, which is taken away afterwards. */
export async function withAssembly<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
  try {
    return await use(await synthesize('bin/twitter/app.ts', directory));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Runs something in a lab with the sample deployed. X knows the app, and its keys are in their secret. */
export async function withSample<T>(use: (lab: Lab, stacks: DeployedStack[]) => Promise<T>): Promise<T> {
  return await withAssembly(async (directory) => {
    const lab = await Lab.start();
    try {
      const x = new XApi();
      x.addApp(X_APP);
      await lab.add(x);
      const stacks = await lab.deploy(directory);
      const client = new SecretsManagerClient(lab.client());
      await putSecret({ client, secretId: 'twitter/consumer-keys', input: JSON.stringify(X_APP) });
      client.destroy();
      return await use(lab, stacks);
    } finally {
      await lab.stop();
    }
  });
}
