/**
 * A guest small enough for tests of the host: a context block, a window of 64 KiB above it, and code given as a function
 * that emits it. The layout is the tests' own, so that nothing of the guest rooms is needed.
 */

import { test } from 'node:test';
import {
  CodeArena,
  installFaultHandler,
  NativeEntry,
  nativeSupport,
  protect,
  reserve,
  view,
} from '../../src/host/index.js';
import { Assembler, gs, Mem, Reg } from '../../src/x64/index.js';

export const CONTEXT_SIZE = 4096;
export const WINDOW_SIZE = 0x10000;
export const LAYOUT = { entryPoint: 0, windowBase: 8, hostStack: 16 } as const;
export const FAULT_ADDRESS = 24;
export const FAULT_PC = 32;
/** Results that guest code leaves: 64-bit words from here. */
export const RESULTS = 64;

/** Declares a test where native code can run, nothing elsewhere. */
export function nativeTest(name: string, body: () => void | Promise<void>): void {
  if (nativeSupport().available) test(name, body);
}

/** The operand of a context field, as guest code reaches it. */
export function field(offset: number): Mem {
  return gs(new Mem().set(-1, -1, 1, offset - CONTEXT_SIZE));
}

export interface Snippet {
  readonly address: number;
  readonly offset: number;
  readonly size: number;
}

export class Rig {
  readonly arena: CodeArena;
  readonly entry: NativeEntry;
  readonly window: number;
  readonly contextAddress: number;
  readonly context: BigUint64Array;

  constructor(useSystemCall?: boolean, arena = new CodeArena(0x100_0000)) {
    this.arena = arena;
    this.entry = new NativeEntry(arena, LAYOUT, useSystemCall);
    const reservation = reserve(0x20000);
    this.contextAddress = reservation + 0x10000 - CONTEXT_SIZE;
    this.window = reservation + 0x10000;
    protect(this.contextAddress, CONTEXT_SIZE, 'write');
    this.context = new BigUint64Array(view(this.contextAddress, CONTEXT_SIZE));
    this.context[LAYOUT.windowBase / 8] = BigInt(this.window);
  }

  /** Emits code that ends by leaving, and places it in the arena. */
  place(emit: (a: Assembler) => void): Snippet {
    const a = new Assembler();
    emit(a);
    this.leave(a);
    const bytes = a.bytes().slice();
    const offset = this.arena.allocate(bytes.length);
    this.arena.write(offset, bytes);
    return { address: this.arena.address(offset), offset, size: bytes.length };
  }

  /** Emits the way out, through RAX. */
  leave(a: Assembler): void {
    a.mov_ri64(Reg.RAX, this.entry.exitAddress | 0, Math.floor(this.entry.exitAddress / 2 ** 32));
    a.jmp_r(Reg.RAX);
  }

  run(address: number): void {
    this.context[LAYOUT.entryPoint / 8] = BigInt(address);
    this.entry.enter(this.contextAddress);
  }

  result(index = 0): bigint {
    return this.context[RESULTS / 8 + index] as bigint;
  }

  get faultAddress(): number {
    return Number(this.context[FAULT_ADDRESS / 8]);
  }

  get faultPc(): number {
    return Number(this.context[FAULT_PC / 8]);
  }

  /**
   * Places code with one instruction that may fault, as a region of its own. When it faults, `onFault` runs; it ends
   * by leaving, too.
   */
  placeFaulting(
    before: (a: Assembler) => void,
    fault: (a: Assembler) => void,
    onFault: (a: Assembler) => void = () => {},
  ): Snippet & { readonly trap: number; readonly region: number } {
    let trap = 0;
    let stub = 0;
    const snippet = this.place((a) => {
      before(a);
      trap = a.position;
      fault(a);
      this.leave(a);
      stub = a.position;
      onFault(a);
    });
    const region = installFaultHandler().addRegion({
      start: snippet.address,
      end: snippet.address + snippet.size,
      traps: Uint32Array.of(trap),
      exitStub: snippet.address + stub,
      faultAddressOffset: FAULT_ADDRESS - CONTEXT_SIZE,
      faultPcOffset: FAULT_PC - CONTEXT_SIZE,
    });
    return { ...snippet, trap: snippet.address + trap, region };
  }
}
