import type { PolicyDocument } from '../../../policy';
import { ServiceError } from '../errors';
import type { Operation } from '../request';

export const putResourcePolicy: Operation = {
  parameters: ['SecretId', 'ResourcePolicy', 'BlockPublicPolicy'],
  run(request) {
    const text = request.input.requiredText('ResourcePolicy', 1, 20_480);
    const blockPublic = request.input.flag('BlockPublicPolicy');
    const document = parse(text);
    const secret = request.usableSecret();
    if (blockPublic && isPublic(document)) {
      throw new ServiceError('PublicPolicyException', 'The resource policy grants broad access to the secret.');
    }

    secret.policy = { name: `resource policy of secret ${secret.name}`, document, text };
    secret.changedAt = request.now;
    return { ARN: secret.arn, Name: secret.name };
  },
};

export const getResourcePolicy: Operation = {
  parameters: ['SecretId'],
  run(request) {
    const secret = request.usableSecret();
    return { ARN: secret.arn, Name: secret.name, ResourcePolicy: secret.policy?.text };
  },
};

export const deleteResourcePolicy: Operation = {
  parameters: ['SecretId'],
  run(request) {
    const secret = request.usableSecret();

    secret.policy = undefined;
    secret.changedAt = request.now;
    return { ARN: secret.arn, Name: secret.name };
  },
};

function parse(text: string): PolicyDocument {
  try {
    const document = JSON.parse(text);
    if (typeof document?.Statement === 'object' && document.Statement !== null) return document;
  } catch {
    // answered below
  }
  throw new ServiceError('MalformedPolicyDocumentException', 'This resource policy contains a syntax error.');
}

/**
 * An Allow for everybody without any condition. AWS proves more than this: it also sees through conditions that every caller meets.
 */
function isPublic(document: PolicyDocument): boolean {
  return [document.Statement].flat().some((statement) => {
    const { Effect, Principal, Condition } = statement as {
      Effect?: unknown;
      Principal?: unknown;
      Condition?: unknown;
    };
    const named = typeof Principal === 'object' ? (Principal as { AWS?: unknown } | null)?.AWS : Principal;
    return Effect === 'Allow' && Condition === undefined && [named].flat().includes('*');
  });
}
