/**
 * A compiled program at its place in the code arena: addresses filled in, its faults announced to the handler.
 *
 * One per program and gas model, shared by all instances; the arena gets the space back when the last of them
 * and the program are gone.
 */
import { type CodeArena, sharedArena } from '../../host/code-arena.js';
import { cpuFeatures } from '../../host/cpu.js';
import { NativeEntry } from '../../host/entry.js';
import { type FaultHandler, installFaultHandler } from '../../host/fault-handler.js';
import { perfMapAdd } from '../../host/perf-map.js';
import type { GasModel } from '../gas/index.js';
import type { DecodedProgram } from '../isa/decode.js';
import { CONTEXT_SIZE, Context } from '../layout.js';
import { type CodeBuffer, STUB_SIZE, type StubKind } from './code-buffer.js';
import { generate } from './codegen.js';
import { type GlueOptions, generateForKernel } from './kernel-glue.js';

/** What every compiled program of this thread shares. */
interface Runtime {
  readonly arena: CodeArena;
  readonly entry: NativeEntry;
  readonly faults: FaultHandler;
}

let runtime: Runtime | undefined;

function nativeRuntime(): Runtime {
  if (runtime === undefined) {
    const arena = sharedArena();
    const entry = new NativeEntry(arena, {
      entryPoint: Context.EntryPoint,
      windowBase: Context.WindowBase,
      hostStack: Context.HostStack,
    });
    runtime = { arena, entry, faults: installFaultHandler() };
  }
  return runtime;
}

interface Placement {
  readonly offset: number;
  readonly size: number;
  readonly region: number;
}

const dropped = new FinalizationRegistry<Placement>((placement) => remove(placement));

function remove({ offset, size, region }: Placement): void {
  const { arena, faults } = nativeRuntime();
  faults.removeRegion(region);
  arena.free(offset, size);
}

/** A program's machine code. */
export class NativeCode {
  /** Host address of the code's first byte. */
  readonly base: number;
  /** How long generation took, milliseconds. */
  readonly generationTime: number;
  /** What is known of the code besides its bytes. */
  readonly buffer: Omit<CodeBuffer, 'bytes'>;
  private readonly entryGate: NativeEntry;
  private readonly offset: number;
  private readonly size: number;

  private constructor(
    { bytes, ...buffer }: CodeBuffer,
    readonly decoded: DecodedProgram,
    readonly gasModel: GasModel,
    generationTime: number,
  ) {
    const { arena, entry, faults } = nativeRuntime();
    this.generationTime = generationTime;
    this.entryGate = entry;
    this.buffer = buffer;
    // The offsets that the fault handler searches lie behind the code.
    const traps = Math.ceil(bytes.length / 4) * 4;
    const size = traps + buffer.trapOffsets.byteLength;
    const offset = arena.allocate(size);
    this.offset = offset;
    this.size = bytes.length;
    this.base = arena.address(offset);

    const fields = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const at of buffer.tableReferences) fields.setInt32(at, this.base, true);
    fields.setUint32(buffer.leaveReference, entry.exitAddress >>> 0, true);
    fields.setUint32(buffer.leaveReference + 4, Math.floor(entry.exitAddress / 2 ** 32), true);
    decoded.jumpTable.forEach((target, i) => {
      if (target >= 0) fields.setUint32(i * 8, this.address(target), true);
    });
    arena.write(offset, bytes);
    const { trapOffsets } = buffer;
    arena.write(offset + traps, new Uint8Array(trapOffsets.buffer, trapOffsets.byteOffset, trapOffsets.byteLength));
    const region = faults.addRegion({
      start: this.base,
      end: this.base + bytes.length,
      traps: { address: this.base + traps, count: trapOffsets.length },
      exitStub: this.base + buffer.faultStub,
      faultAddressOffset: Context.FaultAddress - CONTEXT_SIZE,
      faultPcOffset: Context.FaultPc - CONTEXT_SIZE,
    });
    dropped.register(this, { offset, size, region });
    perfMapAdd(this.base, bytes.length, `pvm:${gasModel}:${decoded.codeLength}`);
  }

  /** Compiles a program for a gas model, and for the kernel where `kernel` is given. */
  static compile(decoded: DecodedProgram, charges: Int32Array, gasModel: GasModel, kernel?: GlueOptions): NativeCode {
    const start = performance.now();
    const buffer =
      kernel === undefined
        ? generate(decoded, charges, cpuFeatures())
        : generateForKernel(decoded, charges, cpuFeatures(), kernel);
    return new NativeCode(buffer, decoded, gasModel, performance.now() - start);
  }

  /** A copy of the code, with addresses filled in. */
  get bytes(): Uint8Array {
    return nativeRuntime().arena.writable.slice(this.offset, this.offset + this.size);
  }

  /** Host address of an entry's code. */
  address(entry: number): number {
    return this.base + (this.buffer.offsetOf[entry] as number);
  }

  /** Address that loads the guest's registers and goes to the context's `Resume`. */
  get enterStub(): number {
    return this.base + this.buffer.enterStub;
  }

  /** Runs a guest until it leaves. */
  enter(contextAddress: number): void {
    this.entryGate.enter(contextAddress);
  }

  /** Number of the cold stub whose call returns to a native address. */
  stubAt(returnAddress: number): number {
    return (returnAddress - STUB_SIZE - this.base - this.buffer.stubBase) / STUB_SIZE;
  }

  stubEntry(stub: number): number {
    return this.buffer.stubEntries[stub] as number;
  }

  stubKind(stub: number): StubKind {
    return this.buffer.stubKinds[stub] as StubKind;
  }

  /** Entry of the guest instruction whose machine instruction at a native address faulted. */
  faultEntry(nativePc: number): number {
    const offset = nativePc - this.base;
    const { trapOffsets, trapEntries } = this.buffer;
    let low = 0;
    let high = trapOffsets.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const value = trapOffsets[middle] as number;
      if (value === offset) return trapEntries[middle] as number;
      if (value < offset) low = middle + 1;
      else high = middle - 1;
    }
    throw new Error(`fault at native offset ${offset}, which is no guest access`);
  }
}
