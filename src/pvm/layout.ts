/**
 * Layouts that TypeScript and emitted code both read, and the ways out of guest code. Defined here once.
 *
 * The *context block* holds everything a guest is between two runs. For an instance with a native window it lies
 * in the page just below guest address 0, so emitted code reaches it through the window's base; for a portable
 * instance it is an ordinary buffer. Both engines work on it directly: moving between them copies nothing.
 */

/** Number of guest registers, φ0–φ12. */
export const REGISTER_COUNT = 13;
/** Guest page size, bytes (Z_P). */
export const PAGE_SIZE = 4096;
/** log2 of the page size. */
export const PAGE_SHIFT = 12;
/** Accesses below this address panic instead of faulting (Gray Paper A.4). */
export const LOWEST_ADDRESS = 0x10000;
/** The dynamic-jump address that halts. */
export const HALT_ADDRESS = 0xffff0000;
/** `pc` values and code lengths stay below this, so that they fit small integers everywhere. */
export const MAX_CODE_LENGTH = 0x2000000;

/** Size of the context block, bytes: one page. */
export const CONTEXT_SIZE = 4096;

/** Byte offsets of the context's fields from its start. */
export const enum Context {
  /** 13 registers of 64 bits, little-endian. */
  Registers = 0,
  /** Remaining gas, signed 64 bits. */
  Gas = 104,
  /** Where emitted code left, u32: an entry number (host call) or a native address (stubs). */
  ExitSite = 112,
  /** How emitted code left, an `Exit`, u32. */
  ExitReason = 116,
  /** Native address emitted code is entered at, u64. */
  EntryPoint = 128,
  /** Address of this context's window (guest address 0), u64: what GS must hold. */
  WindowBase = 136,
  /** Host stack pointer while the guest runs, u64; written by the entry trampoline. */
  HostStack = 144,
  /** Host address that faulted, u64; written by the fault handler. */
  FaultAddress = 152,
  /** Native address of the instruction that faulted, u64; written by the fault handler. */
  FaultPc = 160,
  /** Native address of the block to resume at once the registers are loaded, u64. */
  Resume = 168,
  /** Kernel: address of the record of the VM that is running, u64 (kernel/layout.ts). */
  CurrentVm = 176,
  /** Kernel: address of the VM records, u64. */
  VmRecords = 184,
}

/** Index of a register's low half in an Int32Array over the context; the high half follows. */
export const REGISTER_WORDS = 2;
/** Index of the gas counter's low half in an Int32Array over the context; the high half follows. */
export const GAS_WORD = 26;

/** Why a run of guest code stopped. The first five are what a user sees; the rest stay inside the engines. */
export const enum Exit {
  Halt = 0,
  Panic = 1,
  OutOfGas = 2,
  PageFault = 3,
  HostCall = 4,
  /** Interpreter: the next instruction starts a block and the caller asked to stop there. */
  BlockBoundary = 5,
  /** Emitted code left through a cold stub: `ExitSite` is the native address behind the stub's call. */
  Stub = 6,
  /** Emitted code: the instruction at `FaultPc` touched memory it may not. */
  Fault = 7,
}

/** Names of the exits, for messages and dumps. */
export const EXIT_NAMES = [
  'halt',
  'panic',
  'out-of-gas',
  'page-fault',
  'host-call',
  'block-boundary',
  'stub',
  'fault',
] as const;
