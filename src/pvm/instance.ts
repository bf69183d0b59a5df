/**
 * An instance: one guest with its registers, gas and memory, run by either engine.
 *
 * Between two runs all of a guest is in its context block and its memory, at the same places for both engines, so an
 * instance can be inspected, changed, frozen or handed to the other engine at any exit. Emitted code runs from one
 * charged stretch of code to another; whatever else there is to do — a stretch the gas does not cover, an instruction
 * in the middle of one, a fault whose exact kind is asked for — the interpreter does, up to the next such stretch.
 */
import { flatCostFrom, type GasModel } from './gas/index.js';
import { type Host, HostTable } from './host-calls.js';
import { interpret, Machine } from './interpreter/interpreter.js';
import { CHARGE_START, Field, STRIDE } from './isa/decode.js';
import { CONTEXT_SIZE, Context, Exit, GAS_WORD, LOWEST_ADDRESS, PAGE_SIZE, REGISTER_COUNT } from './layout.js';
import { GuestMemory } from './memory/guest-memory.js';
import { PortableBacking } from './memory/portable.js';
import { NativeWindow } from './memory/window.js';
import { Access, type Segment } from './program/image.js';
import { type Engine, Program } from './program.js';
import { StubKind } from './recompiler/code-buffer.js';
import type { NativeCode } from './recompiler/native-code.js';
import { captureMemory, restoreMemory, type Snapshot } from './snapshot.js';

/** Largest gas: the counter is a signed 64-bit number. */
export const MAX_GAS = 0x7fff_ffff_ffff_ffffn;

/** How to make an instance. */
export interface InstanceOptions {
  /** `auto` (the default) takes the recompiler where the machine has it. */
  readonly engine?: Engine | 'auto';
  /** Gas to start with, 0 … 2^63 − 1; by default the most there can be. */
  readonly gas?: bigint | number;
  /** Cost model; `flat` by default. */
  readonly gasModel?: GasModel;
  /** Arguments of a standard program. */
  readonly args?: Uint8Array;
  /** Host functions. Calls that have none end the run with `host-call`. */
  readonly host?: Host;
  /** Byte offset to start at; the image's entry by default. */
  readonly pc?: number;
  /** All 13 registers; the container's own by default. */
  readonly registers?: readonly bigint[];
  /** Initial memory in place of the image's. */
  readonly segments?: readonly Segment[];
}

/** Why a run stopped. `pc` is the byte offset of the instruction that caused it. */
export type ExitResult =
  | { readonly kind: 'halt'; readonly pc: number }
  | { readonly kind: 'panic'; readonly pc: number }
  | { readonly kind: 'out-of-gas'; readonly pc: number }
  | { readonly kind: 'page-fault'; readonly pc: number; readonly address: number }
  | { readonly kind: 'host-call'; readonly pc: number; readonly id: number }
  | { readonly kind: 'pending'; readonly pc: number; readonly id: number; readonly promise: Promise<void> };

/** An exit after which `runAsync` returns. */
export type FinalExit = Exclude<ExitResult, { kind: 'pending' }>;

const GUEST_EXITS = { halt: true, panic: true, 'out-of-gas': true } as const;

/** A guest. */
export class Instance {
  /** Guest memory; reads and writes respect page permissions. */
  memory!: GuestMemory;
  readonly gasModel: GasModel;
  private readonly hostTable: HostTable | undefined;
  private readonly decoded;
  private machine!: Machine;
  /** Where the memory lies; undefined on platforms without native support, which have portable memory. */
  private window: NativeWindow | undefined;
  private code: NativeCode | undefined;
  // Views of the context block.
  private words!: Int32Array;
  private quads!: BigInt64Array;
  /** Entry to execute next; −1 where the program counter is no instruction. */
  private next: number;
  /** Program counter as it is reported. */
  private at: number;
  /** `pipeline`: the stretch `next` lies in has been paid for. */
  private paid = false;
  private pending: Promise<void> | undefined;
  private pendingExit: 'halt' | 'panic' | 'out-of-gas' | undefined;
  private disposed = false;
  private running = false;

  constructor(
    readonly program: Program,
    options: InstanceOptions = {},
  ) {
    const { image } = program;
    this.decoded = program.decoded;
    this.gasModel = options.gasModel ?? 'flat';
    if (this.gasModel !== 'flat' && this.gasModel !== 'pipeline') {
      throw new RangeError(`unknown gas model '${String(this.gasModel)}': expected 'flat' or 'pipeline'`);
    }
    if (options.host !== undefined) this.hostTable = new HostTable(options.host, image.imports);
    this.at = checkInteger('pc', options.pc ?? image.entry, 0, 0xffffffff);
    this.next = this.entryAt(this.at);

    const args = options.args ?? new Uint8Array(0);
    if (args.length > 0 && image.argumentsAddress === undefined) {
      throw new RangeError(`a ${image.kind} program takes no arguments`);
    }
    if (args.length > image.argumentsLimit) {
      throw new RangeError(`${args.length} bytes of arguments; at most ${image.argumentsLimit} fit`);
    }
    const registers = options.registers ?? image.registers;
    if (registers.length !== REGISTER_COUNT) {
      throw new RangeError(`${registers.length} registers given; there are ${REGISTER_COUNT}`);
    }
    const gas = checkGas(options.gas ?? MAX_GAS);

    this.attach(chooseEngine(options.engine ?? 'auto'));
    const shared = this.window !== undefined && options.segments === undefined ? program.segmentImage() : undefined;
    const segments = options.segments ?? image.segments;
    segments.forEach((segment, i) => {
      this.addSegment(segment, shared === undefined ? undefined : [shared.image, shared.offsets[i] as number]);
    });
    if (args.length > 0) {
      const address = image.argumentsAddress as number;
      const length = Math.ceil(args.length / PAGE_SIZE) * PAGE_SIZE;
      this.addSegment({ name: 'arguments', address, length, access: Access.Read, data: args }, undefined);
    }
    registers.forEach((value, i) => this.setRegister(i, value));
    if (image.argumentsAddress !== undefined && options.registers === undefined) {
      this.setRegister(8, BigInt(args.length));
    }
    this.quads[Context.Gas / 8] = gas;
  }

  /** Makes an instance from a snapshot; see `Program.restore`. */
  static restore(
    program: Program,
    snapshot: Snapshot,
    options: Omit<InstanceOptions, 'args' | 'segments' | 'gasModel'>,
  ): Instance {
    if (snapshot.version !== 1) throw new RangeError(`snapshot version ${String(snapshot.version)}: expected 1`);
    // A snapshot may come from a file: what emitted code would be entered by must be checked.
    const { next } = snapshot;
    if (!Number.isInteger(next) || next >= program.decoded.count || next < -1) {
      throw new RangeError(`the snapshot continues at entry ${next}, which this program does not have`);
    }
    checkInteger('pc', snapshot.pc, 0, 0xffffffff);
    checkInteger('brk', snapshot.brk, 0, 2 ** 32);
    const instance = new Instance(program, {
      gas: snapshot.gas,
      registers: snapshot.registers,
      ...options,
      gasModel: snapshot.gasModel,
      segments: [],
    });
    restoreMemory(instance.memory, snapshot.regions);
    instance.memory.brk = snapshot.brk;
    if (options.pc === undefined) {
      instance.at = snapshot.pc;
      instance.next = snapshot.next;
      instance.paid = snapshot.paid;
    }
    return instance;
  }

  // --- State --------------------------------------------------------------------------------------------------------

  /** The engine that runs this instance. Setting it moves the instance, between any two runs. */
  get engine(): Engine {
    return this.code === undefined ? 'interpreter' : 'recompiler';
  }

  set engine(engine: Engine) {
    this.checkUsable();
    if (chooseEngine(engine) === this.engine) return;
    this.use(engine);
  }

  /** Register φ`index` as an unsigned 64-bit number. */
  getRegister(index: number): bigint {
    checkInteger('register', index, 0, REGISTER_COUNT - 1);
    return BigInt.asUintN(64, this.quads[index] as bigint);
  }

  /** Sets register φ`index`; negative values are taken modulo 2^64. */
  setRegister(index: number, value: bigint): void {
    checkInteger('register', index, 0, REGISTER_COUNT - 1);
    this.quads[index] = BigInt.asIntN(64, value);
  }

  /** Low 32 bits of register φ`index`, unsigned: all a host function needs of an address or a length, without BigInt. */
  getRegister32(index: number): number {
    return (this.words[index * 2] as number) >>> 0;
  }

  /** Sets register φ`index` to an unsigned 32-bit number. */
  setRegister32(index: number, value: number): void {
    checkInteger('register', index, 0, REGISTER_COUNT - 1);
    this.words[index * 2] = value;
    this.words[index * 2 + 1] = 0;
  }

  /** All 13 registers, unsigned. */
  get registers(): bigint[] {
    return Array.from({ length: REGISTER_COUNT }, (_, i) => this.getRegister(i));
  }

  /** Remaining gas. */
  get gas(): bigint {
    return this.quads[Context.Gas / 8] as bigint;
  }

  set gas(gas: bigint | number) {
    this.quads[Context.Gas / 8] = checkGas(gas);
  }

  /** Program counter: after an exit, the byte offset of the instruction that caused it. Setting it moves execution there. */
  get pc(): number {
    return this.at;
  }

  set pc(pc: number) {
    this.at = checkInteger('pc', pc, 0, 0xffffffff);
    this.next = this.entryAt(pc);
    this.paid = false;
  }

  /**
   * Freezes the instance as it is now.
   *
   * @throws Error while a host call is pending
   */
  snapshot(): Snapshot {
    this.checkUsable();
    if (this.pending !== undefined || this.pendingExit !== undefined) {
      throw new Error('a host call is pending: its outcome would be lost. Await its promise and run on first');
    }
    return {
      version: 1,
      gasModel: this.gasModel,
      registers: this.registers,
      gas: this.gas,
      pc: this.at,
      next: this.next,
      paid: this.paid,
      brk: this.memory.brk,
      regions: captureMemory(this.memory),
    };
  }

  /** Gives the instance's memory back at once; otherwise the garbage collector does some time after it was dropped. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    // Nothing may reach the released memory any more: state reads as zero from here on.
    this.words = new Int32Array(CONTEXT_SIZE / 4);
    this.quads = new BigInt64Array(this.words.buffer);
    this.memory.dispose();
    this.window = undefined;
    this.code = undefined;
  }

  // --- Running ------------------------------------------------------------------------------------------------------

  /**
   * Runs until the guest stops, or a host function does or returns a promise (`pending`: await the promise, then run
   * on). Running on after `host-call` continues behind it; after `page-fault` and `out-of-gas`, with the instruction
   * that could not be executed.
   */
  run(): ExitResult {
    this.checkUsable();
    if (this.pending !== undefined) throw new Error('a host call is pending: await its promise before running on');
    if (this.pendingExit !== undefined) {
      const kind = this.pendingExit;
      this.pendingExit = undefined;
      return { kind, pc: this.at };
    }
    if (this.running) throw new Error('the instance is running: a host function cannot run its own caller');
    this.running = true;
    try {
      return this.runOn();
    } finally {
      this.running = false;
    }
  }

  private runOn(): ExitResult {
    if (this.next < 0) return this.runNowhere();
    for (;;) {
      const exit = this.code === undefined ? this.interpret(false) : this.runNative(this.code);
      if (exit !== Exit.HostCall) return this.stopped(exit);
      const site = this.next;
      const stream = this.decoded.stream;
      this.at = stream[site * STRIDE + Field.Pc] as number;
      this.next = site + 1;
      this.paid = false;
      const id = (stream[site * STRIDE + Field.X] as number) >>> 0;
      const handler = this.hostTable?.get(id);
      if (handler === undefined) return { kind: 'host-call', pc: this.at, id };
      const outcome = handler(this, id);
      this.checkUsable();
      if (outcome === undefined) {
        // A host function may have moved the program counter.
        if (this.next < 0) return this.runNowhere();
        continue;
      }
      if (typeof outcome === 'object' && typeof outcome.then === 'function') return this.suspend(outcome, id);
      return { kind: checkOutcome(outcome as string, id), pc: this.at };
    }
  }

  /** Runs as `run` does, waiting for asynchronous host functions. */
  async runAsync(): Promise<FinalExit> {
    for (;;) {
      const exit = this.run();
      if (exit.kind !== 'pending') return exit;
      await exit.promise;
    }
  }

  private suspend(outcome: Promise<unknown>, id: number): ExitResult {
    const settle = async () => {
      try {
        const result = await outcome;
        if (result !== undefined) this.pendingExit = checkOutcome(result as string, id);
      } finally {
        this.pending = undefined;
      }
    };
    this.pending = settle();
    return { kind: 'pending', pc: this.at, id, promise: this.pending };
  }

  /** The program counter is no instruction: it acts as a trap there. */
  private runNowhere(): ExitResult {
    if (this.gas < 1n) return { kind: 'out-of-gas', pc: this.at };
    this.gas = this.gas - 1n;
    return { kind: 'panic', pc: this.at };
  }

  private stopped(exit: Exit): ExitResult {
    const pc = this.decoded.stream[this.next * STRIDE + Field.Pc] as number;
    this.at = pc;
    switch (exit) {
      case Exit.Halt:
        return { kind: 'halt', pc };
      case Exit.Panic:
        return { kind: 'panic', pc };
      case Exit.OutOfGas:
        return { kind: 'out-of-gas', pc };
      case Exit.PageFault:
        return { kind: 'page-fault', pc, address: this.machine.exitArgument };
      default:
        throw new Error(`engine stopped with exit ${exit} at pc ${pc}`);
    }
  }

  /** Runs the interpreter from `next`; leaves `next` and `paid` as they are at the exit. */
  private interpret(stopAtBlock: boolean): Exit {
    const { machine } = this;
    machine.index = this.next;
    const exit = interpret(machine, stopAtBlock, this.paid);
    this.next = machine.index;
    // A fault stops inside a stretch that has been paid for; the other exits leave it.
    this.paid = exit === Exit.PageFault && this.gasModel === 'pipeline';
    return exit;
  }

  /** Runs emitted code, with the interpreter in between, until an exit that is the guest's own. */
  private runNative(code: NativeCode): Exit {
    const { words } = this;
    const { flags } = this.decoded;
    const { contextAddress } = this.window as NativeWindow;
    for (;;) {
      if (this.paid || ((flags[this.next] as number) & CHARGE_START) === 0) {
        const exit = this.interpret(true);
        if (exit !== Exit.BlockBoundary) return exit;
        continue;
      }
      words[Context.Resume / 4] = code.address(this.next);
      code.enter(contextAddress);
      const reason = words[Context.ExitReason / 4] as Exit;
      if (reason === Exit.HostCall) {
        this.next = words[Context.ExitSite / 4] as number;
        return reason;
      }
      if (reason === Exit.Stub) {
        const stub = code.stubAt((words[Context.ExitSite / 4] as number) >>> 0);
        this.next = code.stubEntry(stub);
        if (code.stubKind(stub) === StubKind.Unpaid) {
          addGas(words, this.program.chargeTable(this.gasModel)[this.next] as number);
          // The interpreter finds out what can still be paid.
        } else this.giveBackRest();
      } else {
        this.next = code.faultEntry(faultPc(words));
        this.giveBackRest();
      }
      const exit = this.interpret(true);
      if (exit !== Exit.BlockBoundary) return exit;
    }
  }

  /**
   * `flat`: gives back what was charged for the instructions from `next` on, so that they can be executed one by one.
   * `pipeline`: the stretch stays paid for.
   */
  private giveBackRest(): void {
    if (this.gasModel === 'flat') addGas(this.words, flatCostFrom(this.decoded, this.next));
    else this.paid = true;
  }

  // --- Making -------------------------------------------------------------------------------------------------------

  /** Makes context and memory for an engine, empty. */
  private attach(engine: Engine): void {
    const { program } = this;
    const { heap } = program.image;
    let context: ArrayBuffer;
    if (Program.recompilerUnavailable() === undefined) {
      // The interpreter works in a window, too: pages cost memory when they are touched and initial data is shared.
      this.window = new NativeWindow();
      this.memory = new GuestMemory(this.window, heap);
      context = this.window.context;
    } else {
      this.memory = new GuestMemory(new PortableBacking(), heap);
      context = new ArrayBuffer(Context.Gas + 8);
    }
    this.words = new Int32Array(context);
    this.quads = new BigInt64Array(context);
    this.use(engine);
    this.machine = new Machine(
      this.decoded,
      this.words,
      this.memory,
      this.gasModel,
      program.pageCount,
      program.chargeTable(this.gasModel),
    );
  }

  /** Lets an engine run this instance from now on. */
  private use(engine: Engine): void {
    this.code = engine === 'recompiler' ? this.program.nativeCode(this.gasModel) : undefined;
    if (this.code === undefined) return;
    setAddress(this.words, Context.WindowBase, (this.window as NativeWindow).base);
    setAddress(this.words, Context.EntryPoint, this.code.enterStub);
    setAddress(this.words, Context.Resume, 0);
  }

  private addSegment(segment: Segment, shared: readonly [SharedSegmentImage, number] | undefined): void {
    const { address, length, access, data, name } = segment;
    if (address < LOWEST_ADDRESS || address % PAGE_SIZE !== 0 || length % PAGE_SIZE !== 0 || data.length > length) {
      throw new RangeError(
        `segment '${name}': expected whole pages from 0x${LOWEST_ADDRESS.toString(16)} on that hold the data, ` +
          `found address 0x${address.toString(16)}, length ${length}, ${data.length} bytes of data`,
      );
    }
    if (length === 0) return;
    if (shared !== undefined && shared[1] >= 0 && this.window !== undefined) {
      this.memory.map(address, length, access);
      const bytes = Math.ceil(data.length / PAGE_SIZE) * PAGE_SIZE;
      this.window.mapImage(shared[0], shared[1], address, bytes, access);
    } else if (data.length > 0) {
      this.memory.map(address, length, Access.Write);
      this.memory.writeInitial(address, data);
      if (access !== Access.Write) this.memory.protect(address, length, access);
    } else this.memory.map(address, length, access);
  }

  /** Entry of the instruction at a byte offset; −1 where none starts. */
  private entryAt(pc: number): number {
    return this.decoded.entryAt(pc);
  }

  private checkUsable(): void {
    if (this.disposed) throw new Error('the instance has been disposed');
  }
}

type SharedSegmentImage = Parameters<NativeWindow['mapImage']>[0];

function chooseEngine(engine: Engine | 'auto'): Engine {
  if (engine === 'interpreter') return engine;
  const unavailable = Program.recompilerUnavailable();
  if (engine === 'auto') return unavailable === undefined ? 'recompiler' : 'interpreter';
  if (engine !== 'recompiler') {
    throw new RangeError(`unknown engine '${String(engine)}': expected 'interpreter', 'recompiler' or 'auto'`);
  }
  if (unavailable !== undefined) throw new Error(`the recompiler is not available: ${unavailable}`);
  return engine;
}

function checkGas(gas: bigint | number): bigint {
  if (typeof gas === 'number' && !Number.isSafeInteger(gas)) throw new RangeError(`gas ${gas} is not a whole number`);
  const value = BigInt(gas);
  if (value < 0n || value > MAX_GAS) throw new RangeError(`gas ${gas} is not within 0 … 2^63 − 1`);
  return value;
}

function checkInteger(what: string, value: number, low: number, high: number): number {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new RangeError(`${what} ${value} is not within ${low} … ${high}`);
  }
  return value;
}

function checkOutcome(outcome: string, id: number): 'halt' | 'panic' | 'out-of-gas' {
  if (Object.hasOwn(GUEST_EXITS, outcome)) return outcome as keyof typeof GUEST_EXITS;
  throw new TypeError(`host function ${id} returned '${outcome}': expected 'halt', 'panic', 'out-of-gas' or nothing`);
}

/** Adds a small amount to the gas counter in a context. */
function addGas(words: Int32Array, amount: number): void {
  const low = ((words[GAS_WORD] as number) >>> 0) + amount;
  words[GAS_WORD] = low;
  if (low >= 2 ** 32) words[GAS_WORD + 1] = (words[GAS_WORD + 1] as number) + 1;
}

function faultPc(words: Int32Array): number {
  const i = Context.FaultPc / 4;
  return ((words[i] as number) >>> 0) + (words[i + 1] as number) * 2 ** 32;
}

function setAddress(words: Int32Array, offset: number, address: number): void {
  words[offset / 4] = address;
  words[offset / 4 + 1] = Math.floor(address / 2 ** 32);
}
