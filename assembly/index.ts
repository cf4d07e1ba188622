export {
  type CloudAssembly,
  type FileAsset,
  readAssembly,
  type ReadAssemblyOptions,
  type Stack,
} from './cloud-assembly';
export { parameterValues } from './parameters';
export { conditionHolds, resolve } from './resolve';
export { resourceOrder } from './resource-order';
export type { Scope } from './scope';
export type { Mappings, Output, Parameter, Resource, Template } from './template';
