/** An error as the service answers it: the type that an SDK turns into a class, and AWS's own text. */
export class ServiceError extends Error {
  /**
   * @param type AWS's name of the error, such as `ResourceNotFoundException`; it is also the `name` of this error
   * @param message the text that the caller reads, never with a secret value in it
   * @param status the HTTP status
   */
  constructor(
    readonly type: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = type;
  }
}

export const accessDenied = (message: string) => new ServiceError('AccessDeniedException', message);
export const invalidParameter = (message: string) => new ServiceError('InvalidParameterException', message);
export const invalidRequest = (message: string) => new ServiceError('InvalidRequestException', message);
export const validation = (message: string) => new ServiceError('ValidationException', message);

export const unrecognizedClient = () =>
  new ServiceError('UnrecognizedClientException', 'The security token included in the request is invalid.');

export const secretNotFound = () =>
  new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");

/** @param where `staging label: AWSPENDING` or `VersionId: ...` */
export const valueNotFound = (where: string) =>
  new ServiceError('ResourceNotFoundException', `Secrets Manager can't find the specified secret value for ${where}`);

export const secretExists = (name: string) =>
  new ServiceError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);

export const tokenInUse = (token: string, arn: string) =>
  new ServiceError(
    'ResourceExistsException',
    `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${arn}.`,
  );

export const markedForDeletion = () =>
  invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");

export const replicaCannotChange = () =>
  invalidParameter("Operation not permitted on a replica secret. Call must be made in primary secret's region.");

export const mayNotInvoke = () =>
  accessDenied(
    'Secrets Manager cannot invoke the specified Lambda function. ' +
      'Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
  );

export const noRotationFunction = () =>
  invalidRequest('No Lambda rotation function ARN is associated with this secret.');
