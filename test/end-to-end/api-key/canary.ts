import type { Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AcmeApi } from '../../../lab';
import { type Case, CASE } from './cases';

/** Reads the key by its label, tries it, and answers what the issuer's answer tells it to. */
const CODE = `
  const { GetSecretValueCommand, SecretsManagerClient } = require('@aws-sdk/client-secrets-manager');
  exports.handler = async (event) => {
    console.log('asked', JSON.stringify(event));
    const { SecretId, VersionStage } = event;
    const { SecretString } = await new SecretsManagerClient().send(new GetSecretValueCommand({ SecretId, VersionStage }));
    const { apiKey } = JSON.parse(SecretString);
    const answer = await fetch('https://api.acme.example/v1/me', { headers: { authorization: 'Bearer ' + apiKey } });
    switch (answer.headers.get('x-canary')) {
      case 'false': return false;
      case 'throw': throw new Error('no good: ' + apiKey.length);
      case 'text': return 'true';
      case 'nothing': return undefined;
      default: return answer.status === 200;
    }
  };
`;

/** What the canary is to do comes with the answer that it asks for. */
export class ApiWithCanary extends AcmeApi {
  canary = 'true';
  protected override async answer(...args: Parameters<AcmeApi['answer']>) {
    const answer = await super.answer(...args);
    return { ...answer, headers: { ...answer.headers, 'x-canary': this.canary } };
  }
}

export function canaryIn(stack: Stack): lambda.Function {
  return new lambda.Function(stack, 'Canary', {
    code: lambda.Code.fromInline(CODE),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });
}

/** The keys with names, and a canary. */
export const WITH_CANARY: Case = {
  ...CASE.named,
  begin: () => {
    const { credential } = CASE.named.begin();
    const api = new ApiWithCanary();
    api.addCredential(credential!.adminKey);
    return { api, credential };
  },
};
