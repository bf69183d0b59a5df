/**
 * Finds the code and data a program can reach, starting from its exports.
 *
 * Code is decoded by following control flow, not from one end of a section to the other: constants between functions
 * do no harm, and unused functions are never looked at. Data counts as reached by whole sections, so compile with
 * `-fdata-sections` and link with `--unique` (or `--gc-sections`) to have unused data dropped.
 *
 * Code and data are entangled: an instruction that computes an address reaches its target, and so does a relocation in
 * a reached section. Code whose address becomes a value this way is called *escaping*: dynamic jumps may go there.
 */
import type { Relocation, Section } from './elf.js';
import { LinkError } from './errors.js';
import { type Metadata, pointer, readMetadata } from './metadata.js';
import { isThreadLocal, relocationName, Relocation as Type } from './relocations.js';
import { decodeRiscv, Rv, type RvInstruction } from './riscv.js';
import type { Symbols, Target } from './symbols.js';

/** How an instruction's relocation changes what it computes. */
export const enum Part {
  /** Nothing: the immediate is what it says. */
  None,
  /** The upper part of the target's absolute address, in `lui`. */
  High,
  /** The rest of the target's absolute address, an immediate. */
  Low,
  /** All of the target's address, in `auipc`. */
  Address,
  /** Nothing is left to add: the `auipc` this belongs to has it all. */
  Done,
  /** A load from the global offset table: the target's address itself. */
  Got,
}

/** A reached instruction. */
export interface Step {
  readonly address: number;
  readonly rv: RvInstruction;
  readonly part: Part;
  readonly target: Target | undefined;
  /** Bytes of the instruction or of the pair that was made one. */
  readonly size: number;
  /** `Import` only. */
  readonly metadata: Metadata | undefined;
  /** Calls only: nothing of the function follows, so the callee does not return. */
  readonly last: boolean;
}

/** What was found. */
export interface Reached {
  readonly steps: Map<number, Step>;
  /** Addresses where a basic block must begin. */
  readonly leaders: Set<number>;
  /** Addresses that become values. */
  readonly escaping: Set<number>;
  /** Addresses calls return to. */
  readonly returns: Set<number>;
  /** Data sections. */
  readonly sections: Set<Section>;
  readonly imports: Set<Metadata>;
}

/** Follows everything from the roots. */
export function discover(symbols: Symbols, roots: readonly number[], kernel: boolean): Reached {
  return new Discovery(symbols, kernel).run(roots);
}

class Discovery {
  private readonly steps = new Map<number, Step>();
  private readonly leaders = new Set<number>();
  private readonly escaping = new Set<number>();
  private readonly returns = new Set<number>();
  private readonly sections = new Set<Section>();
  private readonly imports = new Set<Metadata>();
  private readonly metadata = new Map<string, Metadata>();
  private readonly code: number[] = [];
  private readonly data: Section[] = [];

  constructor(
    private readonly symbols: Symbols,
    private readonly kernel: boolean,
  ) {}

  run(roots: readonly number[]): Reached {
    for (const root of roots) this.jumpTo(root);
    for (;;) {
      const address = this.code.pop();
      if (address !== undefined) {
        this.follow(address);
        continue;
      }
      const section = this.data.pop();
      if (section === undefined) break;
      this.scan(section);
    }
    const { steps, leaders, escaping, returns, sections, imports } = this;
    return { steps, leaders, escaping, returns, sections, imports };
  }

  private jumpTo(address: number): void {
    this.leaders.add(address);
    if (!this.steps.has(address)) this.code.push(address);
  }

  private reach(target: Target): void {
    if (target.kind === 'code') {
      this.escaping.add(target.address);
      this.jumpTo(target.address);
    } else if (target.kind === 'data' && !this.sections.has(target.section)) {
      this.sections.add(target.section);
      this.data.push(target.section);
    }
  }

  /** Everything a data section points to. */
  private scan(section: Section): void {
    for (const [offset, relocations] of section.relocations) {
      for (const relocation of relocations) {
        this.reach(this.symbols.resolve(relocation, { section: section.name, offset }));
      }
    }
  }

  /** Decodes from an address until control flow goes elsewhere. */
  private follow(start: number): void {
    let at = start;
    while (!this.steps.has(at)) {
      const step = this.decode(at);
      this.steps.set(at, step);
      const next = at + step.size;
      const { op, rd, imm } = step.rv;
      switch (op) {
        case Rv.Trap:
          return;
        case Rv.Jal:
          this.jumpTo(at + imm);
          if (rd === 0 || step.last) return;
          this.returns.add(next);
          this.leaders.add(next);
          break;
        case Rv.Jalr:
          if (rd === 0 || step.last) return;
          this.returns.add(next);
          this.leaders.add(next);
          break;
        case Rv.Beq:
        case Rv.Bne:
        case Rv.Blt:
        case Rv.Bge:
        case Rv.Bltu:
        case Rv.Bgeu:
          this.jumpTo(at + imm);
          this.leaders.add(next);
          break;
      }
      at = next;
    }
  }

  private decode(address: number): Step {
    const section = this.symbols.codeSection(address);
    // Control flow that runs off the end of the code: nothing a compiler means to happen.
    if (section === undefined) return step(address, TRAP, 2);
    const offset = address - section.address;
    const rv = decodeRiscv(section.data, offset);
    if (rv === undefined) return step(address, TRAP, 2);
    if (rv.op === Rv.Invalid) throw this.error(address, `${rv.reason}`);
    if (rv.op === Rv.Import) return this.import(address, section, rv);
    const registers = [rv.rd, rv.rs1, rv.rs2];
    for (const register of registers) {
      if (register === 3 || register === 4) {
        throw this.error(
          address,
          register === 3
            ? 'uses gp (x3), which PVM has no register for: link without --relax-gp'
            : 'uses tp (x4), which PVM has no register for: there is no thread-local storage',
        );
      }
      if (register > 15) {
        throw this.error(
          address,
          `uses register x${register}; only x0–x15 can be had: compile with -march=rv64emc_zbb -mabi=lp64e`,
        );
      }
    }
    if (rv.op === Rv.Ecall && !this.kernel) {
      throw this.error(address, 'ecall: only programs of the capability kernel have it (option dialect: kernel)');
    }
    const relocations = section.relocations.get(offset);
    if (relocations !== undefined) return this.relocated(address, section, rv, relocations);
    if (rv.op === Rv.Auipc) return this.bareAuipc(address, section, rv);
    return this.plain(address, rv);
  }

  private plain(address: number, rv: RvInstruction): Step {
    const call = (rv.op === Rv.Jal || rv.op === Rv.Jalr) && rv.rd !== 0;
    if (rv.op === Rv.Jal || (rv.op >= Rv.Beq && rv.op <= Rv.Bgeu)) this.checkTarget(address, address + rv.imm);
    return step(address, rv, rv.size, Part.None, undefined, call && this.isLast(address + rv.size));
  }

  private checkTarget(address: number, target: number): void {
    if (this.symbols.codeSection(target) === undefined) {
      throw this.error(address, `jumps to 0x${target.toString(16)}, where there is no code`);
    }
  }

  /** A call in a function's last place: the compiler knows that it does not return. */
  private isLast(next: number): boolean {
    return this.symbols.isFunctionEnd(next) || this.symbols.codeSection(next) === undefined;
  }

  private import(address: number, section: Section, rv: RvInstruction): Step {
    const offset = address - section.address + 4;
    if (offset + 8 > section.data.length) throw this.error(address, 'an import cut off by the end of the section');
    const target = pointer(this.symbols, section, offset, 'the metadata of an import');
    const key = target.kind === 'data' ? `${target.section.index}:${target.offset}` : '';
    let metadata = this.metadata.get(key);
    if (metadata === undefined) {
      metadata = readMetadata(this.symbols, target);
      this.metadata.set(key, metadata);
      this.imports.add(metadata);
    }
    return { ...step(address, rv, 12), metadata };
  }

  private relocated(address: number, section: Section, rv: RvInstruction, relocations: readonly Relocation[]): Step {
    const relocation = relocations[0] as Relocation;
    const { type } = relocation;
    if (relocations.length > 1) {
      throw this.error(
        address,
        `expected one relocation, found ${relocations.map((r) => relocationName(r.type)).join(', ')}`,
      );
    }
    const place = this.symbols.place(address);
    if (isThreadLocal(type)) this.symbols.resolve(relocation, place);
    switch (type) {
      case Type.Hi20:
      case Type.RvcLui:
        if (rv.op !== Rv.Lui) break;
        return this.address(address, rv, Part.High, this.symbols.resolve(relocation, place));
      case Type.Lo12I:
      case Type.Lo12S:
        if (!takesLow(rv.op)) break;
        return this.address(address, rv, Part.Low, this.symbols.resolve(relocation, place));
      case Type.PcrelHi20:
      case Type.GotHi20:
        if (rv.op !== Rv.Auipc) break;
        return this.address(address, rv, Part.Address, this.symbols.resolve(relocation, place));
      case Type.PcrelLo12I:
      case Type.PcrelLo12S:
        if (!takesLow(rv.op)) break;
        return this.pcrelLow(address, rv, relocation);
      case Type.Call:
      case Type.CallPlt:
        if (rv.op !== Rv.Auipc) break;
        return this.call(address, section, rv, relocation);
      case Type.Branch:
      case Type.RvcBranch:
      case Type.Jal:
      case Type.RvcJump: {
        if (rv.op !== Rv.Jal && !(rv.op >= Rv.Beq && rv.op <= Rv.Bgeu)) break;
        const target = this.symbols.resolve(relocation, place);
        return this.plain(address, target.kind === 'code' ? { ...rv, imm: target.address - address } : trapOf(rv));
      }
    }
    throw this.error(address, `${relocationName(type)} cannot be taken on this instruction`);
  }

  private address(address: number, rv: RvInstruction, part: Part, target: Target): Step {
    this.reach(target);
    return step(address, rv, rv.size, part, target);
  }

  /** The second half of a PC-relative pair; its relocation names the first half by address. */
  private pcrelLow(address: number, rv: RvInstruction, relocation: Relocation): Step {
    const high = relocation.symbol.value + relocation.addend;
    const first = this.symbols.codeSection(high);
    const types = first?.relocations.get(high - first.address);
    const other = types?.find(({ type }) => type === Type.PcrelHi20 || type === Type.GotHi20);
    if (first === undefined || other === undefined) {
      const tls = types?.find(({ type }) => isThreadLocal(type));
      if (tls !== undefined) this.symbols.resolve(tls, this.symbols.place(high));
      // An `auipc` the assembler resolved by itself keeps its low half's immediate.
      throw this.error(
        address,
        `${relocationName(relocation.type)} names 0x${high.toString(16)}, where there is no R_RISCV_PCREL_HI20`,
      );
    }
    const target = this.symbols.resolve(other, this.symbols.place(high));
    if (other.type === Type.PcrelHi20) return this.address(address, rv, Part.Done, target);
    if (rv.op !== Rv.Ld) throw this.error(address, 'expected a load (ld) from the global offset table');
    return this.address(address, rv, Part.Got, target);
  }

  /** `auipc` and `jalr`, one call. */
  private call(address: number, section: Section, rv: RvInstruction, relocation: Relocation): Step {
    const second = decodeRiscv(section.data, address + rv.size - section.address);
    if (second === undefined || second.op !== Rv.Jalr || second.rs1 !== rv.rd) {
      throw this.error(address, `${relocationName(relocation.type)}: expected auipc and jalr of the same register`);
    }
    if (second.rd === 3 || second.rd === 4 || second.rd > 15) {
      throw this.error(address, `links to register x${second.rd}, which PVM does not have`);
    }
    const size = rv.size + second.size;
    const target = this.symbols.resolve(relocation, this.symbols.place(address));
    // A weak function that is not there: calling it is an error of the program, when it happens.
    if (target.kind !== 'code') return step(address, TRAP, size);
    const jump = { ...second, op: Rv.Jal, rs1: 0, imm: target.address - address, size };
    return step(address, jump, size, Part.None, undefined, second.rd !== 0 && this.isLast(address + size));
  }

  /** `auipc` without a relocation: the assembler resolved a distance within a section. */
  private bareAuipc(address: number, section: Section, rv: RvInstruction): Step {
    const second = decodeRiscv(section.data, address + rv.size - section.address);
    const base = address + rv.imm;
    if (second !== undefined && second.rs1 === rv.rd) {
      const size = rv.size + second.size;
      const target = base + second.imm;
      if (second.op === Rv.Jalr) {
        this.checkTarget(address, target);
        const jump = { ...second, op: Rv.Jal, rs1: 0, imm: target - address, size };
        return step(address, jump, size, Part.None, undefined, second.rd !== 0 && this.isLast(address + size));
      }
      if (second.op === Rv.Addi && second.rd === rv.rd && this.symbols.codeSection(target) !== undefined) {
        this.reach({ kind: 'code', address: target });
        return step(address, rv, size, Part.Address, { kind: 'code', address: target });
      }
    }
    throw this.error(address, 'auipc without a relocation: link with --emit-relocs');
  }

  private error(address: number, problem: string): LinkError {
    return new LinkError(problem, this.symbols.place(address));
  }
}

const TRAP: RvInstruction = { op: Rv.Trap, rd: 0, rs1: 0, rs2: 0, imm: 0, size: 2, reason: undefined };

function trapOf(rv: RvInstruction): RvInstruction {
  return { ...TRAP, size: rv.size };
}

function takesLow(op: Rv): boolean {
  return op === Rv.Addi || op === Rv.Addiw || op === Rv.Jalr || (op >= Rv.Lb && op <= Rv.Sd);
}

function step(
  address: number,
  rv: RvInstruction,
  size: number,
  part = Part.None,
  target: Target | undefined = undefined,
  last = false,
): Step {
  return { address, rv, part, target, size, metadata: undefined, last };
}
