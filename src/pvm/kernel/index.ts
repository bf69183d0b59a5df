/** The capability kernel: trees of confined VMs. */
export { CodeCache } from './code.js';
export type {
  CapabilityInfo,
  FinalResult,
  KernelEvent,
  KernelResult,
  KindName,
  Movement,
  VmInfo,
  VmState,
} from './events.js';
export {
  Caller,
  type CallerMemory,
  gasCounter,
  type KernelHost,
  type ProtocolFunction,
  type ProtocolOutcome,
} from './host.js';
export { Kernel, type KernelOptions } from './kernel.js';
export type { KernelSnapshot } from './snapshot.js';
