import { Agent, request } from 'node:http';
import type { ClientConfig } from '../../lab';
import { LargeLab, SECRETS } from './large-lab';
import { atLeast, figure, type Measurement } from './measurement';

const CONNECTIONS = 16;
const WARM_UP = 5_000;
const REQUESTS = 30_000;

/** Requests as an SDK makes them, but without its work: the client must not be what is measured. */
export async function requests(): Promise<Measurement[]> {
  const lab = await LargeLab.start();
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  try {
    await askMany(WARM_UP, lab.client, agent);
    const started = performance.now();
    await askMany(REQUESTS, lab.client, agent);
    const perSecond = REQUESTS / ((performance.now() - started) / 1000);
    const megabytes = await lab.memory();
    return [
      atLeast(2_000, 'lab: GetSecretValue on one core', perSecond, 'requests/s'),
      figure(`lab: memory after ${WARM_UP + REQUESTS} requests`, megabytes, 'MB'),
    ];
  } finally {
    agent.destroy();
    lab.stop();
  }
}

async function askMany(count: number, client: ClientConfig, agent: Agent): Promise<void> {
  let asked = 0;
  const askOn = async () => {
    while (asked < count) await ask(`team/service-${(asked++ * 7919) % SECRETS}/database`, client, agent);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, askOn));
}

async function ask(SecretId: string, { endpoint, credentials }: ClientConfig, agent: Agent): Promise<void> {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'secretsmanager.GetSecretValue',
    // The lab reads who asks, and does not compute the signature again.
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20270301/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0`,
  };
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const sent = request(endpoint, { method: 'POST', headers, agent }, (response) => {
      response
        .on('end', () => resolve(response.statusCode))
        .on('error', reject)
        .resume();
    });
    sent.on('error', reject).end(JSON.stringify({ SecretId }));
  });
  if (status !== 200) throw new Error(`GetSecretValue of ${SecretId} was answered with status ${status}`);
}
