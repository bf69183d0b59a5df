/**
 * Draws cases for the kernel's fuzzer: how a kernel is loaded, and one action after the other by what the model's
 * running VM holds at that moment. Most operations name what they need and may succeed; the rest are wrong in one way.
 */
import type { Random } from '../fuzz/random.js';
import type { Action, CaseSetup } from './case.js';
import { ACTION_NAMES, actionAddress, IMMEDIATES, VARIANT_COUNT } from './driver.js';
import { isFree, type KernelModel } from './model.js';
import { type ModelCapability, type ModelVm, PAGE, WHAT } from './model-types.js';

/** Pages worth mapping at: both ends of the space, the lowest one that faults, both sides of a 4 MiB boundary. */
const BASES = [0, 1, 14, 15, 16, 17, 18, 32, 0x3fe, 0x3ff, 0x400, 0x7ffff, 0x80000, 0xffff0, 0xffffe, 0xfffff];
/** Slots capabilities are put in. */
const SLOTS = [
  0, 6, 20, 33, 34, 35, 36, 37, 38, 39, 40, 40, 41, 42, 43, 44, 62, 63, 64, 65, 66, 100, 127, 128, 200, 255,
];
const ASKING = (1n << 5n) | (1n << 7n);
/** More live VMs than this are not created on purpose. */
const ENOUGH_VMS = 40;

export function drawSetup(random: Random): CaseSetup {
  const memoryPages = random.pick([0, 4, 16, 40, 64, 100]);
  const slots = [30, 31, random.pick([6, 63, 64, 127])];
  const codes = slots.slice(0, random.between(1, 3)).map((slot) => ({ slot, variant: random.below(VARIANT_COUNT) }));
  const data: CaseSetup['data'][number][] = [];
  const taken = new Set<number>();
  let left = memoryPages;
  for (const slot of [0, 32, 33].slice(random.below(2), random.between(1, 3))) {
    const pages = random.between(1, 4);
    const base = random.pick(BASES);
    const range = Array.from({ length: pages }, (_, i) => base + i);
    if (pages > left || base + pages > 2 ** 20 || range.some((page) => taken.has(page))) continue;
    left -= pages;
    for (const page of range) taken.add(page);
    const bytes = Buffer.from(random.bytes(random.below(pages * 64))).toString('hex');
    data.push({ slot, base, pages, access: random.chance(0.7) ? 'write' : 'read', bytes });
  }
  const spare = random.chance(0.15) ? random.between(0, 60_000) : 1_000_000_000_000_000;
  const gas = spare + 1500 * data.reduce((sum, { pages }) => sum + pages, 0);
  const setup = {
    memoryPages,
    gas: `${gas}`,
    codes,
    data,
    host: random.pick(['function', 'result'] as const),
    trace: random.chance(0.2),
    gasCounters: random.chance(0.3) ? [1, 3] : [],
  };
  if (data[0]?.slot !== 0 || random.chance(0.4)) return setup;
  return { ...setup, args: Buffer.from(random.bytes(random.below(40))).toString('hex') };
}

/** Draws what the host answers, by the state of the model. */
export function drawAction(random: Random, model: KernelModel): Action {
  return new Drawer(random, model).draw();
}

type Registers = Record<number, bigint>;

class Drawer {
  private readonly vm: ModelVm;
  private readonly registers: Registers = {};

  constructor(
    private readonly random: Random,
    private readonly model: KernelModel,
  ) {
    this.vm = model.running;
  }

  draw(): Action {
    const { random, registers, vm } = this;
    const isRoot = vm === this.model.root;
    this.choose();
    const action = {
      set: {} as Record<number, string>,
      probe: Array.from({ length: 2 }, () => Math.min(this.address(), 2 ** 32 - 8)),
    };
    if (random.chance(0.02)) registers[random.between(1, 12)] = this.oddValue();
    for (const [index, value] of Object.entries(registers)) {
      action.set[Number(index)] = `0x${BigInt.asUintN(64, value).toString(16)}`;
    }
    const write = {
      address: Math.min(this.address(), 2 ** 32 - 16),
      bytes: hexOf(random.bytes(random.between(1, 16))),
    };
    const gas = random.chance(isRoot ? 0.0003 : 0.003) ? `${random.below(90)}` : undefined;
    return {
      ...action,
      ...(random.chance(0.1) ? { write } : {}),
      ...(gas === undefined ? {} : { gas }),
    };
  }

  private choose(): void {
    const { random, vm, model } = this;
    const isRoot = vm === model.root;
    const crowded = model.live.size > ENOUGH_VMS;
    const choices: [number, () => void][] = [
      [5, () => this.retype()],
      [crowded ? 1 : 8, () => this.create()],
      [22, () => this.call()],
      [isRoot ? 0.02 : 9, () => this.perform(random.chance(0.8) ? 'ecalli 0' : 'callOn')],
      [9, () => this.map()],
      [4, () => this.unmap()],
      [3, () => this.split()],
      [crowded ? 8 : 3, () => this.drop()],
      [6, () => this.move()],
      [4, () => this.copy()],
      [5, () => this.grant()],
      [4, () => this.revoke()],
      [3, () => this.downgrade()],
      [6, () => this.setMaxGas()],
      [6, () => this.askDirty()],
      [9, () => this.resume()],
      [24, () => this.touch(isRoot)],
      [3, () => this.perform('callLoop', { 4: BigInt(random.between(1, 5)), 10: 0n, 12: 0n })],
      [1, () => this.perform('callTwo', { 10: this.passedAction(), 12: 0n })],
      [2, () => this.createCallDrop()],
      [2, () => this.perform(`ecalli ${random.pick(IMMEDIATES.filter((n) => (n > 0 && n < 128) || !isRoot))}`)],
      [1, () => this.unknownOperation()],
      [isRoot ? 0.01 : 3, () => this.perform(random.pick(['trap', 'trapLate', 'unknown', 'badJump', 'halt']))],
      [0.5, () => this.perform('unlikely')],
      [isRoot ? 0.02 : 0.5, () => this.anything()],
    ];
    let ticket = (random.u32() / 2 ** 32) * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, choice] of choices) {
      ticket -= weight;
      if (ticket < 0) {
        choice();
        return;
      }
    }
  }

  private perform(name: string, registers: Registers = {}): void {
    Object.assign(this.registers, registers);
    this.registers[0] = actionAddress(name);
  }

  /** A dynamic operation, by one of the ways to make one. */
  private operate(operation: number, subject: number, object: number, registers: Registers = {}): void {
    const { random } = this;
    const r12 = (BigInt(subject) << 32n) | BigInt(object);
    const r11 = BigInt(operation) + (random.chance(0.005) ? 1n << 32n : 0n);
    if (!(8 in registers) && !(9 in registers) && random.chance(0.1)) {
      this.perform('ecallPassed', { ...registers, 8: r11, 9: r12 });
    } else if (random.chance(0.05)) {
      this.perform('ecallTwice', {
        ...registers,
        5: r11,
        6: r12,
        11: BigInt(random.between(2, 7)),
        12: this.pairOfSlots(),
      });
    } else this.perform('ecall', { ...registers, 11: r11, 12: r12 });
  }

  /** CALL of a place: directly where it can be. */
  private callPlace(subject: number, object: number, registers: Registers): void {
    // The root's REPLY ends the run.
    if (subject === 0 && this.vm === this.model.root && this.random.chance(0.99)) {
      this.askDirty();
      return;
    }
    if (subject > 0 && subject < 128 && this.random.chance(0.7)) {
      const high = this.random.chance(0.2) ? BigInt(this.random.u32()) << 32n : 0n;
      this.perform(`ecalli ${subject}`, { ...registers, 12: high | BigInt(object) });
    } else this.operate(0, subject, object, registers);
  }

  // --- Places -------------------------------------------------------------------------------------------------------

  /** A VM to name slots of, with the handles that lead there. */
  private holder(): { vm: ModelVm; path: number[] } {
    let { vm } = this;
    const path: number[] = [];
    while (path.length < 3 && this.random.chance(path.length === 0 ? 0.25 : 0.4)) {
      const ways = [...vm.table].filter(([slot, c]) => slot > 0 && c.kind === 'handle' && isFree(c.vm));
      if (ways.length === 0) break;
      const [slot, capability] = this.random.pick(ways);
      if (capability.kind !== 'handle') break;
      path.push(slot);
      vm = capability.vm;
    }
    return { vm, path };
  }

  private reference(path: readonly number[], slot: number): number {
    const { random } = this;
    let bytes = [...path];
    while (bytes.length < 3) bytes.splice(random.below(bytes.length + 1), 0, 0);
    if (random.chance(0.02)) bytes[random.below(3)] = random.below(256);
    bytes = [...bytes, slot];
    return bytes.reduce((value, byte) => value * 256 + byte, 0);
  }

  /** A reference to a capability that fits, or now and then to any slot. */
  private find(fits: (capability: ModelCapability) => boolean, own = false): number {
    const { random } = this;
    for (let tries = 0; tries < 4; tries++) {
      const { vm, path } = own ? { vm: this.vm, path: [] } : this.holder();
      const slots = [...vm.table].filter(([, capability]) => fits(capability)).map(([slot]) => slot);
      if (slots.length > 0 && !random.chance(0.04)) return this.reference(path, random.pick(slots));
    }
    const { vm, path } = this.holder();
    const any = random.chance(0.7) && vm.table.size > 0 ? random.pick([...vm.table.keys()]) : random.below(256);
    return this.reference(path, any);
  }

  /** A reference to an empty slot, or now and then to any. */
  private empty(): number {
    const { random } = this;
    const { vm, path } = this.holder();
    for (let tries = 0; tries < 6; tries++) {
      const slot = random.pick(SLOTS);
      if (!vm.table.has(slot) || random.chance(0.02)) return this.reference(path, slot);
    }
    return this.reference(path, random.below(256));
  }

  /** What a reference names, as far as its own table goes or one step down. */
  private at(reference: number): ModelCapability | undefined {
    let { vm } = this;
    for (const shift of [24, 16, 8]) {
      const step = (reference >>> shift) & 255;
      const handle = vm.table.get(step);
      if (step === 0) continue;
      if (handle?.kind !== 'handle') return undefined;
      vm = handle.vm;
    }
    return vm.table.get(reference & 255);
  }

  private pairOfSlots(): bigint {
    return (BigInt(this.find(() => true)) << 32n) | BigInt(this.empty());
  }

  // --- Values -------------------------------------------------------------------------------------------------------

  private oddValue(): bigint {
    const { random } = this;
    return random.pick([
      random.u64(),
      BigInt(random.u32()),
      1n << BigInt(random.below(64)),
      2n ** 32n,
      2n ** 32n - 1n,
      2n ** 64n - 1n,
      2n ** 63n,
      WHAT,
      0n,
      0xffff0000n,
    ]);
  }

  /** An address near something that is or was mapped. */
  private address(): number {
    const { random, vm } = this;
    const bases = [...vm.table.values()].flatMap((c) => (c.kind === 'data' && c.base !== undefined ? [c] : []));
    let page = random.pick(BASES) + random.below(3);
    if (bases.length > 0 && random.chance(0.8)) {
      const data = random.pick(bases);
      page = (data.base as number) + random.below(data.pages + 1) - (random.chance(0.1) ? 1 : 0);
    }
    const offset = random.chance(0.4) ? random.pick([-8, -7, -4, -1, 0, 0, 4088, 4089]) : random.below(PAGE);
    return (page * PAGE + offset + 2 ** 32) % 2 ** 32;
  }

  /** An action a caller passes in r10 to a callee that nobody drives. */
  private passedAction(): bigint {
    const { random } = this;
    const name = random.pick(['ecallPassed', 'trap', 'halt', 'callOn', 'load8', 'store8', 'ecalli 1', 'ecalli 130']);
    return random.chance(0.6) ? 0n : actionAddress(random.chance(0.8) ? name : random.pick(ACTION_NAMES));
  }

  // --- Calls --------------------------------------------------------------------------------------------------------

  private retype(): void {
    const { random } = this;
    const pages = random.chance(0.04) ? this.oddValue() : BigInt(random.below(random.chance(0.1) ? 80 : 5));
    this.callPlace(
      this.find((c) => c.kind === 'untyped'),
      this.empty(),
      { 7: pages },
    );
  }

  private create(): void {
    const { random, vm } = this;
    let mask = random.chance(0.85) ? ASKING : 0n;
    for (const [slot, { kind }] of vm.table) {
      const copyable = kind !== 'data' && kind !== 'handle';
      if (slot < 64 && random.chance(copyable ? 0.4 : 0.005)) mask |= 1n << BigInt(slot);
    }
    if (random.chance(0.02)) mask = random.u64();
    const code = this.find((c) => c.kind === 'code');
    const to = random.chance(0.5) && !vm.table.has(40) ? 40 : this.empty();
    this.callPlace(code, to, { 7: mask });
  }

  private call(): void {
    const { random, vm } = this;
    const callee = this.find(
      (c) => (c.kind === 'handle' || c.kind === 'callable') && (random.chance(0.2) || c.vm.state === 'idle'),
      random.chance(0.7),
    );
    let travelling = 0;
    if (random.chance(0.4) && vm.table.size > 0) {
      const data = [...vm.table].filter(([, c]) => c.kind === 'data').map(([slot]) => slot);
      travelling = random.pick(data.length > 0 && random.chance(0.7) ? data : [...vm.table.keys()]);
    }
    const object = random.chance(0.1) ? ((random.u32() & 0xffffff00) | travelling) >>> 0 : travelling;
    const passed = this.passedAction();
    this.callPlace(callee, object, {
      7: random.chance(0.5) ? BigInt(random.below(10)) : random.u64(),
      8: BigInt(random.between(2, 14)),
      9: random.chance(0.5) ? this.pairOfSlots() : random.u64(),
      10: passed,
    });
  }

  private createCallDrop(): void {
    const { random, vm } = this;
    // Creates in slot 40 through slot 30, calls it, drops it: all without the host.
    const mask = random.chance(0.5) ? 0n : ASKING;
    const registers = { 5: 5n, 6: 40n << 32n, 7: mask, 12: vm.table.has(40) ? BigInt(random.pick(SLOTS)) : 40n };
    this.perform('createCallDrop', registers);
  }

  // --- Operations ---------------------------------------------------------------------------------------------------

  private map(): void {
    const { random } = this;
    const subject = this.find((c) => c.kind === 'data');
    const data = this.at(subject);
    const pages = data?.kind === 'data' ? data.pages : 2;
    const first = random.below(pages + (random.chance(0.05) ? 3 : 0));
    const count = random.between(0, Math.max(0, pages - first) + (random.chance(0.05) ? 2 : 0));
    const known = data?.kind === 'data' && data.base !== undefined && random.chance(0.95);
    const base = known ? (data.base as number) : random.pick(BASES);
    const write = known ? data.access === 'write' : random.chance(0.7);
    const r10 = random.chance(0.01) ? this.oddValue() : write ? 1n : 0n;
    this.operate(2, subject, random.u32(), { 7: BigInt(base), 8: BigInt(first), 9: BigInt(count), 10: r10 });
  }

  private unmap(): void {
    const { random } = this;
    const subject = this.find((c) => c.kind === 'data' && (c.mapped.size > 0 || random.chance(0.3)));
    const all = random.chance(0.4);
    const first = all ? 0n : BigInt(random.below(5));
    this.operate(3, subject, 0, { 7: first, 8: all ? 2n ** 32n - 1n : BigInt(random.below(5)) });
  }

  private split(): void {
    const { random } = this;
    const subject = this.find((c) => c.kind === 'data' && c.pages > 1 && (c.mapped.size === 0 || random.chance(0.2)));
    const data = this.at(subject);
    const pages = data?.kind === 'data' ? data.pages : 2;
    this.operate(4, subject, this.empty(), { 7: BigInt(random.chance(0.9) ? random.between(1, pages - 1) : pages) });
  }

  private drop(): void {
    const { random, vm } = this;
    const precious = (c: ModelCapability): boolean => c.kind === 'untyped' || c.kind === 'code';
    const isDrivers = (c: ModelCapability): boolean => c.kind === 'protocol' && (c.id === 5 || c.id === 7);
    let subject = this.find((c) => !precious(c) && !isDrivers(c) && (c.kind === 'handle' || random.chance(0.3)));
    const target = this.at(subject);
    if (vm === this.model.root && target !== undefined && (precious(target) || isDrivers(target))) subject = 250;
    this.operate(5, subject, random.u32(), {});
  }

  private move(): void {
    const { random } = this;
    const subject = this.find((c) => c.kind !== 'protocol');
    if (random.chance(0.05)) this.operate(6, subject, subject);
    else this.operate(6, subject, this.empty());
  }

  private copy(): void {
    const copyable = (c: ModelCapability): boolean => c.kind !== 'data' && c.kind !== 'handle';
    const wanted = (c: ModelCapability): boolean => copyable(c) && (c.kind !== 'protocol' || this.random.chance(0.1));
    this.operate(7, this.find(this.random.chance(0.9) ? wanted : () => true), this.empty());
  }

  private grant(): void {
    const { random, vm } = this;
    const slots = [...vm.table].filter(([, { kind }]) => kind !== 'protocol').map(([slot]) => slot);
    const slot = slots.length > 0 && random.chance(0.95) ? random.pick(slots) : random.below(260);
    const target = this.find((c) => c.kind === 'handle' && (isFree(c.vm) || random.chance(0.1)));
    this.operate(8, target, 0, { 7: random.chance(0.01) ? this.oddValue() : BigInt(slot) });
  }

  private revoke(): void {
    const { random } = this;
    const subject = this.find((c) => c.kind === 'handle' && (isFree(c.vm) || random.chance(0.1)));
    const handle = this.at(subject);
    const slots =
      handle?.kind === 'handle'
        ? [...handle.vm.table].filter(([, { kind }]) => kind !== 'protocol' || random.chance(0.1)).map(([slot]) => slot)
        : [];
    const slot = slots.length > 0 && random.chance(0.95) ? random.pick(slots) : random.below(260);
    this.operate(9, subject, 0, { 7: random.chance(0.01) ? this.oddValue() : BigInt(slot) });
  }

  private downgrade(): void {
    this.operate(
      10,
      this.find((c) => c.kind === 'handle'),
      this.empty(),
    );
  }

  private setMaxGas(): void {
    const { random } = this;
    const ceiling = random.chance(0.7)
      ? BigInt(random.below(random.pick([60, 700])))
      : random.pick([0n, 100_000n, 2n ** 63n, 2n ** 64n - 1n, random.u64()]);
    this.operate(
      11,
      this.find((c) => c.kind === 'handle'),
      0,
      { 7: random.chance(0.6) ? ceiling : 100_000_000n },
    );
  }

  private askDirty(): void {
    const { random } = this;
    const subject = this.find((c) => c.kind === 'data');
    const data = this.at(subject);
    const pages = data?.kind === 'data' ? data.pages : 2;
    const first = random.below(pages + 1);
    const count = random.chance(0.05) ? random.between(60, 70) : random.between(0, pages - first);
    this.operate(12, subject, 0, { 7: BigInt(first), 8: BigInt(Math.max(0, count)) });
  }

  private resume(): void {
    this.operate(
      13,
      this.find((c) => c.kind === 'handle' && (c.vm.state === 'faulted' || this.random.chance(0.02))),
      0,
    );
  }

  private unknownOperation(): void {
    const { random } = this;
    const operation = random.pick([1n, 14n, 15n, 255n, 256n, 2n ** 32n, 2n ** 32n + 5n, 2n ** 63n, random.u64()]);
    this.perform('ecall', { 11: operation, 12: this.pairOfSlots() });
  }

  /** Loads and stores; the root VM, whose fault ends the run, mostly stays where it may. */
  private touch(isRoot: boolean): void {
    const { random, model, vm } = this;
    const name = random.pick([
      'load8',
      'load16',
      'load32',
      'load64',
      'store8',
      'store16',
      'store32',
      'store64',
      'copy',
    ]);
    const writes = name.startsWith('store') || name === 'copy';
    for (let tries = 0; tries < 10; tries++) {
      const [address, other] = [this.address(), this.address()];
      const low = (address - 4 + 2 ** 32) % 2 ** 32;
      const allowed =
        model.refusedAt(vm, low, 16, writes) === undefined && model.refusedAt(vm, other, 16, true) === undefined;
      if (!allowed && random.chance(isRoot ? 0.999 : 0.6)) continue;
      const high = random.chance(0.1) ? BigInt(random.u32()) << 32n : 0n;
      const registers = { 1: high | BigInt(address), 3: random.u64(), 4: BigInt(other) };
      this.perform(random.chance(0.1) && writes ? 'storeImmediate' : name, registers);
      return;
    }
    this.askDirty();
  }

  private anything(): void {
    const { random } = this;
    for (let i = 1; i <= 12; i++) this.registers[i] = random.chance(0.5) ? this.oddValue() : BigInt(random.below(300));
    this.perform(random.pick(ACTION_NAMES));
  }
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
