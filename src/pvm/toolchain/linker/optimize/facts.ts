/**
 * What is known about the registers at a place in the program.
 *
 * Of each register: its value, where that is a constant; how many bits it takes, read as an unsigned and as a signed
 * number; and the instruction whose result it still holds, as long as the operands of that instruction are unchanged
 * too. That last fact is what makes copies, sums with constants, comparisons and shifts visible to what uses them.
 */
import { Op } from '../../../isa/opcodes.js';
import { readMask, written } from '../effects.js';
import { type HostCall, Inst, REGISTERS } from '../ir.js';
import { fold, length } from './fold.js';

/** Nothing is known about how many bits a value takes. */
export const ANY = 64;

/** Widths a growing value stops at on its way to ANY, so that loops settle. */
const STEPS = [0, 1, 8, 16, 31, 32, 33, ANY];

/** Facts about all registers. */
export class Facts {
  readonly constants: (bigint | undefined)[] = new Array<bigint | undefined>(REGISTERS).fill(undefined);
  /** Value below 2^n. */
  readonly unsigned = new Uint8Array(REGISTERS).fill(ANY);
  /** Value from −2^(n−1) to 2^(n−1) − 1. */
  readonly signed = new Uint8Array(REGISTERS).fill(ANY);
  /** 1 where the value is not zero: what a branch has found out. */
  readonly nonzero = new Uint8Array(REGISTERS);
  /** The instruction that gave the register its value, as it was. */
  readonly definitions: (Inst | undefined)[] = new Array<Inst | undefined>(REGISTERS).fill(undefined);

  clone(): Facts {
    const facts = new Facts();
    facts.assign(this);
    return facts;
  }

  private assign(other: Facts): void {
    for (let r = 0; r < REGISTERS; r++) {
      this.constants[r] = other.constants[r];
      this.unsigned[r] = other.unsigned[r] as number;
      this.signed[r] = other.signed[r] as number;
      this.nonzero[r] = other.nonzero[r] as number;
      this.definitions[r] = other.definitions[r];
    }
  }

  /** Keeps what is true here and there; whether anything was lost. */
  meet(other: Facts): boolean {
    let changed = false;
    for (let r = 0; r < REGISTERS; r++) {
      if (this.constants[r] !== undefined && this.constants[r] !== other.constants[r]) {
        this.constants[r] = undefined;
        changed = true;
      }
      if ((other.unsigned[r] as number) > (this.unsigned[r] as number)) {
        this.unsigned[r] = widened(other.unsigned[r] as number);
        changed = true;
      }
      if ((other.signed[r] as number) > (this.signed[r] as number)) {
        this.signed[r] = widened(other.signed[r] as number);
        changed = true;
      }
      if ((this.nonzero[r] as number) > (other.nonzero[r] as number)) {
        this.nonzero[r] = 0;
        changed = true;
      }
      if (this.definitions[r] !== undefined && !same(this.definitions[r], other.definitions[r])) {
        this.definitions[r] = undefined;
        changed = true;
      }
    }
    return changed;
  }

  /** Forgets registers that may have changed. */
  forget(mask: number): void {
    for (let r = 0; r < REGISTERS; r++) {
      if ((mask >> r) & 1) {
        this.constants[r] = undefined;
        this.unsigned[r] = ANY;
        this.signed[r] = ANY;
        this.nonzero[r] = 0;
        this.definitions[r] = undefined;
      } else {
        const definition = this.definitions[r];
        if (definition !== undefined && readMask(definition) & mask) this.definitions[r] = undefined;
      }
    }
  }

  /** A register is found to hold a constant. */
  learn(r: number, value: bigint): void {
    this.constants[r] = value;
    this.unsigned[r] = unsignedWidth(value);
    this.signed[r] = signedWidth(value);
    this.nonzero[r] = value === 0n ? 0 : 1;
  }

  /**
   * Whether `add_imm` of −1 just counts down: the register holds a number from 1 to 2^31 − 1, so the result is smaller and
   * no narrower form wraps. Loops that count to zero are full of these.
   */
  countsDown(i: Inst): boolean {
    return i.x === -1 && this.nonzero[i.b] === 1 && (this.unsigned[i.b] as number) <= 31;
  }

  /** The value an instruction gives, where it is known. */
  evaluate(i: Inst): bigint | undefined {
    const { constants } = this;
    const mask = readMask(i);
    for (let r = 0; r < REGISTERS; r++) if ((mask >> r) & 1 && constants[r] === undefined) return undefined;
    return fold(i, constants[i.a] ?? 0n, constants[i.b] ?? 0n, constants[i.d] ?? 0n);
  }

  /** Goes past an instruction. */
  step(i: Inst, call: HostCall | undefined): void {
    if (i.op === Op.ecalli || i.op === Op.ecall) {
      this.forget(call?.writes ?? 0x1fff);
      return;
    }
    const d = written(i);
    if (d < 0) return;
    const value = this.evaluate(i);
    if (value !== undefined) {
      this.forget(1 << d);
      this.learn(d, value);
      return;
    }
    this.measure(i);
    const { u, s } = this;
    this.forget(1 << d);
    this.unsigned[d] = u;
    this.signed[d] = u < 63 ? Math.min(s, u + 1) : s;
    if (isTelling(i.op) && !((readMask(i) >> d) & 1)) this.definitions[d] = new Inst(i.op, i.a, i.b, i.d, i.x, i.y);
  }

  // Widths of the result of the instruction measured last.
  private u = ANY;
  private s = ANY;

  private measure(i: Inst): void {
    const { unsigned, signed } = this;
    const ua = unsigned[i.a] as number;
    const ub = unsigned[i.b] as number;
    const sa = signed[i.a] as number;
    const sb = signed[i.b] as number;
    let u = ANY;
    let s = ANY;
    switch (i.op) {
      case Op.load_u8:
      case Op.load_ind_u8:
        u = 8;
        break;
      case Op.load_i8:
      case Op.load_ind_i8:
        s = 8;
        break;
      case Op.load_u16:
      case Op.load_ind_u16:
        u = 16;
        break;
      case Op.load_i16:
      case Op.load_ind_i16:
        s = 16;
        break;
      case Op.load_u32:
      case Op.load_ind_u32:
        u = 32;
        break;
      case Op.load_i32:
      case Op.load_ind_i32:
        s = 32;
        break;
      case Op.move_reg:
        u = ub;
        s = sb;
        break;
      case Op.sign_extend_8:
        s = Math.min(8, sb);
        break;
      case Op.sign_extend_16:
        s = Math.min(16, sb);
        break;
      case Op.zero_extend_16:
        u = Math.min(16, ub);
        break;
      case Op.count_set_bits_32:
      case Op.count_set_bits_64:
      case Op.leading_zero_bits_32:
      case Op.leading_zero_bits_64:
      case Op.trailing_zero_bits_32:
      case Op.trailing_zero_bits_64:
        u = 7;
        break;
      case Op.set_lt_u:
      case Op.set_lt_s:
      case Op.set_lt_u_imm:
      case Op.set_lt_s_imm:
      case Op.set_gt_u_imm:
      case Op.set_gt_s_imm:
        u = 1;
        break;
      case Op.and_imm:
        u = i.x >= 0 ? Math.min(ub, bits(i.x)) : ub;
        s = Math.max(sb, 33 - Math.clz32(i.x < 0 ? ~i.x : i.x));
        break;
      case Op.or_imm:
      case Op.xor_imm:
        if (i.x >= 0) u = Math.max(ub, bits(i.x));
        s = Math.max(sb, 33 - Math.clz32(i.x < 0 ? ~i.x : i.x));
        break;
      case Op.and:
        u = Math.min(ua, ub);
        s = Math.max(sa, sb);
        break;
      case Op.and_inv:
        u = ua;
        s = Math.max(sa, sb);
        break;
      case Op.or:
      case Op.xor:
        u = Math.max(ua, ub);
        s = Math.max(sa, sb);
        break;
      case Op.max:
      case Op.min:
        s = Math.max(sa, sb);
        if (ua < ANY && ub < ANY) u = Math.max(ua, ub);
        break;
      case Op.min_u:
        u = Math.min(ua, ub);
        break;
      case Op.max_u:
        u = Math.max(ua, ub);
        break;
      case Op.add_64:
        u = Math.max(ua, ub) + 1;
        s = Math.max(sa, sb) + 1;
        break;
      case Op.add_imm_64:
        if (this.countsDown(i)) u = ub;
        else if (i.x >= 0) u = Math.max(ub, bits(i.x)) + 1;
        s = Math.max(sb, 33 - Math.clz32(i.x < 0 ? ~i.x : i.x)) + 1;
        break;
      case Op.sub_64:
        s = Math.max(sa, sb) + 1;
        break;
      case Op.mul_64:
        u = ua + ub;
        s = sa + sb;
        break;
      case Op.rem_u_64:
        u = ua;
        break;
      case Op.shlo_l_imm_64:
        u = ub + (i.x & 63);
        s = sb + (i.x & 63);
        break;
      case Op.shlo_r_imm_64:
        u = Math.max(ub - (i.x & 63), 0);
        break;
      case Op.shar_r_imm_64:
        s = Math.max(sb - (i.x & 63), 1);
        if (ub < ANY) u = Math.max(ub - (i.x & 63), 0);
        break;
      case Op.shlo_r_imm_32:
        s = 32;
        if ((i.x & 31) > 0) u = Math.max(Math.min(ub, 32) - (i.x & 31), 0);
        break;
      case Op.shar_r_imm_32:
        s = Math.max(Math.min(sb, 32) - (i.x & 31), 1);
        break;
      case Op.add_imm_32:
        s = 32;
        if ((i.x === 0 && ub < 32) || this.countsDown(i)) u = ub;
        break;
      case Op.cmov_iz:
      case Op.cmov_nz:
        u = Math.max(ua, unsigned[i.d] as number);
        s = Math.max(sa, signed[i.d] as number);
        break;
      case Op.cmov_iz_imm:
      case Op.cmov_nz_imm:
        if (i.x >= 0) u = Math.max(ua, bits(i.x));
        s = Math.max(sa, 33 - Math.clz32(i.x < 0 ? ~i.x : i.x));
        break;
      default:
        if (gives32Bits(i.op)) s = 32;
    }
    this.u = Math.min(u, ANY);
    this.s = Math.min(s, ANY);
  }
}

/** Instructions whose result is 32 bits, sign-extended. */
function gives32Bits(op: Op): boolean {
  switch (op) {
    case Op.mul_imm_32:
    case Op.shlo_l_imm_32:
    case Op.neg_add_imm_32:
    case Op.shlo_l_imm_alt_32:
    case Op.shlo_r_imm_alt_32:
    case Op.shar_r_imm_alt_32:
    case Op.rot_r_32_imm:
    case Op.rot_r_32_imm_alt:
    case Op.rot_l_32:
    case Op.rot_r_32:
      return true;
    default:
      return op >= Op.add_32 && op <= Op.shar_r_32;
  }
}

/** Instructions that are worth remembering as the origin of a value. */
function isTelling(op: Op): boolean {
  switch (op) {
    case Op.move_reg:
    case Op.add_imm_64:
    case Op.add_imm_32:
    case Op.shlo_l_imm_64:
    case Op.set_lt_u:
    case Op.set_lt_s:
    case Op.set_lt_u_imm:
    case Op.set_lt_s_imm:
    case Op.set_gt_u_imm:
    case Op.set_gt_s_imm:
    case Op.xor:
    case Op.xor_imm:
    case Op.sub_64:
      return true;
    default:
      return false;
  }
}

function same(a: Inst | undefined, b: Inst | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.op === b.op && a.a === b.a && a.b === b.b && a.d === b.d && a.x === b.x && a.y === b.y;
}

function bits(x: number): number {
  return 32 - Math.clz32(x);
}

function widened(width: number): number {
  return STEPS.find((step) => step >= width) as number;
}

function unsignedWidth(value: bigint): number {
  return value < 0n ? ANY : length(value);
}

function signedWidth(value: bigint): number {
  return length(value < 0n ? ~value : value) + 1;
}
