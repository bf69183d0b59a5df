/** The Java side of Scotty: a VM in the process, its objects, and its errors. */
export type { JavaCallbacks } from './api/callbacks.js';
export { JavaError, JvmError, type JvmErrorCode } from './api/errors.js';
export {
  type JavaArgument,
  type JavaCallback,
  JavaObject,
  type JavaResult,
  type JavaTypedArray,
} from './api/java-object.js';
export type { JvmOptions } from './api/options.js';
export type { JavaProgram } from './api/programs.js';
export { Jvm, type JvmStatistics } from './jvm.js';
export { JavaHomeError } from './library/index.js';
export type { PauseFigures } from './memory/collector/statistics.js';
