import type { Access } from './access';
import type { Calls } from './calls';
import type { Identities } from './identities';
import type { FunctionDefinition } from './runner';
import { ServiceError } from './secrets-manager';

/** The log groups of the lab's account, and the question whether a function's role may write to one. What is written is kept by the runner. */
export class LogGroups {
  private readonly names = new Set<string>();

  constructor(
    private readonly home: { readonly account: string; readonly region: string },
    private readonly access: Access,
    private readonly identities: Identities,
    private readonly calls: Calls,
  ) {}

  add(name: string): void {
    if (this.names.has(name)) throw new Error(`The specified log group already exists: ${name}`);
    this.names.add(name);
  }

  remove(name: string): void {
    this.names.delete(name);
  }

  /**
   * Whether Lambda, in the name of the function's role, can open a log stream and write to it; each question is recorded as a call. A group
   * that does not exist is made first, which the role must allow too: without that, a function in a group of its own has no logs.
   */
  mayWrite({ credentials, name, logGroup = `/aws/lambda/${name}` }: FunctionDefinition): boolean {
    const caller = this.identities.callerOf(credentials.accessKeyId);
    if (!caller) return false; // its role was deleted
    const { account, region } = this.home;
    const streams = `arn:aws:logs:${region}:${account}:log-group:${logGroup}:log-stream:`;
    const ask = (operation: string, arn: string): void =>
      this.calls.note({ service: 'logs', operation, caller: caller.name, resource: logGroup }, () =>
        this.access.authorize(caller, `logs:${operation}`, { arn, account }, {}),
      );
    try {
      if (!this.names.has(logGroup)) ask('CreateLogGroup', streams);
      this.names.add(logGroup);
      // The rest of a stream's name is date and random characters, which no policy can know.
      ask('CreateLogStream', `${streams}[$LATEST]`);
      ask('PutLogEvents', `${streams}[$LATEST]`);
      return true;
    } catch (error) {
      if (error instanceof ServiceError && error.type === 'AccessDeniedException') return false;
      throw error;
    }
  }
}
