import { type NamedPolicy, type PolicyDocument, statementsOf } from '../../../policy';
import { invalidParameter, ServiceError } from '../errors';
import { isPublic } from '../public-policy';
import type { Operation, Request } from '../request';
import { page } from './paging';

/** A secret has one policy, under this name. Others are of AWS's making, where there are any. */
const DEFAULT = 'default';

export const putResourcePolicy: Operation = {
  parameters: ['SecretId', 'ResourcePolicy', 'BlockPublicPolicy', 'PolicyName'],
  run(request) {
    const text = request.input.requiredText('ResourcePolicy', 1, 20_480);
    const blockPublic = request.input.flag('BlockPublicPolicy');
    refuseOtherName(request);
    const document = parse(text);
    const secret = request.changeableSecret();
    if (blockPublic && isPublic(document)) {
      throw new ServiceError(
        'PublicPolicyException',
        "You can't attach a resource-based policy that allows broad access to the secret.",
      );
    }

    secret.policy = { ...named(document, secret.name), text };
    secret.changedAt = request.now;
    return { ARN: secret.arn, Name: secret.name, PolicyName: DEFAULT };
  },
};

export const getResourcePolicy: Operation = {
  parameters: ['SecretId', 'PolicyName'],
  run(request) {
    const name = request.input.text('PolicyName', 1, 64) ?? DEFAULT;
    const secret = request.usableSecret();
    if (name !== DEFAULT) {
      throw new ServiceError('ResourceNotFoundException', `Secrets Manager can't find the resource policy ${name}.`);
    }

    return { ARN: secret.arn, Name: secret.name, ResourcePolicy: secret.policy?.text, PolicyName: DEFAULT };
  },
};

export const deleteResourcePolicy: Operation = {
  parameters: ['SecretId', 'PolicyName'],
  run(request) {
    refuseOtherName(request);
    const secret = request.changeableSecret();

    secret.policy = undefined;
    secret.changedAt = request.now;
    return { ARN: secret.arn, Name: secret.name, PolicyName: DEFAULT };
  },
};

export const listResourcePolicies: Operation = {
  parameters: ['SecretId', 'MaxResults', 'NextToken'],
  run(request) {
    const secret = request.usableSecret();

    const { items, nextToken } = page(request.input, secret.policy ? [{ PolicyName: DEFAULT }] : []);
    return { ResourcePolicies: items, NextToken: nextToken };
  },
};

/** Says whether a policy may be put: that it can be read, does not grant broad access, and lets the caller change it again. */
export const validateResourcePolicy: Operation = {
  parameters: ['SecretId', 'ResourcePolicy'],
  run(request) {
    const document = parse(request.input.requiredText('ResourcePolicy', 1, 20_480));
    const secret = request.input.has('SecretId') ? request.usableSecret() : { arn: '*', name: '(any)' };
    if (!request.input.has('SecretId')) request.authorize(secret);
    request.authorize(secret, 'PutResourcePolicy');

    const errors = [];
    if (isPublic(document)) {
      const ErrorMessage = 'This resource policy grants broad access to your secret.';
      errors.push({ CheckName: 'BROAD_ACCESS', ErrorMessage });
    }
    if (locksOut(request, secret, named(document, secret.name))) {
      const ErrorMessage = 'Your requested changes will not allow you to manage this secret in the future.';
      errors.push({ CheckName: 'LOCKOUT', ErrorMessage });
    }
    return { PolicyValidationPassed: errors.length === 0, ValidationErrors: errors };
  },
};

function locksOut(request: Request, secret: Parameters<Request['authorize']>[0], policy: NamedPolicy): boolean {
  try {
    request.authorize(secret, 'PutResourcePolicy', policy);
    return false;
  } catch (error) {
    if (error instanceof ServiceError) return true;
    throw error;
  }
}

function refuseOtherName({ input }: Request): void {
  const name = input.text('PolicyName', 1, 64) ?? DEFAULT;
  if (name !== DEFAULT) throw invalidParameter(`Only the resource policy ${DEFAULT} can be changed, got ${name}.`);
}

const named = (document: PolicyDocument, secret: string): NamedPolicy => ({
  name: `resource policy of secret ${secret}`,
  document,
});

function parse(text: string): PolicyDocument {
  try {
    const document = JSON.parse(text);
    if (typeof document?.Statement === 'object' && document.Statement !== null) {
      statementsOf({ name: 'given', document }, 'resource');
      return document;
    }
  } catch {
    // answered below
  }
  throw new ServiceError('MalformedPolicyDocumentException', 'This resource policy contains a syntax error.');
}
