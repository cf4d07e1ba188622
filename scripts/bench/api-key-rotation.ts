import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { rotate } from '../../bin/demo/rotation';
import { synthesize } from '../../bin/demo/synthesize';
import { putSecret } from '../../bin/put';
import { Lab, SendGridApi } from '../../lab';
import { rotatedKey } from '../../test/lib/issuers';
import { stack } from '../../test/lib/stacks';
import { atMost, figure, type Measurement, median } from './measurement';

const TIMES = 5;
const ADMIN_KEY = 'SG.bench-key.of-the-issuer';

/** The steady path of a key that lives beside the one before: issued, tested, published, and the one before that revoked. */
export async function apiKeyRotation(): Promise<Measurement[]> {
  const directory = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
  const lab = await Lab.start();
  try {
    const sendGrid = new SendGridApi();
    sendGrid.addCredential(ADMIN_KEY);
    await lab.add(sendGrid);
    await lab.deploy(await synthesize('bin/api-key/app.ts', directory));
    const client = new SecretsManagerClient(lab.client());
    await putSecret({ client, secretId: 'mail/admin-key', input: ADMIN_KEY });
    for (let time = 0; time < 2; time++) await rotate(lab, 'mail/key');

    const seen = lab.calls.all.length;
    const milliseconds: number[] = [];
    for (let time = 0; time < TIMES; time++) {
      const started = performance.now();
      await rotate(lab, 'mail/key');
      milliseconds.push(performance.now() - started);
    }
    const made = lab.calls.all.slice(seen).filter(({ caller }) => caller !== 'administrator');
    const ofService = (name: string) => made.filter(({ service }) => service === name).length / TIMES;
    return [
      figure('lab: rotation of a SendGrid key', median(milliseconds), 'ms'),
      figure('rotation of a SendGrid key: calls of Secrets Manager', ofService('secretsmanager'), 'calls'),
      figure('rotation of a SendGrid key: requests to SendGrid', ofService('api.sendgrid.com'), 'requests'),
      ...resources(),
    ];
  } finally {
    await lab.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What CloudFormation counts, with the secret of the issuer's credential for each. */
function resources(): Measurement[] {
  const count = (keys: number) => {
    const scope: Stack = stack();
    for (let key = 0; key < keys; key++) rotatedKey(scope, { id: String(key) });
    return Object.keys(Template.fromStack(scope).toJSON().Resources).length;
  };
  const perSecret = (count(11) - count(1)) / 10;
  return [
    atMost(4, 'resources per rotated API key, with the credential of its issuer', perSecret, 'resources'),
    atMost(12, 'resources of its stack besides', count(1) - perSecret, 'resources'),
  ];
}
