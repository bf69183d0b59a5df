/**
 * A guest of the kernel's model: instructions of the Gray Paper are executed by the machine of `reference-model.ts`, one
 * at a time; entries into the kernel are handed out. Its gas is paid here: `flat` a unit an instruction, `pipeline` by
 * the published table of block costs, which has tests of its own.
 */
import { chargeTable, costFrom, type GasModel } from '../../../src/pvm/gas/index.js';
import { CHARGE_START, type DecodedProgram, decode } from '../../../src/pvm/isa/decode.js';
import { Dialect } from '../../../src/pvm/isa/instructions.js';
import { Op } from '../../../src/pvm/isa/opcodes.js';
import { ReferenceMachine, ReferenceMemory } from '../reference-model.js';

const PAGE = 4096;

/** A CODE capability's program. */
export interface ModelCode {
  /** Which CODE entry of the manifest it is. */
  readonly id: number;
  readonly code: Uint8Array;
  readonly bitmask: Uint8Array;
  readonly jumpOffsets: Uint32Array;
  readonly decoded: DecodedProgram;
  /** Whether an instruction starts at each byte. */
  readonly starts: readonly boolean[];
  /** Block costs under `pipeline`, by entry of the decoded stream. */
  readonly charges: Int32Array;
}

export function modelCode(
  id: number,
  program: { code: Uint8Array; bitmask: Uint8Array; jumpOffsets: Uint32Array },
): ModelCode {
  const { code, bitmask, jumpOffsets } = program;
  const decoded = decode(code, bitmask, jumpOffsets, Dialect.Kernel);
  const starts = Array.from(code, (_, i) => (((bitmask[i >> 3] as number) >> (i & 7)) & 1) !== 0);
  return { id, code, bitmask, jumpOffsets, decoded, starts, charges: chargeTable(decoded, 'pipeline', 1) };
}

/** How a guest sees memory: pages by number, in its own address space. */
export interface GuestPages {
  page(page: number): { readonly bytes: Uint8Array; readonly writable: boolean } | undefined;
  written(page: number): void;
}

class View extends ReferenceMemory {
  constructor(private readonly guestPages: GuestPages) {
    super();
    this.pages.get = (page) => guestPages.page(page) as { bytes: Uint8Array; writable: boolean } | undefined;
  }

  override store(address: bigint, size: number, value: bigint): void {
    super.store(address, size, value);
    const first = Number(BigInt.asUintN(32, address));
    this.guestPages.written(Math.floor(first / PAGE));
    this.guestPages.written(Math.floor(((first + size - 1) % 2 ** 32) / PAGE));
  }
}

/** What an instruction came to, where it was not just the next one's turn. */
export type GuestExit =
  | { kind: 'halt' }
  | { kind: 'panic'; trap: boolean }
  | { kind: 'out-of-gas' }
  | { kind: 'page-fault'; address: number }
  /** `ecalli` with its immediate, or `ecall` without; `pc` still names it. */
  | { kind: 'entry'; immediate: number | undefined };

export class Guest {
  /** `pipeline`: the block the program counter lies in is paid for. */
  paid = false;
  private readonly machine: ReferenceMachine;

  constructor(
    private readonly code: ModelCode,
    pages: GuestPages,
  ) {
    this.machine = new ReferenceMachine(code.code, code.starts, [...code.jumpOffsets]);
    this.machine.memory = new View(pages);
  }

  get registers(): bigint[] {
    return this.machine.regs;
  }

  get pc(): number {
    return this.machine.pc;
  }

  set pc(pc: number) {
    this.machine.pc = pc;
  }

  /** Goes on behind an entry into the kernel. */
  advance(): void {
    this.machine.skipInstruction();
    this.paid = false;
  }

  /** Executes one instruction; returns what became of it and the gas left. */
  step(gas: bigint, model: GasModel): [GuestExit | undefined, bigint] {
    const { machine, code } = this;
    const { pc } = machine;
    let left = gas;
    if (model === 'pipeline' && !this.paid) {
      const cost = BigInt(this.blockCost(pc));
      if (left < cost) return [{ kind: 'out-of-gas' }, left];
      left -= cost;
      this.paid = true;
    }
    const opcode = code.starts[pc] ? code.code[pc] : -1;
    if (opcode === Op.ecalli || opcode === Op.ecall || opcode === Op.unlikely) {
      if (model === 'flat') {
        if (left < 1n) return [{ kind: 'out-of-gas' }, left];
        left -= 1n;
      }
      if (opcode === Op.unlikely) {
        this.advance();
        return [undefined, left];
      }
      return [{ kind: 'entry', immediate: opcode === Op.ecalli ? this.immediate(pc) : undefined }, left];
    }
    machine.gas = model === 'flat' ? left : 2n;
    const exit = machine.step();
    if (model === 'flat') left = machine.gas;
    if (exit === undefined) {
      const next = code.decoded.indexOfPc[machine.pc] as number;
      if (next < 0 || (code.decoded.flags[next] as number) & CHARGE_START) this.paid = false;
      return [undefined, left];
    }
    // A page fault leaves the block paid for; resuming any other exit pays for the rest of it again.
    if (exit.kind !== 'page-fault') this.paid = false;
    switch (exit.kind) {
      case 'panic':
        return [{ kind: 'panic', trap: opcode === Op.trap }, left];
      case 'page-fault':
        return [{ kind: 'page-fault', address: exit.address }, left];
      case 'halt':
      case 'out-of-gas':
        return [{ kind: exit.kind }, left];
      case 'host-call':
        throw new Error('entries are handled above');
    }
  }

  private immediate(pc: number): number {
    const length = Math.min(4, this.machine.skip(pc));
    let value = 0n;
    for (let i = 0; i < length; i++) value |= BigInt(this.code.code[pc + 1 + i] as number) << BigInt(8 * i);
    return Number(BigInt.asUintN(32, BigInt.asIntN(8 * length, value)));
  }

  private blockCost(pc: number): number {
    const { decoded, charges } = this.code;
    const index = decoded.indexOfPc[pc] as number;
    if ((decoded.flags[index] as number) & CHARGE_START) return charges[index] as number;
    return costFrom(decoded, 'pipeline', 1, index);
  }
}
