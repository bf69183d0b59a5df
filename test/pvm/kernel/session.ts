/**
 * Runs a case on the kernel and on its model in lockstep. They meet at every protocol call: registers and gas of the
 * caller are compared each time, everything else — states, tables, mapped pages, memory — every so often. What differs
 * first is thrown as a `Difference`.
 */
import {
  type Caller,
  type CapabilityInfo,
  gasCounter,
  Kernel,
  type KernelHost,
  type VmInfo,
} from '../../../src/pvm/kernel/index.js';
import { Access } from '../../../src/pvm/program/image.js';
import { type Action, type CaseSetup, type GasModel, manifestOf, modelSetup } from './case.js';
import { KernelModel } from './model.js';
import { type ModelCapability, type ModelStop, type ModelVm, PAGE } from './model-types.js';

/** Where kernel and model part. */
export class Difference extends Error {
  constructor(
    readonly where: string,
    readonly expected: string,
    readonly actual: string,
  ) {
    super(`${where}: expected ${expected}, found ${actual}`);
  }
}

/** Ends a run from within a host function. */
class Enough extends Error {}

export interface SessionOptions {
  readonly engine: 'interpreter' | 'recompiler';
  readonly gasModel: GasModel;
  /** Protocol calls between two comparisons of everything. */
  readonly checkEvery: number;
  /** What the host does next; undefined ends the case. Sees the model as it is at the protocol call. */
  readonly next: (model: KernelModel) => Action | undefined;
}

/** What a session came to. */
export interface SessionResult {
  readonly model: KernelModel;
  /** Protocol calls answered. */
  readonly steps: number;
  /** How the run ended; undefined where the actions did. */
  readonly end: string | undefined;
}

/**
 * Runs a case.
 *
 * @throws Difference
 */
export function runSession(setup: CaseSetup, options: SessionOptions): SessionResult {
  return new Session(setup, options).run();
}

type Numbered = { index: number; generation: number };

class Session {
  private readonly model: KernelModel;
  private readonly kernel: Kernel;
  private steps = 0;
  /** The kernel's number of each VM of the model, once it is known. */
  private readonly numbers = new Map<ModelVm, Numbered>();
  private readonly seen = new Set<string>();

  constructor(
    setup: CaseSetup,
    private readonly options: SessionOptions,
  ) {
    this.model = new KernelModel(modelSetup(setup, options.gasModel));
    const host: Record<number, KernelHost[number]> = {};
    for (const id of setup.gasCounters) host[id] = gasCounter;
    if (setup.host === 'function') {
      for (let id = 1; id <= 28; id++) host[id] ??= (caller, called) => this.answer(caller, called);
    }
    this.kernel = Kernel.load(manifestOf(setup), {
      engine: options.engine,
      gasModel: options.gasModel,
      gas: BigInt(setup.gas),
      host,
      ...(setup.args === undefined ? {} : { args: Uint8Array.from(Buffer.from(setup.args, 'hex')) }),
      ...(setup.trace ? { trace: () => {} } : {}),
    });
    this.numbers.set(this.model.root, { index: 0, generation: this.kernel.vm(0)?.generation ?? 0 });
  }

  run(): SessionResult {
    const { kernel, model } = this;
    try {
      this.compareAll();
      for (;;) {
        const result = kernel.run();
        if (result.kind === 'protocol-call') {
          this.answer(kernel.caller, result.id);
          continue;
        }
        const expected = model.run();
        same('result', describe(expected), describe(result as ModelStop));
        this.compareAll();
        return { model, steps: this.steps, end: expected.kind };
      }
    } catch (error) {
      if (error instanceof Enough) return { model, steps: this.steps, end: undefined };
      throw error;
    } finally {
      kernel.dispose();
    }
  }

  /** A protocol call of the kernel: the model must have come to the same one. */
  private answer(caller: Caller, id: number): void {
    const { model, kernel, options } = this;
    const stop = model.run();
    same('stop', describe(stop), `protocol-call ${id}`);
    const vm = model.running;
    const registers = Array.from({ length: 13 }, (_, i) => caller.getRegister(i));
    same('registers of the caller', formatRegisters(vm.registers), formatRegisters(registers));
    same('gas of the caller', vm.gas, caller.gas);
    same('gas of all', model.gas, kernel.gas);
    same('live VMs', model.live.size, kernel.liveVms);
    const number = this.numbers.get(vm);
    if (number !== undefined) same('the caller', number.index, caller.vm);
    if (this.steps++ % options.checkEvery === 0) this.compareAll();
    const action = options.next(model);
    if (action === undefined) {
      this.compareAll();
      throw new Enough();
    }
    this.apply(caller, action);
  }

  private apply(caller: Caller, action: Action): void {
    const { model } = this;
    const vm = model.running;
    for (const address of action.probe) {
      for (const [access, write] of [
        [Access.Read, false],
        [Access.Write, true],
      ] as const) {
        const expected = model.refusedAt(vm, address, 8, write) === undefined;
        same(
          `access ${access} of 8 bytes at ${hex(address)}`,
          expected,
          caller.memory.isAccessible(address, 8, access),
        );
      }
      const expected = model.refusedAt(vm, address, 8, false) === undefined;
      const found = attempt(() => caller.memory.read(address, 8));
      same(
        `host reads 8 bytes at ${hex(address)}`,
        expected ? formatBytes(model.read(vm, address, 8)) : 'refused',
        found === undefined ? 'refused' : formatBytes(found),
      );
    }
    if (action.write !== undefined) {
      const { address } = action.write;
      const bytes = Uint8Array.from(Buffer.from(action.write.bytes, 'hex'));
      const allowed = model.refusedAt(vm, address, bytes.length, true) === undefined;
      const done = attempt(() => {
        caller.memory.write(address, bytes);
        return true;
      });
      same(`host writes ${bytes.length} bytes at ${hex(address)}`, allowed, done === true);
      if (allowed) model.write(vm, address, bytes);
    }
    for (const [index, text] of Object.entries(action.set)) {
      const value = BigInt(text);
      caller.setRegister(Number(index), value);
      vm.registers[Number(index)] = value;
    }
    if (action.gas !== undefined) {
      caller.gas = BigInt(action.gas);
      vm.gas = BigInt(action.gas);
    }
  }

  // --- Everything ---------------------------------------------------------------------------------------------------

  private compareAll(): void {
    const { model, kernel, numbers } = this;
    const infos = new Map([...kernel.vms()].map((info) => [info.index, info]));
    same('number of VMs', model.live.size, infos.size);
    const done = new Set<ModelVm>();
    const work = [...numbers.keys()].filter((vm) => model.live.has(vm));
    for (const vm of numbers.keys()) if (vm.dropped) numbers.delete(vm);
    const follow = (vm: ModelVm, number: Numbered): void => {
      const known = numbers.get(vm);
      if (known === undefined) {
        const key = `${number.index}/${number.generation}`;
        if (this.seen.has(key)) throw new Difference(`number of a new VM ${vm.id}`, 'a new one', key);
        this.seen.add(key);
        numbers.set(vm, number);
        work.push(vm);
      } else same(`number of VM ${vm.id}`, JSON.stringify(known), JSON.stringify(number));
    };
    for (;;) {
      const vm = work.pop() ?? this.unreached(done, infos);
      if (vm === undefined) break;
      if (done.has(vm)) continue;
      done.add(vm);
      const number = numbers.get(vm) as Numbered;
      const info = infos.get(number.index);
      if (info === undefined) throw new Difference(`VM ${vm.id}`, `there as ${number.index}`, 'absent');
      same(`generation of VM ${vm.id}`, number.generation, info.generation);
      this.compareVm(vm, info, follow);
    }
    for (const vm of model.live) {
      const info = infos.get((numbers.get(vm) as Numbered).index) as VmInfo;
      const caller = vm.caller && numbers.get(vm.caller)?.index;
      same(`caller of VM ${vm.id}`, caller, info.caller);
      this.compareMemory(vm, info.index);
    }
    for (let page = 0; page < model.used; page++) {
      comparePage(`physical page ${page}`, model.page(page), kernel.readPhysical(page));
    }
  }

  /** A VM nothing led to: it is paired with the one of the kernel's that is alike and has no partner either. */
  private unreached(done: ReadonlySet<ModelVm>, infos: ReadonlyMap<number, VmInfo>): ModelVm | undefined {
    for (const vm of this.model.live) {
      if (done.has(vm)) continue;
      const taken = new Set([...this.numbers.values()].map(({ index }) => index));
      for (const info of infos.values()) {
        if (taken.has(info.index) || !this.isLike(vm, info)) continue;
        const { index, generation } = info;
        this.numbers.set(vm, { index, generation });
        this.seen.add(`${index}/${generation}`);
        return vm;
      }
      throw new Difference(`VM ${vm.id}`, `${vm.state} somewhere`, 'none like it');
    }
    return undefined;
  }

  private isLike(vm: ModelVm, info: VmInfo): boolean {
    if (vm.state !== info.state || vm.code.id !== info.code || vm.table.size !== info.capabilities.length) return false;
    return (
      formatRegisters(vm.registers) === formatRegisters(info.registers) &&
      info.capabilities.every((held) => this.describeModel(vm.table.get(held.slot)) === describeInfo(held))
    );
  }

  private compareVm(vm: ModelVm, info: VmInfo, follow: (vm: ModelVm, number: Numbered) => void): void {
    const name = `VM ${vm.id} (the kernel's ${info.index})`;
    same(`state of ${name}`, vm.state, info.state);
    same(`code of ${name}`, vm.code.id, info.code);
    same(`registers of ${name}`, formatRegisters(vm.registers), formatRegisters(info.registers));
    same(`gas of ${name}`, vm.gas, info.gas);
    // A halted VM goes on nowhere.
    if (vm.state !== 'halted') same(`pc of ${name}`, vm.guest.pc, info.pc);
    const found = new Map(info.capabilities.map((capability) => [capability.slot, capability]));
    for (const slot of new Set([...vm.table.keys(), ...found.keys()])) {
      const [expected, actual] = [vm.table.get(slot), found.get(slot)];
      same(`slot ${slot} of ${name}`, this.describeModel(expected), describeInfo(actual));
      if (expected?.kind !== 'handle' && expected?.kind !== 'callable') continue;
      if (actual?.kind !== 'handle' && actual?.kind !== 'callable') continue;
      if (!expected.vm.dropped) follow(expected.vm, { index: actual.vm, generation: actual.generation });
    }
  }

  private describeModel(capability: ModelCapability | undefined): string {
    if (capability === undefined) return 'nothing';
    switch (capability.kind) {
      case 'untyped':
        return `untyped ${this.model.memoryPages - this.model.used} of ${this.model.memoryPages}`;
      case 'data': {
        const { first, pages, base, access, mapped } = capability;
        const list = [...mapped].sort((a, b) => a - b);
        return `data ${first}+${pages} base ${base} ${access} mapped ${list}`;
      }
      case 'code':
        return `code ${capability.code.id}`;
      case 'protocol':
        return `protocol ${capability.id}`;
      default:
        return `${capability.kind} ${capability.vm.dropped ? 'stale' : 'live'} ${ceiling(capability.maxGas)}`;
    }
  }

  private compareMemory(vm: ModelVm, index: number): void {
    const { model, kernel } = this;
    const pages = new Map<number, number>();
    for (const capability of vm.table.values()) {
      if (capability.kind !== 'data' || capability.base === undefined) continue;
      for (const i of capability.mapped) pages.set(capability.base + i, capability.first + i);
    }
    for (const [page, physical] of pages) {
      const bytes = attempt(() => kernel.readVm(index, page * PAGE, PAGE));
      comparePage(`page ${hex(page)} of VM ${vm.id}`, model.page(physical), bytes);
      for (const beside of [page - 1, page + 1]) {
        if (beside < 0 || beside >= 2 ** 20 || pages.has(beside)) continue;
        same(
          `page ${hex(beside)} of VM ${vm.id}`,
          true,
          attempt(() => kernel.readVm(index, beside * PAGE, 1)) === undefined,
        );
      }
    }
  }
}

function same<T>(where: string, expected: T, actual: T): void {
  if (expected !== actual) throw new Difference(where, String(expected), String(actual));
}

function comparePage(where: string, expected: Uint8Array, actual: Uint8Array | undefined): void {
  if (actual === undefined) throw new Difference(where, 'readable', 'refused');
  if (Buffer.compare(expected, actual) === 0) return;
  const at = expected.findIndex((byte, i) => byte !== actual[i]);
  throw new Difference(`${where}, byte ${at}`, String(expected[at]), String(actual[at]));
}

/** What a read gives, or undefined where it is refused. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && error.constructor.name === 'MemoryAccessError') return undefined;
    throw error;
  }
}

function describe(stop: ModelStop): string {
  const { kind } = stop;
  if (kind === 'protocol-call') return `${kind} ${stop.id}`;
  if (kind === 'halt') return `${kind} ${hex(stop.value)}`;
  if (kind === 'panic') return `${kind} at ${stop.pc}${stop.trap ? ' (trap)' : ''}`;
  return kind === 'page-fault' ? `${kind} ${hex(stop.address)} at ${stop.pc}` : `${kind} at ${stop.pc}`;
}

function describeInfo(info: CapabilityInfo | undefined): string {
  if (info === undefined) return 'nothing';
  switch (info.kind) {
    case 'untyped':
      return `untyped ${info.remaining} of ${info.total}`;
    case 'data': {
      const { firstPage, pages, base, access, mapped } = info;
      const list = [...mapped].flatMap((is, i) => (is ? [i] : []));
      return `data ${firstPage}+${pages} base ${base} ${access} mapped ${list}`;
    }
    case 'code':
      return `code ${info.id}`;
    case 'protocol':
      return `protocol ${info.id}`;
    default:
      return `${info.kind} ${info.live ? 'live' : 'stale'} ${ceiling(info.maxGas)}`;
  }
}

/** The largest ceiling is none. */
const ceiling = (maxGas: bigint | undefined): string => `${maxGas === 2n ** 64n - 1n ? undefined : maxGas}`;
const hex = (value: number | bigint): string => `0x${value.toString(16)}`;
const formatRegisters = (values: readonly bigint[]): string => values.map(hex).join(' ');
const formatBytes = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
