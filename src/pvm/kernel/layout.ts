/**
 * VM records: what the kernel keeps of each VM, at places that TypeScript and the glue in the code arena both know.
 *
 * ```
 * header page      Header: free list, counters
 * record 0         RECORD_SIZE bytes: registers, gas, where it goes on, state, a small table of capabilities
 * record 1 …       up to MAX_VMS
 * ```
 * A record of half a kilobyte is a VM's whole cost unless it maps memory. A capability table has 256 slots of which
 * programs use a handful, so a record holds TABLE_SIZE entries, each at the one place its slot number hashes to; slots
 * that collide live in an ordinary map on the TypeScript side, and the record says how many do. The protocol
 * capabilities every root VM starts with take no entry: a bit says that slot i still holds PROTOCOL(i).
 */

/** Most VMs that are alive at once, the root included. */
export const MAX_VMS = 65_535;
/** Size of a record, bytes; a power of two, so that glue gets from an index to a record with a shift. */
export const RECORD_SIZE = 512;
/** log2 of RECORD_SIZE. */
export const RECORD_SHIFT = 9;
/** Bytes in front of record 0. */
export const HEADER_SIZE = 4096;

/** Byte offsets in the header, from record 0: they are negative. */
export const enum Header {
  /** Index + 1 of the first record to reuse, u32; 0 where there is none. Records link on through `Vm.NextFree`. */
  FreeList = -4096,
  /** Records from this index on have never been used, u32. */
  Unused = -4092,
  /** Live VMs, u32. */
  Live = -4088,
}

/** Byte offsets in a record. */
export const enum Vm {
  /** 13 registers of 64 bits; valid while the VM is not running. */
  Registers = 0,
  /** Gas it keeps while it is not running, signed 64 bits. */
  Gas = 104,
  /** Native address where it goes on, u64; 0 where TypeScript has to see to that. */
  Resume = 112,
  /** Entry of the instruction it goes on with, i32. */
  Next = 120,
  /** 1 where the stretch `Next` lies in has been paid for (`pipeline` gas), u32. */
  Paid = 124,
  /** A `State`, u8. The four bytes from here on are compared as one word by the glue. */
  State = 128,
  /** Number of the CODE capability it runs, u8. */
  Code = 129,
  /** 1 where it has an address space of its own, because some page is mapped in it, u8. */
  Private = 130,
  /** Number of times the record has been given to a new VM, u32. */
  Generation = 132,
  /** Index of the VM that called it and waits, u32; NO_VM where there is none. */
  Caller = 136,
  /** Slot of the caller that the capability in slot 0 came from, u32; 0 where none travelled. */
  Travelled = 140,
  /** Bit i: slot i (1 … 28) holds PROTOCOL(i), u32. */
  Originals = 144,
  /** Its own index, u32. */
  Index = 148,
  /** Index + 1 of the next free record, u32; for free records. */
  NextFree = 152,
  /** Capabilities kept outside of the record because their places were taken, u32. */
  Overflow = 156,
  /** TABLE_SIZE capability entries. */
  Table = 192,
}

/** `Vm.Caller` of a VM that nobody called. */
export const NO_VM = 0xffffffff;

/** Capability entries in a record. */
export const TABLE_SIZE = 16;
/** Size of an entry, bytes. */
export const ENTRY_SIZE = 16;

/** Byte offsets in a capability entry. */
export const enum Entry {
  /** A `Kind`, u8; 0 where the entry is empty. */
  Kind = 0,
  /** The slot, u8. */
  Slot = 1,
  /** HANDLE and CALLABLE: index of the VM, u16. */
  Vm = 2,
  /** HANDLE and CALLABLE: the VM's generation; DATA, CODE, PROTOCOL: its number, u32. */
  Id = 4,
  /** HANDLE and CALLABLE: most gas a call may take, u64; all ones where there is no ceiling. */
  Ceiling = 8,
}

/** Kinds of capabilities. */
export const enum Kind {
  None = 0,
  Untyped = 1,
  Data = 2,
  Code = 3,
  // Adjacent, HANDLE even: the glue tests for both by setting the lowest bit.
  Handle = 4,
  Callable = 5,
  Protocol = 6,
}

/** Names of the kinds, for messages, traces and inspection. */
export const KIND_NAMES = ['none', 'untyped', 'data', 'code', 'handle', 'callable', 'protocol'] as const;

/** What a VM is doing. */
export const enum State {
  /** The record is not in use. */
  Free = 0,
  /** Can be called. */
  Idle = 1,
  Running = 2,
  /** Has called another VM. */
  Waiting = 3,
  /** Has ended for good. */
  Halted = 4,
  /** Stopped by a fault; its owner may resume it. */
  Faulted = 5,
}

/** Names of the states. */
export const STATE_NAMES = ['free', 'idle', 'running', 'waiting', 'halted', 'faulted'] as const;

/** Place of a slot's entry in a record's table: any sixteen neighbouring slots have different ones. */
export function tablePlace(slot: number): number {
  return (slot ^ (slot >> 4)) & (TABLE_SIZE - 1);
}

/** Slots of a capability table. */
export const SLOT_COUNT = 256;
/** The slot whose CALL is REPLY, and where a capability arrives that travels with a call. */
export const IPC_SLOT = 0;
/** Protocol capabilities the root VM starts with: slots 1 up to this. */
export const PROTOCOL_COUNT = 28;
/** Slot of the root's UNTYPED capability. */
export const UNTYPED_SLOT = 254;
/** First slot that REVOKE looks at for a free one. */
export const FIRST_FREE_SLOT = 64;
/** Largest slot `ecalli` can name. */
export const LAST_DIRECT_SLOT = 127;

/** Gas of entering the kernel. */
export const ENTER_GAS = 10;
/** Further gas of a CALL of a VM and of a RESUME, and of a CALL of UNTYPED besides its pages. */
export const CALL_GAS = 10;
/** Gas of a page. */
export const PAGE_GAS = 1500;

/** Operations of `ecall`, by number. */
export const enum Operation {
  Call = 0x00,
  Map = 0x02,
  Unmap = 0x03,
  Split = 0x04,
  Drop = 0x05,
  Move = 0x06,
  Copy = 0x07,
  Grant = 0x08,
  Revoke = 0x09,
  Downgrade = 0x0a,
  SetMaxGas = 0x0b,
  Dirty = 0x0c,
  Resume = 0x0d,
}

/** Names of the operations by number, for traces. */
export const OPERATION_NAMES: readonly (string | undefined)[] = [
  'CALL',
  undefined,
  'MAP',
  'UNMAP',
  'SPLIT',
  'DROP',
  'MOVE',
  'COPY',
  'GRANT',
  'REVOKE',
  'DOWNGRADE',
  'SET_MAX_GAS',
  'DIRTY',
  'RESUME',
];

/** Status of a callee that did not reply, in r8. */
export const enum Status {
  Trap = 1,
  Panic = 2,
  OutOfGas = 3,
  PageFault = 4,
}

/** A failed operation: 2^64 − 2. */
export const WHAT = -2n;
/** Detail of status 3: 2^64 − 8. */
export const LOW = -8n;
/** Detail of status 2: 2^64 − 9. */
export const HUH = -9n;
