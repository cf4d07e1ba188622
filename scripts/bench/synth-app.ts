import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { ApiKeyRotation, ApiKeySecret, RotationSchedule, SecretKey } from '../../lib';
import { byHand } from './synth-by-hand';

export interface Synthesized {
  /** From the first construct to the written template, with what CDK loads only then. */
  readonly milliseconds: number;
  readonly types: Record<string, number>;
}

function constructs(stack: Stack, secrets: number): void {
  const encryptionKey = new SecretKey(stack, 'Key');
  for (let index = 0; index < secrets; index++) {
    const consumerKeys = new ApiKeySecret(stack, `ConsumerKeys${index}`, {
      encryptionKey,
      fields: ['consumerKey', 'consumerSecret', 'accessToken', 'accessTokenSecret'],
    });
    const schedule = RotationSchedule.rate(Duration.days(30));
    new ApiKeySecret(stack, `Token${index}`, {
      encryptionKey,
      secretName: `token-${index}`,
      fields: ['TwitterAPIKey'],
      rotation: ApiKeyRotation.xBearerToken({ consumerKeys, schedule }),
    });
  }
}

function synthesize(make: (stack: Stack, secrets: number) => void, secrets: number): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), 'keyturn-synth-'));
  try {
    const started = performance.now();
    // One stack takes them all, for the measurement's sake.
    const app = new App({ outdir, context: { '@aws-cdk/core:stackResourceLimit': 0 } });
    const stack = new Stack(app, 'Stack', { env: { account: '123456789012', region: 'us-east-1' } });
    make(stack, secrets);
    const { template } = app.synth().getStackByName('Stack');
    const milliseconds = performance.now() - started;
    const types: Record<string, number> = {};
    for (const { Type } of Object.values<{ Type: string }>(template.Resources)) types[Type] = (types[Type] ?? 0) + 1;
    return { milliseconds, types };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

if (require.main === module) {
  const [kind, secrets] = process.argv.slice(2);
  console.log(JSON.stringify(synthesize(kind === 'by-hand' ? byHand : constructs, Number(secrets))));
}
