/**
 * The capability rules once more, to judge the kernel by: plain objects, BigInt registers, a search wherever the kernel
 * keeps an index. Written from the rules alone, it shares no code with the kernel.
 *
 * A reference to a VM is the VM's object, so that a generation is nothing but the question whether it was reclaimed. An
 * operation is one function that throws `What` before it has changed anything, or `Unpaid`, upon which gas is put back.
 * Guest instructions are executed one by one by the machine of `reference-model.ts`; see `model-guest.ts`.
 */
import type { ModelCode } from './model-guest.js';
import {
  type DataCapability,
  HUH,
  LOW,
  type ModelCapability,
  type ModelResult,
  type ModelSetup,
  type ModelStop,
  ModelVm,
  PAGE,
  type State,
  type VmCapability,
  WHAT,
} from './model-types.js';

/** Pages of the 32-bit address space. */
const SPACE = 2 ** 20;
const MAX_VMS = 65535;
const ENTRY_COST = 10n;
const PAGE_COST = 1500n;

/** What ends an operation without an effect. */
class What extends Error {}
/** What ends it as if it had not begun. */
class Unpaid extends Error {}

/** Names of the operations that have counters. */
const OPERATIONS: Readonly<Record<string, string>> = {
  2: 'MAP',
  3: 'UNMAP',
  4: 'SPLIT',
  5: 'DROP',
  6: 'MOVE',
  7: 'COPY',
  8: 'GRANT',
  9: 'REVOKE',
  10: 'DOWNGRADE',
  11: 'SET_MAX_GAS',
  12: 'DIRTY',
  13: 'RESUME',
};

type Place = { vm: ModelVm; slot: number };

const isU32 = (value: bigint): boolean => value < 2n ** 32n;
function u32(value: bigint): number {
  if (!isU32(value)) throw new What();
  return Number(value);
}
function check(condition: boolean): asserts condition {
  if (!condition) throw new What();
}
const least = (a: bigint, b: bigint | undefined): bigint => (b !== undefined && b < a ? b : a);

export class KernelModel {
  readonly live = new Set<ModelVm>();
  readonly root: ModelVm;
  running: ModelVm;
  result: ModelResult | undefined;
  /** Bytes of physical pages; absent ones are zero. */
  readonly contents = new Map<number, Uint8Array>();
  readonly dirty = new Set<number>();
  /** Pages handed out. */
  used = 0;
  readonly memoryPages: number;
  /** What happened how often, by operation and outcome. */
  readonly counts = new Map<string, number>();
  private readonly gasModel: 'flat' | 'pipeline';
  private readonly gasCounters: readonly number[];
  private vmCount = 0;
  private dataCount = 0;

  constructor(setup: ModelSetup) {
    this.memoryPages = setup.memoryPages;
    this.gasModel = setup.gasModel;
    this.gasCounters = setup.gasCounters ?? [];
    const invoked = setup.codes.find(({ slot }) => slot === setup.invokeSlot);
    if (invoked === undefined) throw new Error('the setup invokes no code');
    this.root = this.newVm(invoked.code);
    this.running = this.root;
    this.root.state = 'running';
    const { table, registers } = this.root;
    for (let id = 1; id <= 28; id++) table.set(id, { kind: 'protocol', id });
    for (const { slot, code } of setup.codes) table.set(slot, { kind: 'code', code });
    let pages = 0;
    for (const { slot, base, pages: count, access, bytes } of setup.data) {
      const data = this.newData(count);
      data.base = base;
      data.access = access;
      for (let i = 0; i < count; i++) data.mapped.add(i);
      this.fill(data.first * PAGE, bytes);
      table.set(slot, data);
      pages += count;
    }
    this.root.gas = setup.gas - PAGE_COST * BigInt(pages);
    if (this.memoryPages > 0) table.set(254, { kind: 'untyped' });
    if (setup.args !== undefined && setup.args.length > 0) {
      const target = table.get(0);
      if (target?.kind !== 'data' || target.base === undefined) throw new Error('no DATA takes the arguments');
      this.fill(target.first * PAGE, setup.args);
      registers[8] = BigInt(target.base * PAGE);
      registers[9] = BigInt(setup.args.length);
    }
  }

  /** Gas of the running VM and of all that wait. */
  get gas(): bigint {
    let sum = 0n;
    for (let vm: ModelVm | undefined = this.running; vm !== undefined; vm = vm.caller) sum += vm.gas;
    return sum;
  }

  // --- Memory -------------------------------------------------------------------------------------------------------

  /** The page a VM sees at a page number of its address space. */
  pageAt(vm: ModelVm, page: number): { physical: number; writable: boolean; owner: DataCapability } | undefined {
    for (const capability of vm.table.values()) {
      if (capability.kind !== 'data' || capability.base === undefined) continue;
      const index = page - capability.base;
      if (capability.mapped.has(index)) {
        return { physical: capability.first + index, writable: capability.access === 'write', owner: capability };
      }
    }
    return undefined;
  }

  /** Reads a physical page; not to be written to. */
  page(physical: number): Uint8Array {
    return this.contents.get(physical) ?? ZERO_PAGE;
  }

  /** First byte of `length` from `address` on that a VM may not access, with addresses modulo 2^32. */
  refusedAt(vm: ModelVm, address: number, length: number, write: boolean): number | undefined {
    for (let i = 0; i < length; ) {
      const at = (address + i) % 2 ** 32;
      const page = this.pageAt(vm, Math.floor(at / PAGE));
      if (page === undefined || (write && !page.writable)) return at;
      i += PAGE - (at % PAGE);
    }
    return undefined;
  }

  /** Bytes as a VM reads them, all of them accessible. */
  read(vm: ModelVm, address: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      const at = (address + i) % 2 ** 32;
      const page = this.pageAt(vm, Math.floor(at / PAGE));
      bytes[i] = page === undefined ? 0 : (this.page(page.physical)[at % PAGE] as number);
    }
    return bytes;
  }

  /** Writes as a VM does, or as its host does in its name; everything is accessible. */
  write(vm: ModelVm, address: number, bytes: Uint8Array): void {
    for (const [i, byte] of bytes.entries()) {
      const at = (address + i) % 2 ** 32;
      const page = this.pageAt(vm, Math.floor(at / PAGE));
      if (page === undefined) throw new Error(`write to unmapped ${at}`);
      this.writable(page.physical)[at % PAGE] = byte;
      this.dirty.add(page.physical);
    }
  }

  /** A page as a guest's loads and stores see it. */
  visible(vm: ModelVm, page: number): { bytes: Uint8Array; writable: boolean } | undefined {
    const found = this.pageAt(vm, page);
    if (found === undefined) return undefined;
    const { physical, writable } = found;
    return { bytes: writable ? this.writable(physical) : this.page(physical), writable };
  }

  /** A guest has written to a page of its address space. */
  markWritten(vm: ModelVm, page: number): void {
    const found = this.pageAt(vm, page);
    if (found !== undefined) this.dirty.add(found.physical);
  }

  private writable(physical: number): Uint8Array {
    const bytes = this.contents.get(physical) ?? new Uint8Array(PAGE);
    this.contents.set(physical, bytes);
    return bytes;
  }

  private fill(at: number, bytes: Uint8Array): void {
    for (const [i, byte] of bytes.entries()) this.writable(Math.floor((at + i) / PAGE))[(at + i) % PAGE] = byte;
  }

  // --- Running ------------------------------------------------------------------------------------------------------

  /** Runs until a protocol call or the end; after the former the host changes registers and memory, and calls again. */
  run(): ModelStop {
    if (this.result !== undefined) return this.result;
    for (let steps = 0; ; steps++) {
      if (steps > 300_000) throw new Error('the driver asks for nothing any more');
      const vm = this.running;
      const { guest } = vm;
      const before = vm.gas;
      const [exit, gas] = guest.step(before, this.gasModel);
      vm.gas = gas;
      if (exit === undefined) continue;
      if (exit.kind === 'entry') {
        const stop = this.enter(vm, exit.immediate, before);
        if (stop !== undefined) return stop;
      } else this.ends(vm, exit);
      if (this.result !== undefined) return this.result;
    }
  }

  /** An `ecalli` or (without immediate) `ecall`. */
  private enter(vm: ModelVm, immediate: number | undefined, before: bigint): ModelStop | undefined {
    if (immediate !== undefined && immediate > 127) {
      vm.guest.paid = false;
      this.ends(vm, { kind: 'panic', trap: false });
      return undefined;
    }
    const afterInstruction = vm.gas;
    // The next instruction is where the VM goes on, whoever runs in between.
    const { pc } = vm.guest;
    const wasPaid = vm.guest.paid;
    let name = immediate === undefined ? 'ecall' : 'ecalli';
    try {
      this.pay(vm, ENTRY_COST);
      vm.guest.advance();
      if (immediate !== undefined) {
        if (immediate === 0) this.reply(vm);
        else return this.call(vm, vm, immediate);
        return undefined;
      }
      const operation = vm.registers[11] as bigint;
      name = OPERATIONS[Number(operation)] ?? (operation === 0n ? 'CALL' : 'unknown');
      const subject = Number((vm.registers[12] as bigint) >> 32n);
      if (operation === 0n) {
        if (subject === 0) {
          this.reply(vm);
          return undefined;
        }
        const place = this.resolve(vm, subject);
        return this.call(vm, place.vm, place.slot);
      }
      this.operate(vm, Number(operation), subject, Number(BigInt.asUintN(32, vm.registers[12] as bigint)));
      this.count(`${name} ok`);
    } catch (error) {
      if (error instanceof What) {
        vm.registers[7] = WHAT;
        this.count(`${name} what`);
      } else if (error instanceof Unpaid) {
        vm.guest.pc = pc;
        vm.guest.paid = wasPaid;
        // `flat`: the instruction itself is given back; `pipeline`: its block stays paid for.
        vm.gas = this.gasModel === 'flat' ? before : afterInstruction;
        this.count(`${name} unpaid`);
        this.ends(vm, { kind: 'out-of-gas' });
      } else throw error;
    }
    return undefined;
  }

  private count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  private pay(vm: ModelVm, cost: bigint): void {
    if (vm.gas < cost) throw new Unpaid();
    vm.gas -= cost;
  }

  // --- Calls --------------------------------------------------------------------------------------------------------

  private call(vm: ModelVm, holder: ModelVm, slot: number): ModelStop | undefined {
    const capability = holder.table.get(slot);
    check(capability !== undefined && capability.kind !== 'data');
    const r12 = vm.registers[12] as bigint;
    const object = Number(BigInt.asUintN(32, r12));
    switch (capability.kind) {
      case 'protocol':
        this.count('CALL protocol');
        if (this.gasCounters.includes(capability.id)) {
          vm.registers[7] = vm.gas;
          return undefined;
        }
        return { kind: 'protocol-call', id: capability.id };
      case 'untyped': {
        const pages = u32(vm.registers[7] as bigint);
        this.pay(vm, PAGE_COST * BigInt(pages) + 10n);
        check(pages <= this.memoryPages - this.used);
        const to = this.resolveEmpty(vm, object);
        to.vm.table.set(to.slot, this.newData(pages));
        vm.registers[7] = BigInt(to.slot);
        this.count('RETYPE ok');
        return undefined;
      }
      case 'code': {
        const copies = new Map<number, ModelCapability>();
        for (let bit = 0; bit < 64; bit++) {
          const source = holder.table.get(bit);
          if ((((vm.registers[7] as bigint) >> BigInt(bit)) & 1n) === 0n || source === undefined) continue;
          copies.set(bit, copyOf(source));
        }
        const to = this.resolveEmpty(vm, object);
        check(this.live.size < MAX_VMS);
        const child = this.newVm(capability.code);
        for (const [bit, copy] of copies) child.table.set(bit, copy);
        to.vm.table.set(to.slot, { kind: 'handle', vm: child, maxGas: undefined });
        vm.registers[7] = BigInt(to.slot);
        this.count('CREATE ok');
        return undefined;
      }
      default: {
        const callee = capability.vm;
        check(!callee.dropped && callee.state === 'idle');
        const from = Number(BigInt.asUintN(8, r12));
        const travelling = from === 0 ? undefined : vm.table.get(from);
        if (travelling !== undefined) check(!callee.table.has(0));
        this.pay(vm, 10n);
        if (travelling !== undefined) {
          vm.table.delete(from);
          const isData = travelling.kind === 'data';
          callee.travel = {
            slot: from,
            capability: travelling,
            mapped: isData ? travelling.mapped : new Set(),
            splits: isData ? travelling.splits : 0,
          };
          if (isData) travelling.mapped = new Set();
          callee.table.set(0, travelling);
        }
        for (let i = 7; i <= 10; i++) callee.registers[i] = vm.registers[i] as bigint;
        this.start(vm, callee, capability.maxGas);
        this.count(travelling === undefined ? `CALL ${capability.kind}` : `CALL with ${travelling.kind}`);
        return undefined;
      }
    }
  }

  private start(caller: ModelVm, callee: ModelVm, ceiling: bigint | undefined): void {
    callee.gas = least(caller.gas, ceiling);
    caller.gas -= callee.gas;
    caller.state = 'waiting';
    callee.state = 'running';
    callee.caller = caller;
    this.running = callee;
  }

  private reply(vm: ModelVm): void {
    this.count('REPLY');
    if (vm === this.root) {
      vm.state = 'halted';
      this.result = { kind: 'halt', value: vm.registers[7] as bigint };
    } else this.goBack(vm, 'idle');
  }

  /** Ends a callee's turn with its r7 as the answer. */
  private goBack(vm: ModelVm, state: State): void {
    const caller = vm.caller as ModelVm;
    const { travel } = vm;
    if (travel !== undefined) {
      const capability = vm.table.get(0);
      if (capability !== undefined) {
        vm.table.delete(0);
        caller.table.set(travel.slot, capability);
        if (capability.kind === 'data') {
          const same = capability === travel.capability && capability.splits === travel.splits;
          capability.mapped = same ? travel.mapped : new Set();
        }
      }
    }
    this.finish(vm, state);
    caller.registers[7] = vm.registers[7] as bigint;
    caller.registers[8] = 0n;
  }

  private finish(vm: ModelVm, state: State): void {
    const caller = vm.caller as ModelVm;
    vm.state = state;
    vm.travel = undefined;
    vm.caller = undefined;
    caller.gas += vm.gas;
    vm.gas = 0n;
    caller.state = 'running';
    this.running = caller;
  }

  /** A run that ends otherwise than by REPLY. */
  ends(
    vm: ModelVm,
    exit:
      | { kind: 'halt' }
      | { kind: 'panic'; trap: boolean }
      | { kind: 'out-of-gas' }
      | { kind: 'page-fault'; address: number },
  ): void {
    const { pc } = vm.guest;
    this.count(vm === this.root ? `root ${exit.kind}` : exit.kind);
    if (vm === this.root) {
      vm.state = exit.kind === 'halt' ? 'halted' : 'faulted';
      this.result = exit.kind === 'halt' ? { kind: 'halt', value: vm.registers[7] as bigint } : { ...exit, pc };
      return;
    }
    if (exit.kind === 'halt') {
      this.goBack(vm, 'halted');
      return;
    }
    const caller = vm.caller as ModelVm;
    this.finish(vm, 'faulted');
    const [status, detail] =
      exit.kind === 'out-of-gas'
        ? [3n, LOW]
        : exit.kind === 'page-fault'
          ? [4n, BigInt(exit.address)]
          : exit.trap
            ? [1n, vm.registers[7] as bigint]
            : [2n, HUH];
    caller.registers[7] = detail;
    caller.registers[8] = status;
  }

  // --- Operations ---------------------------------------------------------------------------------------------------

  private operate(vm: ModelVm, operation: number, subject: number, object: number): void {
    const [r7, r8, r9, r10] = vm.registers.slice(7) as [bigint, bigint, bigint, bigint];
    switch (operation) {
      case 2: {
        const at = this.resolve(vm, subject);
        const data = dataAt(at);
        const [base, first, count] = [u32(r7), u32(r8), u32(r9)];
        check(r10 <= 1n);
        const access = r10 === 1n ? 'write' : 'read';
        check(first + count <= data.pages && base + first + count <= SPACE);
        check(data.base === undefined || (data.base === base && data.access === access));
        for (const other of at.vm.table.values()) {
          if (other.kind !== 'data' || other === data || other.base === undefined) continue;
          for (const index of other.mapped) {
            const page = other.base + index;
            check(page < base + first || page >= base + first + count);
          }
        }
        data.base = base;
        data.access = access;
        for (let i = first; i < first + count; i++) data.mapped.add(i);
        return;
      }
      case 3: {
        const data = dataAt(this.resolve(vm, subject));
        const [first, count] = [u32(r7), u32(r8)];
        for (const index of [...data.mapped]) if (index >= first && index < first + count) data.mapped.delete(index);
        return;
      }
      case 4: {
        const data = dataAt(this.resolve(vm, subject));
        const to = this.resolveEmpty(vm, object);
        const keep = u32(r7);
        check(data.mapped.size === 0 && keep > 0 && keep < data.pages);
        to.vm.table.set(to.slot, this.dataOf(data.first + keep, data.pages - keep));
        data.pages = keep;
        data.base = undefined;
        data.access = undefined;
        data.splits++;
        return;
      }
      case 5: {
        const at = this.resolve(vm, subject);
        const capability = this.occupied(at);
        if (capability.kind === 'handle') check(isFree(capability.vm));
        at.vm.table.delete(at.slot);
        this.drop(capability);
        return;
      }
      case 6: {
        const from = this.resolve(vm, subject);
        const to = this.resolve(vm, object);
        const capability = this.occupied(from);
        if (from.vm === to.vm && from.slot === to.slot) return;
        check(!to.vm.table.has(to.slot));
        this.transfer(from, to, capability);
        return;
      }
      case 7: {
        const from = this.resolve(vm, subject);
        const to = this.resolveEmpty(vm, object);
        to.vm.table.set(to.slot, copyOf(this.occupied(from)));
        return;
      }
      case 8: {
        const target = handleAt(this.resolve(vm, subject)).vm;
        check(isFree(target));
        const from = { vm, slot: slotOf(r7) };
        const capability = this.occupied(from);
        const slot = firstFree(target, 1);
        this.transfer(from, { vm: target, slot }, capability);
        vm.registers[7] = BigInt(slot);
        return;
      }
      case 9: {
        const source = handleAt(this.resolve(vm, subject)).vm;
        check(isFree(source));
        const from = { vm: source, slot: slotOf(r7) };
        const capability = this.occupied(from);
        const slot = firstFree(vm, 64);
        this.transfer(from, { vm, slot }, capability);
        vm.registers[7] = BigInt(slot);
        return;
      }
      case 10: {
        const handle = handleAt(this.resolve(vm, subject));
        const to = this.resolveEmpty(vm, object);
        to.vm.table.set(to.slot, { kind: 'callable', vm: handle.vm, maxGas: handle.maxGas });
        return;
      }
      case 11:
        handleAt(this.resolve(vm, subject)).maxGas = r7;
        return;
      case 12: {
        const data = dataAt(this.resolve(vm, subject));
        const [first, count] = [u32(r7), u32(r8)];
        check(count <= 64 && first + count <= data.pages);
        let bits = 0n;
        for (let i = 0; i < count; i++) if (this.dirty.delete(data.first + first + i)) bits |= 1n << BigInt(i);
        vm.registers[7] = bits;
        return;
      }
      case 13: {
        const handle = handleAt(this.resolve(vm, subject));
        check(!handle.vm.dropped && handle.vm.state === 'faulted');
        this.pay(vm, 10n);
        this.start(vm, handle.vm, handle.maxGas);
        return;
      }
      default:
        throw new What();
    }
  }

  /** The table and slot a reference names. */
  private resolve(vm: ModelVm, reference: number): Place {
    let holder = vm;
    for (const shift of [24, 16, 8]) {
      const step = (reference >>> shift) & 255;
      if (step === 0) continue;
      const capability = holder.table.get(step);
      check(capability?.kind === 'handle' && isFree(capability.vm));
      holder = capability.vm;
    }
    return { vm: holder, slot: reference & 255 };
  }

  private resolveEmpty(vm: ModelVm, reference: number): Place {
    const place = this.resolve(vm, reference);
    check(!place.vm.table.has(place.slot));
    return place;
  }

  private occupied({ vm, slot }: Place): ModelCapability {
    const capability = vm.table.get(slot);
    check(capability !== undefined);
    return capability;
  }

  private transfer(from: Place, to: Place, capability: ModelCapability): void {
    from.vm.table.delete(from.slot);
    if (capability.kind === 'data' && from.vm !== to.vm) capability.mapped = new Set();
    to.vm.table.set(to.slot, capability);
  }

  private drop(capability: ModelCapability): void {
    if (capability.kind === 'data') capability.mapped = new Set();
    if (capability.kind !== 'handle' || !isFree(capability.vm)) return;
    const { vm } = capability;
    vm.dropped = true;
    this.live.delete(vm);
    for (const inner of vm.table.values()) this.drop(inner);
    vm.table.clear();
  }

  private newVm(code: ModelCode): ModelVm {
    const vm = new ModelVm(this.vmCount++, code, this);
    this.live.add(vm);
    return vm;
  }

  private newData(pages: number): DataCapability {
    const data = this.dataOf(this.used, pages);
    this.used += pages;
    return data;
  }

  private dataOf(first: number, pages: number): DataCapability {
    const id = this.dataCount++;
    return { kind: 'data', id, first, pages, base: undefined, access: undefined, mapped: new Set(), splits: 0 };
  }
}

const ZERO_PAGE = new Uint8Array(PAGE);

/** Whether others may reach into a VM: it takes part in no call. */
export function isFree(vm: ModelVm): boolean {
  return !vm.dropped && vm.state !== 'running' && vm.state !== 'waiting';
}

function copyOf(capability: ModelCapability): ModelCapability {
  check(capability.kind !== 'data' && capability.kind !== 'handle');
  return { ...capability };
}

function dataAt({ vm, slot }: Place): DataCapability {
  const capability = vm.table.get(slot);
  check(capability?.kind === 'data');
  return capability;
}

function handleAt({ vm, slot }: Place): VmCapability {
  const capability = vm.table.get(slot);
  check(capability?.kind === 'handle');
  return capability;
}

function slotOf(value: bigint): number {
  check(value <= 255n);
  return Number(value);
}

function firstFree(vm: ModelVm, from: number): number {
  for (let slot = from; slot <= 255; slot++) if (!vm.table.has(slot)) return slot;
  throw new What();
}
