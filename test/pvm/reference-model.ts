/**
 * A second machine, written from the Gray Paper's appendix A alone, to judge the interpreter by.
 *
 * It shares nothing with it: it decodes each instruction from the raw bytes every time it runs it, knows neither
 * streams nor halves of registers, and computes with BigInt the way the formulas of A.5 are written. Slow and plain
 * on purpose. Register values and immediates are natural numbers below 2^64; `s64` and `s32` read them as signed.
 */

export type ReferenceExit =
  | { kind: 'halt' | 'panic' | 'out-of-gas' }
  | { kind: 'page-fault'; address: number }
  | { kind: 'host-call'; id: number };

const PAGE = 4096;
const M32 = 1n << 32n;
const M64 = 1n << 64n;

const u64 = (v: bigint): bigint => BigInt.asUintN(64, v);
const u32 = (v: bigint): bigint => BigInt.asUintN(32, v);
const s64 = (v: bigint): bigint => BigInt.asIntN(64, v);
const s32 = (v: bigint): bigint => BigInt.asIntN(32, v);
/** Sign-extends a value of 32 bits to a register. */
const x4 = (v: bigint): bigint => u64(s32(v));
const bool = (v: boolean): bigint => (v ? 1n : 0n);

/** What accessing memory throws; the machine turns it into an exit. */
class AccessFailure extends Error {
  constructor(readonly address: number) {
    super('access');
  }
}

/** Pages by number, absent ones inaccessible. */
export class ReferenceMemory {
  readonly pages = new Map<number, { bytes: Uint8Array; writable: boolean }>();

  map(address: number, length: number, writable: boolean): void {
    for (let page = address / PAGE; page < (address + length) / PAGE; page++) {
      const known = this.pages.get(page);
      if (known) known.writable = writable;
      else this.pages.set(page, { bytes: new Uint8Array(PAGE), writable });
    }
  }

  /** Natural number of `size` bytes at an address, each address taken modulo 2^32. */
  load(address: bigint, size: number): bigint {
    let value = 0n;
    for (let i = 0; i < size; i++) {
      const at = Number(u32(address + BigInt(i)));
      const page = this.pages.get(Math.floor(at / PAGE));
      if (page === undefined) throw new AccessFailure(at);
      value += BigInt(page.bytes[at % PAGE]) << BigInt(8 * i);
    }
    return value;
  }

  store(address: bigint, size: number, value: bigint): void {
    for (let i = 0; i < size; i++) {
      const at = Number(u32(address + BigInt(i)));
      if (!this.pages.get(Math.floor(at / PAGE))?.writable) throw new AccessFailure(at);
    }
    for (let i = 0; i < size; i++) {
      const at = Number(u32(address + BigInt(i)));
      const page = this.pages.get(Math.floor(at / PAGE));
      if (page) page.bytes[at % PAGE] = Number((value >> BigInt(8 * i)) & 255n);
    }
  }
}

/** Operands of one instruction: register numbers and immediates. Offsets are already pc-relative targets. */
interface Operands {
  a: number;
  b: number;
  d: number;
  x: bigint;
  y: bigint;
  to: number;
}

type Action = (m: ReferenceMachine, o: Operands) => ReferenceExit | undefined;
type Shape = 'none' | 'i' | 'ri8' | 'ii' | 'o' | 'ri' | 'rii' | 'rio' | 'rr' | 'rri' | 'rro' | 'rrii' | 'rrr';

/** By opcode: how operands are encoded, and what happens. */
const TABLE = new Map<number, { shape: Shape; action: Action }>();
/** The block-terminating opcodes of A.3. */
const TERMINATORS = new Set([0, 1, 40, 50, 80, 180, 170, 171, 174, 175, 172, 173]);
for (let opcode = 81; opcode <= 90; opcode++) TERMINATORS.add(opcode);

function row(opcode: number, shape: Shape, action: Action): void {
  TABLE.set(opcode, { shape, action });
}

/** φ'_A from φ_B: two registers. (A.5.9 calls them D and A.) */
function unary(opcode: number, f: (b: bigint) => bigint): void {
  row(opcode, 'rr', (m, o) => {
    m.regs[o.a] = f(m.regs[o.b]);
    return undefined;
  });
}

/** φ'_A from φ_B, ν_X and φ_A: two registers and an immediate. */
function immediate(opcode: number, f: (b: bigint, x: bigint, a: bigint) => bigint): void {
  row(opcode, 'rri', (m, o) => {
    m.regs[o.a] = f(m.regs[o.b], o.x, m.regs[o.a]);
    return undefined;
  });
}

/** φ'_D from φ_A, φ_B and φ_D: three registers. */
function binary(opcode: number, f: (a: bigint, b: bigint, d: bigint) => bigint): void {
  row(opcode, 'rrr', (m, o) => {
    m.regs[o.d] = f(m.regs[o.a], m.regs[o.b], m.regs[o.d]);
    return undefined;
  });
}

function branchImmediate(opcode: number, condition: (a: bigint, x: bigint) => boolean): void {
  row(opcode, 'rio', (m, o) => m.branch(o.to, condition(m.regs[o.a], o.x)));
}

function branchRegisters(opcode: number, condition: (a: bigint, b: bigint) => boolean): void {
  row(opcode, 'rro', (m, o) => m.branch(o.to, condition(m.regs[o.a], m.regs[o.b])));
}

// A.5.1 – A.5.5
row(0, 'none', () => ({ kind: 'panic' }));
row(1, 'none', () => undefined);
row(10, 'i', (_, o) => ({ kind: 'host-call', id: Number(u32(o.x)) }));
row(20, 'ri8', (m, o) => {
  m.regs[o.a] = o.x;
  return undefined;
});
for (const [opcode, size] of [
  [30, 1],
  [31, 2],
  [32, 4],
  [33, 8],
]) {
  row(opcode, 'ii', (m, o) => {
    m.memory.store(o.x, size, o.y);
    return undefined;
  });
  // A.5.6: store_u8 …
  row(opcode + 29, 'ri', (m, o) => {
    m.memory.store(o.x, size, m.regs[o.a]);
    return undefined;
  });
  // A.5.7: store_imm_ind_u8 …
  row(opcode + 40, 'rii', (m, o) => {
    m.memory.store(m.regs[o.a] + o.x, size, o.y);
    return undefined;
  });
  // A.5.10: store_ind_u8 …
  row(opcode + 90, 'rri', (m, o) => {
    m.memory.store(m.regs[o.b] + o.x, size, m.regs[o.a]);
    return undefined;
  });
}
row(40, 'o', (m, o) => m.branch(o.to, true));

// A.5.6, and the loads of A.5.10
row(50, 'ri', (m, o) => m.dynamicJump(u32(m.regs[o.a] + o.x)));
row(51, 'ri', (m, o) => {
  m.regs[o.a] = o.x;
  return undefined;
});
for (const [opcode, size, signed] of [
  [52, 1, 0],
  [53, 1, 1],
  [54, 2, 0],
  [55, 2, 1],
  [56, 4, 0],
  [57, 4, 1],
  [58, 8, 0],
]) {
  const extend = (v: bigint): bigint => (signed ? u64(BigInt.asIntN(8 * size, v)) : v);
  row(opcode, 'ri', (m, o) => {
    m.regs[o.a] = extend(m.memory.load(o.x, size));
    return undefined;
  });
  row(opcode + 72, 'rri', (m, o) => {
    m.regs[o.a] = extend(m.memory.load(m.regs[o.b] + o.x, size));
    return undefined;
  });
}

// A.5.8
row(80, 'rio', (m, o) => {
  m.regs[o.a] = o.x;
  return m.branch(o.to, true);
});
branchImmediate(81, (a, x) => a === x);
branchImmediate(82, (a, x) => a !== x);
branchImmediate(83, (a, x) => a < x);
branchImmediate(84, (a, x) => a <= x);
branchImmediate(85, (a, x) => a >= x);
branchImmediate(86, (a, x) => a > x);
branchImmediate(87, (a, x) => s64(a) < s64(x));
branchImmediate(88, (a, x) => s64(a) <= s64(x));
branchImmediate(89, (a, x) => s64(a) >= s64(x));
branchImmediate(90, (a, x) => s64(a) > s64(x));

// A.5.9
const bits = (v: bigint, n: number): string => v.toString(2).padStart(n, '0');
unary(100, (b) => b);
row(101, 'rr', (m, o) => {
  m.regs[o.a] = m.sbrk(m.regs[o.b]);
  return undefined;
});
unary(102, (b) => BigInt(bits(b, 64).replaceAll('0', '').length));
unary(103, (b) => BigInt(bits(u32(b), 32).replaceAll('0', '').length));
unary(104, (b) => BigInt(`${bits(b, 64)}1`.indexOf('1')));
unary(105, (b) => BigInt(`${bits(u32(b), 32)}1`.indexOf('1')));
unary(106, (b) => BigInt(64 - `1${bits(b, 64)}`.lastIndexOf('1')));
unary(107, (b) => BigInt(32 - `1${bits(u32(b), 32)}`.lastIndexOf('1')));
unary(108, (b) => u64(BigInt.asIntN(8, b)));
unary(109, (b) => u64(BigInt.asIntN(16, b)));
unary(110, (b) => b % 65536n);
unary(111, (b) => {
  let reversed = 0n;
  for (let i = 0n; i < 8n; i++) reversed |= ((b >> (8n * i)) & 255n) << (8n * (7n - i));
  return reversed;
});

// A.5.10
const shl32 = (v: bigint, n: bigint): bigint => x4(u32(v) << (n % 32n));
const shr32 = (v: bigint, n: bigint): bigint => x4(u32(v) >> (n % 32n));
const sar32 = (v: bigint, n: bigint): bigint => u64(s32(v) >> (n % 32n));
const shl64 = (v: bigint, n: bigint): bigint => u64(v << (n % 64n));
const shr64 = (v: bigint, n: bigint): bigint => v >> (n % 64n);
const sar64 = (v: bigint, n: bigint): bigint => u64(s64(v) >> (n % 64n));
const ror64 = (v: bigint, n: bigint): bigint => u64((v >> (n % 64n)) | (v << (64n - (n % 64n))));
const ror32 = (v: bigint, n: bigint): bigint => x4((u32(v) >> (n % 32n)) | (u32(v) << (32n - (n % 32n))));
immediate(131, (b, x) => x4(b + x));
immediate(132, (b, x) => b & x);
immediate(133, (b, x) => b ^ x);
immediate(134, (b, x) => b | x);
immediate(135, (b, x) => x4(b * x));
immediate(136, (b, x) => bool(b < x));
immediate(137, (b, x) => bool(s64(b) < s64(x)));
immediate(138, shl32);
immediate(139, shr32);
immediate(140, sar32);
immediate(141, (b, x) => x4(x + M32 - b));
immediate(142, (b, x) => bool(b > x));
immediate(143, (b, x) => bool(s64(b) > s64(x)));
immediate(144, (b, x) => shl32(x, b));
immediate(145, (b, x) => shr32(x, b));
immediate(146, (b, x) => sar32(x, b));
immediate(147, (b, x, a) => (b === 0n ? x : a));
immediate(148, (b, x, a) => (b !== 0n ? x : a));
immediate(149, (b, x) => u64(b + x));
immediate(150, (b, x) => u64(b * x));
immediate(151, shl64);
immediate(152, shr64);
immediate(153, sar64);
immediate(154, (b, x) => u64(x + M64 - b));
immediate(155, (b, x) => shl64(x, b));
immediate(156, (b, x) => shr64(x, b));
immediate(157, (b, x) => sar64(x, b));
immediate(158, ror64);
immediate(159, (b, x) => ror64(x, b));
immediate(160, ror32);
immediate(161, (b, x) => ror32(x, b));

// A.5.11, A.5.12
branchRegisters(170, (a, b) => a === b);
branchRegisters(171, (a, b) => a !== b);
branchRegisters(172, (a, b) => a < b);
branchRegisters(173, (a, b) => s64(a) < s64(b));
branchRegisters(174, (a, b) => a >= b);
branchRegisters(175, (a, b) => s64(a) >= s64(b));
row(180, 'rrii', (m, o) => {
  const address = u32(m.regs[o.b] + o.y);
  m.regs[o.a] = o.x;
  return m.dynamicJump(address);
});

// A.5.13. BigInt division rounds towards zero and its remainder has the dividend's sign: rtz and smod.
binary(190, (a, b) => x4(a + b));
binary(191, (a, b) => x4(a + M32 - u32(b)));
binary(192, (a, b) => x4(a * b));
binary(193, (a, b) => (u32(b) === 0n ? M64 - 1n : x4(u32(a) / u32(b))));
binary(194, (a, b) => (s32(b) === 0n ? M64 - 1n : u64(s32(s32(a) / s32(b)))));
binary(195, (a, b) => (u32(b) === 0n ? x4(a) : x4(u32(a) % u32(b))));
binary(196, (a, b) => u64(s32(b) === 0n ? s32(a) : s32(a) % s32(b)));
binary(197, shl32);
binary(198, shr32);
binary(199, sar32);
binary(200, (a, b) => u64(a + b));
binary(201, (a, b) => u64(a + M64 - b));
binary(202, (a, b) => u64(a * b));
binary(203, (a, b) => (b === 0n ? M64 - 1n : a / b));
binary(204, (a, b) => (b === 0n ? M64 - 1n : u64(s64(a) / s64(b))));
binary(205, (a, b) => (b === 0n ? a : a % b));
binary(206, (a, b) => u64(b === 0n ? s64(a) : s64(a) % s64(b)));
binary(207, shl64);
binary(208, shr64);
binary(209, sar64);
binary(210, (a, b) => a & b);
binary(211, (a, b) => a ^ b);
binary(212, (a, b) => a | b);
binary(213, (a, b) => u64((s64(a) * s64(b)) >> 64n));
binary(214, (a, b) => (a * b) >> 64n);
binary(215, (a, b) => u64((s64(a) * b) >> 64n));
binary(216, (a, b) => bool(a < b));
binary(217, (a, b) => bool(s64(a) < s64(b)));
binary(218, (a, b, d) => (b === 0n ? a : d));
binary(219, (a, b, d) => (b !== 0n ? a : d));
binary(220, (a, b) => ror64(a, 64n - (b % 64n)));
binary(221, (a, b) => ror32(a, 32n - (b % 32n)));
binary(222, ror64);
binary(223, ror32);
binary(224, (a, b) => a & (M64 - 1n - b));
binary(225, (a, b) => a | (M64 - 1n - b));
binary(226, (a, b) => M64 - 1n - (a ^ b));
binary(227, (a, b) => (s64(a) > s64(b) ? a : b));
binary(228, (a, b) => (a > b ? a : b));
binary(229, (a, b) => (s64(a) < s64(b) ? a : b));
binary(230, (a, b) => (a < b ? a : b));

/** Opcodes the model knows. */
export const REFERENCE_OPCODES: readonly number[] = [...TABLE.keys()].sort((a, b) => a - b);
/** How an opcode's operands are encoded. */
export function referenceShape(opcode: number): Shape {
  return TABLE.get(opcode)?.shape ?? 'none';
}

/** The machine Ψ: single steps until something ends the run. Gas is one unit an instruction. */
export class ReferenceMachine {
  regs: bigint[] = new Array<bigint>(13).fill(0n);
  memory = new ReferenceMemory();
  pc = 0;
  gas = 0n;
  heap: { start: number; limit: number } | undefined;
  brk = 0;
  /** Where `branch` and `dynamicJump` lead; undefined goes on with the next instruction. */
  private jumpTo: number | undefined;

  constructor(
    readonly code: Uint8Array,
    /** Whether an instruction starts at each byte of the code. */
    readonly starts: readonly boolean[],
    readonly jumpTable: readonly number[],
  ) {}

  /** Runs until an exit; `pc` then names the instruction that caused it. */
  run(): ReferenceExit {
    for (;;) {
      const exit = this.step();
      if (exit) return exit;
    }
  }

  step(): ReferenceExit | undefined {
    if (this.gas <= 0n) return { kind: 'out-of-gas' };
    this.gas--;
    const opcode = this.opcodeAt(this.pc);
    const { shape, action } = TABLE.get(opcode) ?? { shape: 'none', action: () => undefined };
    this.jumpTo = undefined;
    const before = [...this.regs];
    try {
      const exit = action(this, this.operands(shape));
      if (exit) return exit;
    } catch (error) {
      if (!(error instanceof AccessFailure)) throw error;
      this.regs = before;
      if (error.address < 0x10000) return { kind: 'panic' };
      // A fault costs a unit of its own, where there is one left.
      if (this.gas > 0n) this.gas--;
      return { kind: 'page-fault', address: Math.floor(error.address / PAGE) * PAGE };
    }
    this.pc = this.jumpTo ?? this.pc + 1 + this.skip(this.pc);
    return undefined;
  }

  /** Goes on after a host call. */
  skipInstruction(): void {
    this.pc += 1 + this.skip(this.pc);
  }

  branch(to: number, condition: boolean): ReferenceExit | undefined {
    if (!condition) return undefined;
    if (!this.isBlockStart(to)) return { kind: 'panic' };
    this.jumpTo = to;
    return undefined;
  }

  dynamicJump(address: bigint): ReferenceExit | undefined {
    if (address === M32 - 65536n) return { kind: 'halt' };
    if (address === 0n || address > BigInt(this.jumpTable.length * 2) || address % 2n !== 0n) return { kind: 'panic' };
    return this.branch(this.jumpTable[Number(address) / 2 - 1], true);
  }

  sbrk(amount: bigint): bigint {
    if (amount === 0n) return BigInt(this.brk);
    const after = BigInt(this.brk) + amount;
    if (this.heap === undefined || after > BigInt(this.heap.limit)) return 0n;
    const before = this.brk;
    this.brk = Number(after);
    for (let page = Math.floor(before / PAGE); page * PAGE < this.brk; page++) this.memory.map(page * PAGE, PAGE, true);
    return BigInt(before);
  }

  /** ϖ of A.3. */
  isBlockStart(pc: number): boolean {
    if (!this.starts[pc] || !TABLE.has(this.code[pc])) return false;
    if (pc === 0) return true;
    for (let before = Math.max(0, pc - 25); before < pc; before++) {
      if (this.starts[before] && TERMINATORS.has(this.code[before]) && before + 1 + this.skip(before) === pc)
        return true;
    }
    return false;
  }

  opcodeAt(pc: number): number {
    return this.starts[pc] && TABLE.has(this.code[pc]) ? this.code[pc] : 0;
  }

  skip(pc: number): number {
    let length = 0;
    while (length < 24 && pc + 1 + length < this.code.length && !this.starts[pc + 1 + length]) length++;
    return length;
  }

  private natural(at: number, length: number): bigint {
    let value = 0n;
    for (let i = 0; i < length; i++) value += BigInt(this.code[at + i] ?? 0) << BigInt(8 * i);
    return value;
  }

  private extended(at: number, length: number): bigint {
    return u64(BigInt.asIntN(8 * length, this.natural(at, length)));
  }

  private operands(shape: Shape): Operands {
    const at = this.pc;
    const skip = this.skip(at);
    const first = this.code[at + 1] ?? 0;
    const second = this.code[at + 2] ?? 0;
    const a = Math.min(12, first % 16);
    const b = Math.min(12, Math.floor(first / 16));
    const d = Math.min(12, second);
    const none = { a, b, d, x: 0n, y: 0n, to: 0 };
    const most = (length: number): number => Math.min(4, Math.max(0, length));
    const target = (from: number, length: number): number => at + Number(s64(this.extended(from, length)));
    switch (shape) {
      case 'none':
      case 'rr':
      case 'rrr':
        return none;
      case 'i':
        return { ...none, x: this.extended(at + 1, most(skip)) };
      case 'ri8':
        return { ...none, x: this.natural(at + 2, 8) };
      case 'o':
        return { ...none, to: target(at + 1, most(skip)) };
      case 'ri':
      case 'rri':
        return { ...none, x: this.extended(at + 2, most(skip - 1)) };
      case 'rro':
        return { ...none, to: target(at + 2, most(skip - 1)) };
      case 'ii': {
        const lx = Math.min(4, first % 8);
        return { ...none, x: this.extended(at + 2, lx), y: this.extended(at + 2 + lx, most(skip - lx - 1)) };
      }
      case 'rii':
      case 'rio': {
        const lx = Math.min(4, Math.floor(first / 16) % 8);
        const ly = most(skip - lx - 1);
        const from = at + 2 + lx;
        return { ...none, x: this.extended(at + 2, lx), y: this.extended(from, ly), to: target(from, ly) };
      }
      case 'rrii': {
        const lx = Math.min(4, second % 8);
        return { ...none, x: this.extended(at + 3, lx), y: this.extended(at + 3 + lx, most(skip - lx - 2)) };
      }
    }
  }
}
