import { SecretsManager as Client } from '@aws-sdk/client-secrets-manager';
import { Calls } from '../lab/calls';
import { Clock } from '../lab/clock';
import { Events } from '../lab/events';
import { SecretsManager, SecretsManagerServer, ServiceError } from '../lab/secrets-manager';

const ACCOUNT = '123456789012';
const REGION = 'us-east-1';

/** The lab's Secrets Manager on loopback, with one caller who may do everything but what a test denies. */
export class LocalSecretsManager {
  readonly denied = new Set<string>();
  readonly calls: Calls;
  private readonly server: SecretsManagerServer;
  private port = 0;

  constructor() {
    const clock = new Clock();
    this.calls = new Calls(clock);
    const secretsManager = new SecretsManager({
      account: ACCOUNT,
      region: REGION,
      clock,
      calls: this.calls,
      events: new Events(clock),
      authorize: (_caller, action, { arn }) => {
        if (!this.denied.has(action)) return;
        throw new ServiceError(
          'AccessDeniedException',
          `User: tester is not authorized to perform: ${action} on ${arn}`,
        );
      },
      useKey: () => undefined,
      functions: { mayInvoke: () => false, invoke: async () => undefined },
    });
    const tester = {
      name: 'tester',
      principal: { kind: 'account' as const, arn: `arn:aws:iam::${ACCOUNT}:root`, account: ACCOUNT },
    };
    this.server = new SecretsManagerServer({ secretsManager, callerOf: () => tester, tls: { cert: '', key: '' } });
  }

  /** Starts it, and gives a client. */
  async start(): Promise<Client> {
    this.port = (await this.server.start()).httpPort;
    return new Client({
      endpoint: this.environment.AWS_ENDPOINT_URL_SECRETS_MANAGER,
      region: REGION,
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
    });
  }

  /** What makes an SDK in another process use it. */
  get environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${this.port}`,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: 'AKIATEST',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }
}
