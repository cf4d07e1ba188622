export { FunctionError, FunctionNotFoundError, TooManyRequestsException } from './errors';
export type { FunctionDefinition, LogLine, Routes } from './function-definition';
export { FunctionRunner } from './function-runner';
