/**
 * The memory that the emitted signal handler and TypeScript both read: the process block, its words and its records.
 *
 * ```
 * 0       emitted handler, read-execute
 * 4096    Field …: words the handler reads
 * 8192    REGION_COUNT region records
 * …       LEDGER_COUNT ledger records
 * ```
 */

/** How many code regions a process can have at once. */
export const REGION_COUNT = 4096;

/** Byte offsets in a region record. */
export const enum Region {
  /** First address, u64. */
  Start = 0,
  /** Address after the last, u64; 0 while the record is not in use. Written last. */
  End = 8,
  /** Address of the trap table, u64: ascending u32 offsets from the region's start. */
  Traps = 16,
  /** Number of entries in it, u32. */
  TrapCount = 24,
  /** Owner: number of its ledger plus one, u32; 0 while the record is free. */
  Owner = 28,
  /** Where execution goes on after a fault, u64. */
  ExitStub = 32,
  /** Where the faulting address is stored, relative to GS, i32. */
  FaultAddress = 40,
  /** Where the faulting instruction's address is stored, relative to GS, i32. */
  FaultPc = 44,
  Size = 64,
}

/** Byte offsets of the words the handler reads, from the block's start. */
export const enum Field {
  /** Records up to here may be in use, u32. */
  RegionLimit = 4096,
  /** Per signal number (below 16): the handler found at installation, u64, and its flags, u32. */
  Previous = 4160,
  PreviousSize = 16,
  /** The kernel's form of the default action: zeros. */
  DefaultAction = 4608,
  Regions = 8192,
}

/** How many threads can use native code at once. */
export const LEDGER_COUNT = 1024;
/** Byte offset of the ledger records. */
export const LEDGERS = Field.Regions + REGION_COUNT * Region.Size;
/** Length of the block in bytes. */
export const BLOCK_SIZE = LEDGERS + LEDGER_COUNT * 16;

/** Words of a ledger record. */
export const enum LedgerWord {
  /** Thread number; 0 while the record is free. */
  Thread = 0,
  /** When the thread started; 0 while its ledger is being made. */
  Started = 1,
  /** Address of the ledger, u64. */
  AddressLow = 2,
  AddressHigh = 3,
}
