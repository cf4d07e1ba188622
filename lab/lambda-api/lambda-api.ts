import type { IncomingMessage, ServerResponse } from 'node:http';
import { FunctionError, FunctionNotFoundError, type FunctionRunner, TooManyRequestsException } from '../runner';
import { ServiceError } from '../secrets-manager';
import { type ApiOptions, SignedRequest } from '../signed-request';

const SERVICE = { id: 'lambda', name: 'Lambda' };
/** What the lab's Lambda can be asked. */
export const LAMBDA_OPERATIONS = ['Invoke'];

const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
/** A name, a part of an ARN or the whole of it, with or without the version that the lab has. */
const FUNCTION = /^(?:(?:arn:aws:lambda:([^:]+):)?(\d{12}):function:)?([A-Za-z0-9_-]+)(?::\$LATEST)?$/;

/** The API of Lambda, as far as functions call each other: Invoke, which waits for the answer. */
export class LambdaApi {
  constructor(
    private readonly runner: FunctionRunner,
    private readonly options: ApiOptions,
  ) {}

  /** @throws ServiceError as AWS answers it */
  async serve(request: IncomingMessage, response: ServerResponse, secureTransport: boolean): Promise<void> {
    const signed = await SignedRequest.read(request, secureTransport, SERVICE, this.options);
    const { pathname, searchParams } = new URL(request.url!, 'http://lambda');
    const [, encoded] = INVOKE.exec(pathname) ?? [];
    if (request.method !== 'POST' || !encoded) {
      throw new ServiceError(
        'UnknownOperationException',
        `The lab's Lambda knows Invoke, not ${request.method} ${pathname}.`,
        404,
      );
    }
    const asked = decodeURIComponent(encoded);
    const [, region = this.options.region, account = this.options.account, name = asked] = FUNCTION.exec(asked) ?? [];
    const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
    const answer = await signed.run('Invoke', name, async () => {
      refuseUnknownSettings(request, searchParams);
      signed.authorize('InvokeFunction', arn);
      if (arn !== this.arnOf(name)) throw notFound(arn);
      return await this.invoke(name, arn, eventOf(signed.body));
    });
    response.writeHead(200, {
      'content-type': 'application/json',
      'x-amz-executed-version': '$LATEST',
      ...(answer.failed && { 'x-amz-function-error': 'Unhandled' }),
    });
    response.end(JSON.stringify(answer.payload));
  }

  /** What a function throws is no error of Lambda's: it comes as the answer. */
  private async invoke(name: string, arn: string, event: unknown): Promise<{ payload: unknown; failed: boolean }> {
    try {
      return { payload: (await this.runner.invoke(name, event)) ?? null, failed: false };
    } catch (error) {
      if (error instanceof FunctionError) return { payload: described(error), failed: true };
      if (error instanceof FunctionNotFoundError) throw notFound(arn);
      if (error instanceof TooManyRequestsException) throw new ServiceError(error.name, error.message, 429);
      throw error;
    }
  }

  private arnOf(name: string): string {
    return `arn:aws:lambda:${this.options.region}:${this.options.account}:function:${name}`;
  }
}

/** As the caller gets it; Lambda has no trace of a function that is gone. */
function described({ errorType, message: errorMessage, trace }: FunctionError): object {
  return { errorType, errorMessage, ...(trace.length > 0 && { trace }) };
}

function eventOf(body: string): unknown {
  try {
    return JSON.parse(body || '{}');
  } catch {
    // Without the parser's message, which quotes the body.
    throw new ServiceError('InvalidRequestContentException', 'Could not parse request body into json.');
  }
}

function refuseUnknownSettings({ headers }: IncomingMessage, query: URLSearchParams): void {
  const settings = [
    ['InvocationType', headers['x-amz-invocation-type'], 'RequestResponse'],
    ['LogType', headers['x-amz-log-type'], 'None'],
    ['Qualifier', query.get('Qualifier') ?? undefined, '$LATEST'],
  ] as const;
  const other = settings.find(([, value, known]) => value !== undefined && value !== known);
  if (!other) return;
  const [name, value, known] = other;
  throw new ServiceError(
    'InvalidParameterValueException',
    `The lab knows only ${known} as ${name} of Invoke, got ${value}.`,
  );
}

const notFound = (arn: string) => new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
