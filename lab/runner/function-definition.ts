import type { Place } from '../network';

/** A function as its template describes it. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** `file.export`, the file without its extension and relative to `codePath`: `index.handler`. */
  readonly handler: string;
  /** Absolute path of the folder with the bundle. */
  readonly codePath: string;
  /** The variables of the template, resolved. Lambda's own come on top. */
  readonly environment: Readonly<Record<string, string>>;
  /** 1 to 900. */
  readonly timeoutSeconds: number;
  /** Only told to the function: the lab does not limit memory. */
  readonly memoryMB: number;
  readonly region: string;
  /** Where it stands in a VPC. @default - in none */
  readonly place?: Place;
  /** @default '/aws/lambda/<name>' */
  readonly logGroup?: string;
  /** Of a session of the function's role. */
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
}

/** Where connections go: `api.x.com:443` to a port of 127.0.0.1. What is not listed cannot be reached. */
export interface Routes {
  [hostAndPort: string]: number;
}

/** One line that a function wrote, or that Lambda writes about it. */
export interface LogLine {
  readonly functionName: string;
  /** Of the invocation that ran then; undefined while the code was loaded for the first time. */
  readonly requestId?: string;
  /** By the machine's clock, as the times that the function itself writes. */
  readonly at: Date;
  readonly text: string;
}
