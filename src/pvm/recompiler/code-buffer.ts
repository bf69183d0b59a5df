/**
 * What one compilation produces before it has an address: position-independent bytes and the places that must
 * learn where they are. `native-code.ts` puts it into the code arena.
 */

/** Kinds of cold stubs. */
export const enum StubKind {
  /** The charge of the block at `entry` does not fit the remaining gas; the charge is already subtracted. */
  Unpaid = 0,
  /** The instruction at `entry` is for the interpreter: traps, `sbrk`, and jumps that halt or go nowhere. */
  Interpret = 1,
}

/** Size of one cold stub: a `call` of the shared stub, whose return address says which one it was. */
export const STUB_SIZE = 5;

/** A compiled program without an address. Offsets are from the start of `bytes`. */
export interface CodeBuffer {
  /** Jump table (8 bytes an entry, still empty), shared stubs, blocks, cold stubs. Good until the next compilation. */
  readonly bytes: Uint8Array;
  /** Offset of each entry's code, which can be entered where a charge starts; one more element than entries: where the last one ends. */
  readonly offsetOf: Int32Array;
  /** Offsets of the instructions that may fault, ascending, and the entry each belongs to. */
  readonly trapOffsets: Uint32Array;
  readonly trapEntries: Int32Array;
  /** Offset of the first cold stub; stub `i` is at `stubBase + i * STUB_SIZE`. */
  readonly stubBase: number;
  readonly stubEntries: Int32Array;
  readonly stubKinds: Uint8Array;
  /** Offsets of 32-bit fields that take the absolute address of the jump table. */
  readonly tableReferences: Int32Array;
  /** Offset of the 64-bit field that takes the address to leave through. */
  readonly leaveReference: number;
  /** Offset of the stub that loads the guest's registers and resumes it. */
  readonly enterStub: number;
  /** Offset of the stub the fault handler redirects to. */
  readonly faultStub: number;
  /** Offset the blocks start at. */
  readonly blocksStart: number;
}
