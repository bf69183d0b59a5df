/**
 * The capability kernel: loads a manifest, runs its tree of VMs on either engine, and asks the host for protocol calls.
 *
 * Machine code leaves for the kernel at an `ecalli` or `ecall` that the glue does not do; the interpreter leaves at
 * every one. What happens then is the same code for both (`operations.ts`, `calls.ts`), so the engines cannot differ in it.
 */
import { nativeSupport } from '../../host/support.js';
import { flatCostFrom, type GasModel } from '../gas/index.js';
import { interpret, Machine } from '../interpreter/interpreter.js';
import { CHARGE_START, Field, STRIDE } from '../isa/decode.js';
import { Op } from '../isa/opcodes.js';
import { Context, Exit } from '../layout.js';
import { readManifest } from '../program/manifest.js';
import { StubKind } from '../recompiler/code-buffer.js';
import type { NativeCode } from '../recompiler/native-code.js';
import { call, create, fault, halted, reply, resume, Switched, statusOf } from './calls.js';
import type { CodeCache, KernelCode } from './code.js';
import type { FinalResult, KernelEvent, KernelResult, VmInfo } from './events.js';
import { Caller, gasCounter, hostTable, type KernelHost, type ProtocolFunction, type ProtocolOutcome } from './host.js';
import { inspectVm, readMemory } from './inspect.js';
import { type Invocation, type Place, ROOT } from './invocation.js';
import {
  ENTER_GAS,
  IPC_SLOT,
  Kind,
  LAST_DIRECT_SLOT,
  OPERATION_NAMES,
  Operation,
  PROTOCOL_COUNT,
  State,
  Vm,
  WHAT,
} from './layout.js';
import { loadManifest } from './load.js';
import { operate, retype } from './operations.js';
import { type KernelSnapshot, takeSnapshot } from './snapshot.js';
import { keepSpecimen } from './specimens.js';

/** How to load a kernel. */
export interface KernelOptions {
  /** `auto` (the default) takes the recompiler where the machine has it. */
  readonly engine?: 'auto' | 'interpreter' | 'recompiler';
  /** Gas for everything, 0 … 2^63 − 1; by default the most there can be. The manifest's pages are paid from it. */
  readonly gas?: bigint | number;
  /** Cost model; `flat` by default. */
  readonly gasModel?: GasModel;
  /** Arguments, written to the DATA capability in slot 0; r8 and r9 tell the root VM where. */
  readonly args?: Uint8Array;
  /** Registers of the root VM, by number; 0 where none is given. */
  readonly registers?: Readonly<Record<number, bigint>>;
  /** Host functions by protocol number. Calls that have none end the run with `protocol-call`. */
  readonly host?: KernelHost;
  /** Where compilations are kept; one cache serves all kernels that are given none. */
  readonly cache?: CodeCache;
  /** Memory of an earlier run of the same program to start with. */
  readonly memory?: KernelSnapshot;
  /** Called with everything that happens between VMs. Switches the glue off, so that nothing happens unseen. */
  readonly trace?: (event: KernelEvent) => void;
}

/** A tree of VMs. */
export class Kernel {
  /** The VM that makes the protocol call under way, or else the one that runs. */
  readonly caller: Caller;
  /** Which engine runs it. */
  readonly engine: 'interpreter' | 'recompiler';
  private readonly state: Invocation;
  private readonly host: (ProtocolFunction | undefined)[];
  private readonly gasModel: GasModel;
  private pending: Promise<void> | undefined;
  private pendingOutcome: ProtocolOutcome;
  /** A quick call whose host function did not let its caller go on just so. */
  private answered: { readonly outcome: unknown; readonly id: number } | undefined;
  /** Entry of the instruction that made the protocol call under way. */
  private protocolSite = 0;
  private ended: KernelResult | undefined;
  private running = false;
  private disposed = false;

  /**
   * Loads a `JAR\x02` manifest.
   *
   * @throws FormatError naming the offset and what was expected there
   * @throws RangeError where an option is out of range, the arguments do not fit, or the gas does not cover the pages
   */
  static load(bytes: Uint8Array, options: KernelOptions = {}): Kernel {
    const kernel = new Kernel(bytes, options);
    keepSpecimen(kernel.engine);
    return kernel;
  }

  private constructor(bytes: Uint8Array, options: KernelOptions) {
    this.gasModel = options.gasModel ?? 'flat';
    if (this.gasModel !== 'flat' && this.gasModel !== 'pipeline') {
      throw new RangeError(`unknown gas model '${String(this.gasModel)}': expected 'flat' or 'pipeline'`);
    }
    this.engine = chooseEngine(options.engine ?? 'auto');
    this.host = hostTable(options.host ?? {});
    const inlineGas = this.host.reduce((bits, handler, id) => (handler === gasCounter ? bits | (1 << id) : bits), 0);
    const { trace } = options;
    // A trace may dispose of the kernel: in the middle of an operation, which must not go on then.
    const checked = (event: KernelEvent): void => {
      trace?.(event);
      this.checkUsable();
    };
    this.state = loadManifest(readManifest(bytes), trace === undefined ? options : { ...options, trace: checked }, {
      gasModel: this.gasModel,
      native: this.engine === 'recompiler',
      // A trace shows everything, so nothing may happen inside machine code.
      glue: trace === undefined,
      inlineGas: trace === undefined ? inlineGas : 0,
    });
    this.caller = new Caller(this.state);
    for (const [index, value] of Object.entries(options.registers ?? {})) {
      this.caller.setRegister(Number(index), value);
    }
  }

  // --- Running ------------------------------------------------------------------------------------------------------

  /**
   * Runs until the root VM ends, a protocol call has no host function, or a host function returns a promise. Running on
   * after `protocol-call` continues behind it, after `out-of-gas` and `page-fault` of the root with the instruction that
   * could not be executed; after `halt` and `panic` the result stays what it was.
   */
  run(): KernelResult {
    this.checkUsable();
    if (this.pending !== undefined) throw new Error('a protocol call is pending: await its promise before running on');
    if (this.running) throw new Error('the kernel is running: a host function cannot run its own caller');
    if (this.ended !== undefined) {
      if (this.ended.kind === 'halt' || this.ended.kind === 'panic') return this.ended;
      this.ended = undefined;
      this.state.records.setState(ROOT, State.Running);
    }
    this.running = true;
    try {
      const outcome = this.pendingOutcome;
      this.pendingOutcome = undefined;
      return (outcome === undefined ? undefined : this.stop(outcome)) ?? this.runOn();
    } finally {
      this.running = false;
    }
  }

  private checkUsable(): void {
    if (this.disposed) throw new Error('the kernel has been disposed');
  }

  /** Runs as `run` does, waiting for asynchronous host functions. */
  async runAsync(): Promise<FinalResult> {
    for (;;) {
      const result = this.run();
      if (result.kind !== 'pending') return result;
      await result.promise;
    }
  }

  private runOn(): KernelResult {
    for (;;) {
      const { native } = this.state.code;
      const exit = native === undefined ? this.interpret(false) : this.runNative(native);
      const result = exit === Exit.HostCall ? this.enter() : this.left(exit);
      if (result !== undefined) return result;
    }
  }

  /** Runs the interpreter from `next`; leaves `next` and `paid` as they are at the exit. */
  private interpret(stopAtBlock: boolean): Exit {
    const { state } = this;
    const machine = this.machine();
    machine.index = state.next;
    const exit = interpret(machine, stopAtBlock, state.paid);
    state.next = machine.index;
    state.paid = exit === Exit.PageFault && !state.flat;
    return exit;
  }

  /** The interpreter's view of the running VM. */
  private machine(): Machine {
    const { space, code, pageCount } = this.state;
    const id = this.state.records.code(this.state.vm);
    let machine = space.machines[id];
    if (machine === undefined) {
      machine = new Machine(code.decoded, space.words, space.memory, this.gasModel, pageCount, code.charges);
      space.machines[id] = machine;
    }
    return machine;
  }

  /** Runs machine code, with the interpreter in between, until the kernel or a fault. */
  private runNative(native: NativeCode): Exit {
    const { state } = this;
    const { words, window } = state.space;
    const { flags } = native.decoded;
    const contextAddress = window?.contextAddress as number;
    words[Context.EntryPoint / 4] = native.enterStub;
    for (;;) {
      if (state.paid || ((flags[state.next] as number) & CHARGE_START) === 0) {
        const exit = this.interpret(true);
        if (exit !== Exit.BlockBoundary) return exit;
        continue;
      }
      words[Context.Resume / 4] = native.address(state.next);
      native.enter(contextAddress);
      // The glue may have switched to another VM, which runs the same code in the same space.
      state.catchUp();
      const reason = words[Context.ExitReason / 4] as Exit;
      if (reason === Exit.HostCall) {
        state.next = words[Context.ExitSite / 4] as number;
        if (this.quickCall(native)) continue;
        return reason;
      }
      if (reason === Exit.Stub) {
        const stub = native.stubAt((words[Context.ExitSite / 4] as number) >>> 0);
        state.next = native.stubEntry(stub);
        if (native.stubKind(stub) === StubKind.Unpaid) {
          state.gas += BigInt(state.code.charges[state.next] as number);
        } else this.giveBackRest();
      } else {
        const at = Context.FaultPc / 4;
        state.next = native.faultEntry(((words[at] as number) >>> 0) + (words[at + 1] as number) * 2 ** 32);
        this.giveBackRest();
      }
      const exit = this.interpret(true);
      if (exit !== Exit.BlockBoundary) return exit;
    }
  }

  /**
   * A protocol call at `next` that is nothing special: done here, without leaving the loop around machine code.
   *
   * @returns whether it was done and the VM goes on; `answered` where it was done and does not
   */
  private quickCall({ decoded }: NativeCode): boolean {
    const { state } = this;
    const site = state.next;
    const { stream } = decoded;
    const slot = stream[site * STRIDE + Field.X] as number;
    const handler = slot > 0 && slot <= PROTOCOL_COUNT ? this.host[slot] : undefined;
    if (handler === undefined || stream[site * STRIDE] !== Op.ecalli || state.trace !== undefined) return false;
    if (((state.records.get(state.vm, Vm.Originals) >>> slot) & 1) === 0 || !state.charge(ENTER_GAS)) return false;
    state.next = site + 1;
    this.protocolSite = site;
    const outcome = handler(this.caller, slot);
    this.checkUsable();
    if (outcome === undefined) return true;
    this.answered = { outcome, id: slot };
    return false;
  }

  /** As `Instance` does: what was charged from `next` on, so that the interpreter can go on instruction by instruction. */
  private giveBackRest(): void {
    const { state } = this;
    if (state.flat) state.gas += BigInt(flatCostFrom(state.code.decoded, state.next));
    else state.paid = true;
  }

  // --- Entering the kernel ------------------------------------------------------------------------------------------

  /** `ecalli` or `ecall`, at `next`. */
  private enter(): KernelResult | undefined {
    const { state, answered } = this;
    if (answered !== undefined) {
      this.answered = undefined;
      return this.answer(answered.outcome, answered.id);
    }
    const site = state.next;
    const { stream } = state.code.decoded;
    if (stream[site * STRIDE] === Op.ecall) {
      if (!state.charge(ENTER_GAS)) return this.unpaid(site);
      state.next = site + 1;
      state.paid = false;
      return this.ecall(site);
    }
    const slot = (stream[site * STRIDE + Field.X] as number) >>> 0;
    state.paid = false;
    if (slot > LAST_DIRECT_SLOT) return this.left(Exit.Panic);
    if (!state.charge(ENTER_GAS)) return this.unpaid(site);
    state.next = site + 1;
    if (slot === IPC_SLOT) return this.switched(reply(state), site, slot, 0);
    const low = state.space.words[2 * 12] as number;
    return this.callSlot({ vm: state.vm, slot }, site, slot, low >>> 0);
  }

  private ecall(site: number): KernelResult | undefined {
    const { state } = this;
    const operation = state.register32(11);
    const { words } = state.space;
    const object = (words[2 * 12] as number) >>> 0;
    const subject = (words[2 * 12 + 1] as number) >>> 0;
    if (operation === Operation.Call) {
      if (subject === IPC_SLOT) return this.switched(reply(state), site, subject, object);
      const place = state.resolve(subject);
      if (place === undefined) return this.failed('CALL', subject, object);
      return this.callSlot(place, site, subject, object);
    }
    if (operation === Operation.Resume) return this.switched(resume(state, subject), site, subject, object, 'RESUME');
    const result = operate(state, operation, subject, object);
    const name = OPERATION_NAMES[operation] ?? `operation ${operation}`;
    if (result === false) return this.failed(name, subject, object);
    state.moveToOwnSpace();
    state.trace?.({
      kind: 'operation',
      vm: state.vm,
      operation: name,
      subject,
      object,
      ok: true,
      moved: result === true ? undefined : result,
      value: state.register(7),
    });
    return undefined;
  }

  /** CALL of the capability in a slot. */
  private callSlot(place: Place, site: number, subject: number, object: number): KernelResult | undefined {
    const { state } = this;
    const target = state.capability(place);
    switch (target?.kind) {
      case Kind.Protocol:
        return this.protocolCall(target.id, site);
      case Kind.Handle:
      case Kind.Callable:
        return this.switched(call(state, target), site, subject, object);
      case Kind.Code:
        return create(state, place, object) ? undefined : this.failed('CREATE', subject, object);
      case Kind.Untyped: {
        const result = retype(state, object);
        if (result === 'unpaid') return this.unpaidAfter(site);
        if (result === false) return this.failed('RETYPE', subject, object);
        state.trace?.({
          kind: 'operation',
          vm: state.vm,
          operation: 'RETYPE',
          subject,
          object,
          ok: true,
          moved: undefined,
          value: state.register(7),
        });
        return undefined;
      }
      default:
        return this.failed('CALL', subject, object);
    }
  }

  private failed(operation: string, subject: number, object: number): undefined {
    const { state } = this;
    state.setRegister(7, WHAT);
    state.trace?.({
      kind: 'operation',
      vm: state.vm,
      operation,
      subject,
      object,
      ok: false,
      moved: undefined,
      value: state.register(7),
    });
    return undefined;
  }

  private switched(
    how: Switched,
    site: number,
    subject: number,
    object: number,
    name = 'CALL',
  ): KernelResult | undefined {
    if (how === Switched.Yes) return undefined;
    if (how === Switched.Failed) return this.failed(name, subject, object);
    if (how === Switched.Unpaid) return this.unpaidAfter(site);
    this.ended = { kind: 'halt', value: this.state.register(7) };
    return this.ended;
  }

  /** The gas does not cover entering the kernel. */
  private unpaid(site: number): KernelResult | undefined {
    this.state.undo(site);
    return this.left(Exit.OutOfGas);
  }

  /** Entering was paid for, what it was for could not be. */
  private unpaidAfter(site: number): KernelResult | undefined {
    this.state.gas += BigInt(ENTER_GAS);
    return this.unpaid(site);
  }

  // --- Leaving a VM -------------------------------------------------------------------------------------------------

  /** The running VM has halted or faulted at `next`. */
  private left(exit: Exit): KernelResult | undefined {
    const { state } = this;
    if (exit === Exit.Halt) return this.switched(halted(state), 0, 0, 0);
    const { decoded } = state.code;
    const pc = decoded.stream[state.next * STRIDE + Field.Pc] as number;
    const trap = exit === Exit.Panic && isTrap(state.code, state.next);
    const address = exit === Exit.PageFault ? this.machine().exitArgument : 0;
    if (fault(state, statusOf(exit, trap), address, pc) !== Switched.Ended) return undefined;
    if (exit === Exit.PageFault) this.ended = { kind: 'page-fault', pc, address };
    else if (exit === Exit.OutOfGas) this.ended = { kind: 'out-of-gas', pc };
    else this.ended = { kind: 'panic', pc, trap };
    return this.ended;
  }

  // --- Protocol calls -----------------------------------------------------------------------------------------------

  private protocolCall(id: number, site: number): KernelResult | undefined {
    const { state } = this;
    this.protocolSite = site;
    state.trace?.({ kind: 'protocol', vm: state.vm, id, gas: state.gas });
    const handler = this.host[id];
    if (handler === undefined) return { kind: 'protocol-call', id };
    const outcome = handler(this.caller, id);
    this.checkUsable();
    return outcome === undefined ? undefined : this.answer(outcome, id);
  }

  /** A host function has returned something. */
  private answer(outcome: unknown, id: number): KernelResult | undefined {
    if (typeof outcome === 'object' && outcome !== null && 'then' in outcome) {
      return this.suspend(outcome as Promise<unknown>, id);
    }
    return this.stop(checkOutcome(outcome as string, id));
  }

  private suspend(outcome: Promise<unknown>, id: number): KernelResult {
    const settle = async () => {
      try {
        const result = await outcome;
        if (result !== undefined) this.pendingOutcome = checkOutcome(result as string, id);
      } finally {
        this.pending = undefined;
      }
    };
    this.pending = settle();
    return { kind: 'pending', id, promise: this.pending };
  }

  /** A host function ends its caller. */
  private stop(outcome: Exclude<ProtocolOutcome, undefined>): KernelResult | undefined {
    this.state.next = this.protocolSite;
    return this.left(outcome === 'halt' ? Exit.Halt : outcome === 'panic' ? Exit.Panic : Exit.OutOfGas);
  }

  // --- Looking ------------------------------------------------------------------------------------------------------

  /** Gas left: of the running VM and of all that wait for it. */
  get gas(): bigint {
    return this.disposed ? 0n : this.state.totalGas;
  }

  /** Sets the gas of the running VM; those that wait for it keep what they have. */
  set gas(gas: bigint) {
    this.caller.gas = gas;
  }

  /** VMs that exist. */
  get liveVms(): number {
    return this.state.records.live;
  }

  /** A VM's state; undefined where there is none of that index. */
  vm(index: number): VmInfo | undefined {
    return inspectVm(this.state, index);
  }

  /** All VMs, by index. */
  *vms(): IterableIterator<VmInfo> {
    for (let vm = 0; vm < this.state.records.used; vm++) {
      const info = this.vm(vm);
      if (info !== undefined) yield info;
    }
  }

  /**
   * Memory as a VM sees it.
   *
   * @throws MemoryAccessError where a page is not mapped in it
   */
  readVm(index: number, address: number, length: number): Uint8Array {
    return readMemory(this.state, index, address, length);
  }

  /** A physical page, by number. */
  readPhysical(page: number): Uint8Array {
    return this.state.pages.read(page);
  }

  /** The root VM's writable memory, to start another run of the same program with. */
  snapshot(): KernelSnapshot {
    return takeSnapshot(this.state);
  }

  /** The machine code of a CODE capability beside what it was made from; undefined where there is none. */
  nativeCode(id: number): NativeCode | undefined {
    return this.state.codes[id]?.native;
  }

  /** Gives the memory back at once; otherwise the garbage collector does some time after the kernel was dropped. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.state.dispose();
  }
}

/** Whether an entry is a `trap` that stands in the code, not one that stands for what is no instruction. */
function isTrap({ decoded }: KernelCode, entry: number): boolean {
  const { stream, bitmask, code, codeLength } = decoded;
  if (stream[entry * STRIDE] !== Op.trap) return false;
  const pc = stream[entry * STRIDE + Field.Pc] as number;
  return pc < codeLength && code[pc] === 0 && (((bitmask[pc >> 3] as number) >> (pc & 7)) & 1) !== 0;
}

function chooseEngine(engine: 'auto' | 'interpreter' | 'recompiler'): 'interpreter' | 'recompiler' {
  if (engine === 'interpreter') return engine;
  const support = nativeSupport();
  if (engine === 'auto') return support.available ? 'recompiler' : 'interpreter';
  if (engine !== 'recompiler') {
    throw new RangeError(`unknown engine '${String(engine)}': expected 'interpreter', 'recompiler' or 'auto'`);
  }
  if (!support.available) throw new Error(`the recompiler is not available: ${support.reason}`);
  return engine;
}

const OUTCOMES = { halt: true, panic: true, 'out-of-gas': true } as const;

function checkOutcome(outcome: string, id: number): Exclude<ProtocolOutcome, undefined> {
  if (Object.hasOwn(OUTCOMES, outcome)) return outcome as keyof typeof OUTCOMES;
  throw new TypeError(`host function ${id} returned '${outcome}': expected 'halt', 'panic', 'out-of-gas' or nothing`);
}
