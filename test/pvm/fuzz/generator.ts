/**
 * Random programs with a bias: pointers near page edges, jumps that mostly go somewhere, loops, little gas. Uniformly
 * random bytes would panic at the second instruction; what breaks engines is code that goes on just long enough.
 */
import { BY_OPCODE, Format, INSTRUCTIONS, type Instruction } from '../../../src/pvm/isa/instructions.js';
import { Op } from '../../../src/pvm/isa/opcodes.js';
import { HALT_ADDRESS, PAGE_SIZE, REGISTER_COUNT } from '../../../src/pvm/layout.js';
import { Access, type Heap, type Segment } from '../../../src/pvm/program/image.js';
import type { FuzzCase, HostBehaviour, Item, Target } from './case.js';
import type { Random } from './random.js';

/** Pages a program may have: neighbours of each kind low down … */
const LOW_SPOTS = [0x10000, 0x11000, 0x20000, 0x21000, 0x22000];
/** … and a chunk's edge, the sign bit, the stack, the end of the address space. Few programs have more than one. */
const HIGH_SPOTS = [[0x3ff000, 0x400000], [0x7ffff000, 0x80000000, 0x80001000], [0xfefdf000], [0xffffe000, 0xfffff000]];

const EDGE_VALUES = [
  0n,
  1n,
  2n,
  3n,
  7n,
  8n,
  15n,
  16n,
  31n,
  32n,
  33n,
  63n,
  64n,
  65n,
  127n,
  128n,
  255n,
  256n,
  0x7fffn,
  0x8000n,
  0xffffn,
  0x10000n,
  0x7fffffffn,
  0x80000000n,
  0x80000001n,
  0xffffffffn,
  0x100000000n,
  0x100000001n,
  0x7fffffff00000000n,
  0x7fffffffffffffffn,
  0x8000000000000000n,
  0x8000000000000001n,
  0xffffffff00000000n,
  0xffffffff7fffffffn,
  0xffffffff80000000n,
  0xfffffffffffffffen,
  0xffffffffffffffffn,
  0x5555555555555555n,
  0xaaaaaaaaaaaaaaaan,
];

const group = (test: (row: Instruction) => boolean) => INSTRUCTIONS.filter(test).map((row) => row.opcode);
const MEMORY = group(({ name }) => /^(load_[ui]|load_ind|store_)/.test(name));
const MEMORY_INDIRECT = group(({ name }) => /^(load_ind|store_ind|store_imm_ind)/.test(name));
const BRANCHES = group(({ name }) => /^(branch_|jump$|load_imm_jump$)/.test(name));
const CONTROL = new Set(group(({ name, terminator }) => terminator || /^(ecalli|sbrk)$/.test(name)));
const PLAIN = group(({ opcode }) => !CONTROL.has(opcode) && !MEMORY.includes(opcode));
const DIVISIONS = group(({ name }) => /^(div|rem|mul_upper)/.test(name));
const SETS = group(({ name }) => /^set_/.test(name));
/** Whatever computes a result from registers: a branch on it may use its flags. */
const RESULTS = PLAIN.filter((op) =>
  [Format.RegRegReg, Format.RegRegImm].includes(BY_OPCODE[op]?.format ?? Format.None),
);
const INVALID = Array.from({ length: 256 }, (_, op) => op).filter((op) => BY_OPCODE[op] === undefined);

/** Indices of host calls that are used: a few small ones and the largest there are. */
const HOST_CALLS = [0, 1, 2, 3, 9, 100, 1023, 1024, 0x7fffffff, 0x80000000, 0xffffffff];
const BEHAVIOURS: readonly HostBehaviour[] = [
  'none',
  'registers',
  'write',
  'gas',
  'panic',
  'out-of-gas',
  'halt',
  'map',
  'unmap',
  'pc',
];

/** Makes one random case. */
export function generateCase(random: Random): FuzzCase {
  return new Generator(random).run();
}

/** A register value: a pointer, an edge, a small number, or anything. */
export function randomValue(random: Random, spots: readonly number[]): bigint {
  const kind = random.below(20);
  if (kind < 8) return BigInt(pointer(random, spots)) | (random.chance(0.2) ? random.u64() & ~0xffffffffn : 0n);
  if (kind < 14) return random.pick(EDGE_VALUES);
  if (kind < 17) return BigInt(random.below(64));
  if (kind < 18) return BigInt(HALT_ADDRESS);
  return random.u64();
}

/** An address at or near one of some pages. */
export function pointer(random: Random, spots: readonly number[]): number {
  const spot = random.pick(spots);
  switch (random.below(5)) {
    case 0:
      return (spot + random.between(-9, 9)) >>> 0;
    case 1:
      return (spot + PAGE_SIZE + random.between(-9, 9)) >>> 0;
    case 2:
      return random.chance(0.1) ? random.pick([0, 1, 0xffff, 0xfff8, 0xffffffff]) : spot;
    default:
      return spot + random.below(PAGE_SIZE);
  }
}

class Generator {
  private readonly items: Item[] = [];
  private jumpEntries = 0;
  private readonly spots: readonly number[];

  constructor(private readonly random: Random) {
    this.spots = [...LOW_SPOTS, ...HIGH_SPOTS.filter(() => random.chance(0.15)).flat()];
  }

  run(): FuzzCase {
    const { random, items } = this;
    const size = this.size();
    this.jumpEntries = random.chance(0.6) ? random.between(1, 12) : 0;
    while (items.length < size) this.instructions();
    if (random.chance(0.6)) this.plain(random.pick([Op.trap, Op.jump, Op.fallthrough, Op.jump_ind]));
    this.aim();
    const anywhere = () => (random.chance(0.9) ? random.pick(items) : random.below(size * 6));
    const starts = this.blockStarts();
    return {
      items,
      jumpTable: Array.from({ length: this.jumpEntries }, () => {
        if (random.chance(0.85)) return random.pick(starts);
        return random.chance(0.7) ? anywhere() : random.u32();
      }),
      patches: random.chance(0.04)
        ? Array.from({ length: random.between(1, 6) }, () => [random.u32(), random.u32() & 255] as const)
        : [],
      maskFlips: random.chance(0.04) ? Array.from({ length: random.between(1, 6) }, () => random.u32()) : [],
      spots: this.spots,
      segments: this.segments(),
      heap: this.heap(),
      registers: Array.from({ length: REGISTER_COUNT }, () => randomValue(random, this.spots)),
      gas: BigInt(randomGas(random)),
      start: random.chance(0.8) ? (items[0] as Item) : anywhere(),
      host: new Map(HOST_CALLS.filter(() => random.chance(0.4)).map((id) => [id, random.pick(BEHAVIOURS)])),
      exits: 30,
      script: random.u32(),
    };
  }

  private size(): number {
    const { random } = this;
    const kind = random.below(1000);
    if (kind < 150) return random.between(1, 10);
    if (kind < 600) return random.between(10, 80);
    if (kind < 985) return random.between(80, 700);
    return random.between(2000, 6000);
  }

  /** One instruction, or a few that belong together. */
  private instructions(): void {
    const { random } = this;
    const kind = random.below(1000);
    if (kind < 330) this.plain(random.pick(random.chance(0.75) ? MEMORY_INDIRECT : MEMORY));
    else if (kind < 480) this.plain(random.pick(BRANCHES));
    else if (kind < 780) this.plain(random.pick(PLAIN));
    else if (kind < 820) this.plain(random.pick(DIVISIONS));
    else if (kind < 890) this.pointerLoad(random.below(REGISTER_COUNT));
    else if (kind < 925) this.pair();
    else if (kind < 945) this.dynamicJump();
    else if (kind < 968) this.hostCall();
    else if (kind < 978) this.heapCall();
    else if (kind < 992) this.plain(Op.fallthrough);
    else if (kind < 996) this.plain(random.pick(INVALID));
    else if (kind < 998) this.plain(Op.trap);
    else this.plain(random.pick(INSTRUCTIONS).opcode, { marked: false });
  }

  /** Any instruction with random operands. */
  private plain(op: number, fields: Partial<Item> = {}): Item {
    const { random } = this;
    const memory = MEMORY.includes(op);
    const indirect = MEMORY_INDIRECT.includes(op);
    const register = () => (random.chance(0.98) ? random.below(REGISTER_COUNT) : random.below(16));
    const x = memory && !indirect ? pointer(random, this.spots) | 0 : this.immediate(indirect);
    const item: Item = {
      op,
      a: register(),
      b: register(),
      d: register(),
      x,
      y: this.immediate(false),
      // Absolute addresses need all their bytes to be worth anything.
      lx: memory && !indirect ? 4 : this.immediateLength(x),
      ly: random.between(0, 4),
      target: undefined,
      gap: 0,
      marked: true,
      ...fields,
    };
    if (item.op !== op) throw new Error('the opcode is fixed');
    if (random.chance(0.006)) item.gap = random.chance(0.5) ? random.between(1, 8) : random.between(16, 60);
    this.items.push(item);
    return item;
  }

  private immediate(offset: boolean): number {
    const { random } = this;
    const kind = random.below(10);
    if (offset && kind < 8) {
      return kind < 5 ? random.between(-16, 16) : random.pick([-4096, 4096, 4095, -4095, 4088, 0]);
    }
    if (kind < 4) return random.between(-70, 70);
    if (kind < 7) return Number(BigInt.asIntN(32, random.pick(EDGE_VALUES)));
    if (kind < 8) return pointer(random, this.spots) | 0;
    return random.u32() | 0;
  }

  /** Mostly the fewest bytes that hold the value. */
  private immediateLength(value: number): number {
    const { random } = this;
    if (random.chance(0.15)) return random.between(0, 4);
    if (value === 0) return 0;
    for (let bytes = 1; bytes < 4; bytes++) if ((value << (32 - 8 * bytes)) >> (32 - 8 * bytes) === value) return bytes;
    return 4;
  }

  private pointerLoad(a: number): void {
    this.plain(Op.load_imm, { a, x: pointer(this.random, this.spots) | 0, lx: 4 });
  }

  private edgeLoad(a: number): void {
    const value = this.random.chance(0.3)
      ? this.random.pick([-1n, -(2n ** 63n), -(2n ** 31n), 2n ** 31n, 0n])
      : this.random.pick(EDGE_VALUES);
    this.plain(Op.load_imm_64, { a, x: Number(BigInt.asIntN(32, value)), y: Number(BigInt.asIntN(32, value >> 32n)) });
  }

  /** Sequences that a compiler fuses, or may one day: the parts use each other's registers. */
  private pair(): void {
    const { random } = this;
    const r = random.below(REGISTER_COUNT);
    switch (random.below(5)) {
      case 4: {
        // Operands at the edges of their ranges: the most negative number by −1, zero divisors, products that overflow.
        const [a, b] = [random.below(REGISTER_COUNT), random.below(REGISTER_COUNT)];
        this.edgeLoad(a);
        this.edgeLoad(b);
        this.plain(random.pick(DIVISIONS), { a, b });
        return;
      }
      case 0: {
        const set = random.pick(random.chance(0.5) ? SETS : RESULTS);
        this.plain(set, BY_OPCODE[set]?.format === Format.RegRegReg ? { d: r } : { a: r });
        if (random.chance(0.1)) this.plain(Op.fallthrough);
        this.plain(random.pick([Op.branch_eq_imm, Op.branch_ne_imm]), { a: r, x: random.chance(0.9) ? 0 : 1, lx: 1 });
        return;
      }
      case 1: {
        const [a, b] = [random.below(REGISTER_COUNT), random.below(REGISTER_COUNT)];
        const upper = random.pick([Op.mul_upper_u_u, Op.mul_upper_u_u, Op.mul_upper_s_s, Op.mul_upper_s_u]);
        const halves = random.chance(0.5) ? [Op.mul_64, upper] : [upper, Op.mul_64];
        for (const op of halves) this.plain(op, random.chance(0.7) ? { a, b } : { a: b, b: a });
        return;
      }
      case 2:
        this.pointerLoad(r);
        this.plain(random.pick([Op.load_ind_u8, Op.load_ind_i32, Op.load_ind_u64]), { b: r });
        return;
      default:
        // A loop over memory: the pointer moves, the access follows.
        this.plain(random.pick([Op.store_ind_u8, Op.store_ind_u16, Op.store_ind_u64]), { b: r });
        this.plain(Op.add_imm_64, { a: r, b: r, x: random.pick([1, 3, 8, -8, 4096]), lx: 2 });
        this.plain(random.pick([Op.branch_ne, Op.branch_lt_u, Op.branch_ge_s]), { a: r });
    }
  }

  private dynamicJump(): void {
    const { random } = this;
    const r = random.below(REGISTER_COUNT);
    const kind = random.below(20);
    const entry = 2 * (1 + random.below(Math.max(1, this.jumpEntries)));
    const address = kind < 15 ? entry : kind < 16 ? entry + 1 : kind < 18 ? HALT_ADDRESS : random.below(40);
    const offset = random.chance(0.5) ? 0 : random.between(-300, 300);
    if (random.chance(0.9)) this.plain(Op.load_imm, { a: r, x: (address - offset) | 0, lx: 4 });
    if (random.chance(0.5)) this.plain(Op.jump_ind, { a: r, x: offset, lx: 2 });
    else this.plain(Op.load_imm_jump_ind, { b: r, a: random.chance(0.3) ? r : random.below(13), y: offset, ly: 2 });
  }

  private hostCall(): void {
    const id = this.random.pick(HOST_CALLS);
    this.plain(Op.ecalli, { x: id | 0, lx: this.immediateLength(id | 0) });
  }

  private heapCall(): void {
    const { random } = this;
    const amount = random.below(REGISTER_COUNT);
    if (random.chance(0.7)) {
      const x = random.pick([0, 0, 1, 100, 4095, 4096, 4097, 9000, 0x100000, -1]);
      this.plain(Op.load_imm, { a: amount, x, lx: 4 });
    }
    this.plain(Op.sbrk, { b: amount });
  }

  /** Gives jumps their targets, now that it is known where blocks start. */
  private aim(): void {
    const { random, items } = this;
    const starts = this.blockStarts();
    const positions = new Map(items.map((item, i) => [item, i]));
    items.forEach((item, i) => {
      const format = BY_OPCODE[item.op]?.format;
      if (format !== Format.Offset && format !== Format.RegImmOffset && format !== Format.RegRegOffset) return;
      const length = random.chance(0.9) ? random.between(3, 4) : random.between(0, 2);
      if (format === Format.RegImmOffset) item.ly = length;
      else item.lx = length;
      item.target = this.target(i, starts, positions);
    });
  }

  private target(from: number, starts: readonly Item[], positions: ReadonlyMap<Item, number>): Target {
    const { random, items } = this;
    const kind = random.below(100);
    if (kind < 3) return { delta: random.between(-40, 40) };
    if (kind < 4) return { delta: random.u32() | 0 };
    if (kind < 8) return { item: random.pick(items) };
    if (kind < 20) return { item: random.pick(starts) };
    // Near ones, more forwards than backwards: programs get through their code instead of circling at its start.
    const forwards = kind < 80;
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((positions.get(starts[middle] as Item) as number) <= from) low = middle + 1;
      else high = middle;
    }
    const index = forwards ? low + random.below(4) : low - 1 - random.below(3);
    return { item: starts[Math.min(Math.max(index, 0), starts.length - 1)] as Item };
  }

  private blockStarts(): Item[] {
    const { items } = this;
    return items.filter((_, i) => i === 0 || BY_OPCODE[(items[i - 1] as Item).op]?.terminator === true);
  }

  private segments(): Segment[] {
    const { random } = this;
    const segments: Segment[] = [];
    for (const address of this.spots) {
      if (!random.chance(0.6)) continue;
      const access = random.chance(0.7) ? Access.Write : Access.Read;
      const length = random.pick([0, 1, 100, PAGE_SIZE - 1, PAGE_SIZE]);
      const data = random.chance(0.5) ? random.bytes(length) : new Uint8Array(0);
      segments.push({ name: `page ${segments.length}`, address, length: PAGE_SIZE, access, data });
    }
    if (random.chance(0.001)) {
      // Enough pages to make loads and stores dearer in the pipeline model.
      const length = random.pick([2030, 2048, 2049]) * PAGE_SIZE;
      segments.push({ name: 'large', address: 0x1000000, length, access: Access.Write, data: new Uint8Array(0) });
    }
    return segments;
  }

  private heap(): Heap | undefined {
    const { random } = this;
    if (random.chance(0.3)) return undefined;
    const start = random.chance(0.9)
      ? random.pick([0x21000, 0x23000, 0x22100])
      : random.pick([0x3fe100, 0x401000, 0x80001010]);
    return { start, limit: start + random.pick([0, 100, PAGE_SIZE, 5 * PAGE_SIZE, 0x20000]) };
  }
}

/** Gas: mostly so little that it runs out in some block. */
export function randomGas(random: Random): number {
  const kind = random.below(10);
  if (kind < 3) return random.below(40);
  if (kind < 6) return random.below(400);
  if (kind < 9) return random.below(3000);
  return random.below(20000);
}
