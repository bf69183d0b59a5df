/**
 * Recorded runs with host calls: the line format of JIP-6, read and replayed.
 *
 * A replay plays the host. At every `ecalli` the recording says what the machine must look like, what the host
 * read (which must be in the guest's memory now) and what it then wrote and set (which is done, so that the run goes on
 * as it did). A replay passes when every state, every read and the last line agree.
 */

import type { ExitResult, Instance } from '../instance.js';
import { REGISTER_COUNT } from '../layout.js';
import { Access, FormatError } from '../program/image.js';
import { Program } from '../program.js';
import { compareMemory, compareRegisters, type Difference, hex, hexToBytes } from './difference.js';
import type { EngineName } from './vectors.js';

/** The machine as a line of the recording has it. */
export interface TraceState {
  /** Line number in the file, from 1. */
  readonly line: number;
  readonly pc: number;
  readonly gas: bigint;
  /** All 13; those the line does not name are zero. */
  readonly registers: readonly bigint[];
}

/** Something the host did during a call. */
export type TraceAction =
  | { readonly kind: 'memread'; readonly line: number; readonly address: number; readonly bytes: Uint8Array }
  | { readonly kind: 'memwrite'; readonly line: number; readonly address: number; readonly bytes: Uint8Array }
  | { readonly kind: 'setreg'; readonly line: number; readonly register: number; readonly value: bigint }
  | { readonly kind: 'setgas'; readonly line: number; readonly gas: bigint };

/** One host call: the state the guest left with, and what the host did. */
export interface TraceCall {
  readonly id: number;
  readonly state: TraceState;
  readonly actions: readonly TraceAction[];
}

/** How a recorded run ended. */
export interface TraceEnd {
  readonly kind: 'halt' | 'panic' | 'out-of-gas' | 'page-fault';
  /** Page that faulted, where the kind is `page-fault`. */
  readonly address: number | undefined;
  readonly state: TraceState;
}

/** A recorded run. */
export interface Trace {
  readonly program: Uint8Array;
  /** Memory written before the start: arguments. */
  readonly initialMemory: readonly { readonly address: number; readonly bytes: Uint8Array }[];
  readonly start: TraceState;
  readonly calls: readonly TraceCall[];
  readonly end: TraceEnd;
}

/** What a replay measured. */
export interface Replay {
  /** The first difference from the recording; undefined where it passed. */
  readonly difference: Difference | undefined;
  /** Host calls the guest made. */
  readonly calls: number;
  /** Gas at the end. */
  readonly gas: bigint;
  /** Time inside `Instance.run`, milliseconds. */
  readonly milliseconds: number;
}

/**
 * Reads a recording.
 *
 * @throws FormatError naming the line and what was expected there; its offset is that of the line
 */
export function parseTrace(text: string): Trace {
  return new TraceReader(text).read();
}

/** Replays a recording on an engine: the first difference from it, or undefined where it passes. */
export function replayTrace(trace: Trace, engine: EngineName = 'auto'): Difference | undefined {
  return replay(trace, engine).difference;
}

/** Replays a recording and measures it. `program` saves loading it again where many traces share one. */
export function replay(trace: Trace, engine: EngineName = 'auto', program = Program.load(trace.program)): Replay {
  const { argumentsAddress } = program.image;
  const args = trace.initialMemory.find(({ address }) => address === argumentsAddress);
  const instance = program.instantiate({
    engine,
    gas: trace.start.gas,
    gasModel: 'flat',
    pc: trace.start.pc,
    registers: [...trace.start.registers],
    ...(args === undefined ? {} : { args: args.bytes }),
  });
  let calls = 0;
  let milliseconds = 0;
  const run = (): ExitResult => {
    const start = performance.now();
    const exit = instance.run();
    milliseconds += performance.now() - start;
    return exit;
  };
  const follow = (): Difference | undefined => {
    for (const write of trace.initialMemory) {
      if (write !== args) instance.memory.write(write.address, write.bytes);
    }
    for (const call of trace.calls) {
      const exit = run();
      const difference =
        compareKind(call.state, `host-call ${call.id}`, exit) ?? compareState(call.state, exit, instance);
      if (difference !== undefined) return difference;
      calls++;
      for (const action of call.actions) {
        const wrong = act(action, instance);
        if (wrong !== undefined) return wrong;
      }
    }
    const exit = run();
    return compareKind(trace.end.state, describeEnd(trace.end), exit) ?? compareState(trace.end.state, exit, instance);
  };
  try {
    return { difference: follow(), calls, gas: instance.gas, milliseconds };
  } finally {
    instance.dispose();
  }
}

function act(action: TraceAction, instance: Instance): Difference | undefined {
  switch (action.kind) {
    case 'memread': {
      const { address, bytes, line } = action;
      return compareMemory(instance.memory, address, bytes, `line ${line}, `);
    }
    case 'memwrite': {
      const { address, bytes, line } = action;
      const page = instance.memory.firstInaccessible(address, bytes.length, Access.Write);
      if (page >= 0) {
        const where = `line ${line}, memory at ${hex(page)}`;
        return { where, expected: 'writable memory', actual: 'a page that is not' };
      }
      instance.memory.write(address, bytes);
      return undefined;
    }
    case 'setreg':
      instance.setRegister(action.register, action.value);
      return undefined;
    case 'setgas':
      instance.gas = action.gas;
      return undefined;
  }
}

function describeEnd({ kind, address }: TraceEnd): string {
  return kind === 'page-fault' && address !== undefined ? `page-fault at ${hex(address)}` : kind;
}

function describeExit(exit: ExitResult): string {
  if (exit.kind === 'page-fault') return `page-fault at ${hex(exit.address)}`;
  return exit.kind === 'host-call' ? `host-call ${exit.id}` : exit.kind;
}

function compareKind({ line }: TraceState, expected: string, exit: ExitResult): Difference | undefined {
  const actual = describeExit(exit);
  return expected === actual ? undefined : { where: `line ${line}, exit`, expected, actual };
}

function compareState(state: TraceState, exit: ExitResult, instance: Instance): Difference | undefined {
  const where = `line ${state.line}, `;
  if (exit.pc !== state.pc) return { where: `${where}pc`, expected: `${state.pc}`, actual: `${exit.pc}` };
  const { gas } = instance;
  if (gas !== state.gas) return { where: `${where}gas`, expected: `${state.gas}`, actual: `${gas}` };
  return compareRegisters(state.registers, instance.registers, where);
}

const ENDS: Readonly<Record<string, TraceEnd['kind']>> = {
  HALT: 'halt',
  PANIC: 'panic',
  OOG: 'out-of-gas',
  FAULT: 'page-fault',
};

/** Reads the lines of one recording. */
class TraceReader {
  readonly #lines: string[];
  /** Index of the line being read. */
  #index = 0;

  constructor(text: string) {
    this.#lines = text.split('\n');
  }

  read(): Trace {
    let program: Uint8Array | undefined;
    let start: TraceState | undefined;
    const initialMemory: { address: number; bytes: Uint8Array }[] = [];
    const calls: { id: number; state: TraceState; actions: TraceAction[] }[] = [];
    for (; this.#index < this.#lines.length; this.#index++) {
      const words = (this.#lines[this.#index] as string).trim().split(/\s+/);
      const [keyword, argument] = (words[0] as string).split('=', 2) as [string, string | undefined];
      if (keyword === '') continue;
      if (keyword === 'program') {
        program = this.#bytes(words[1]);
      } else if (keyword === 'start') {
        start = this.#state(words);
      } else if (keyword === 'memwrite' && start === undefined) {
        initialMemory.push(this.#memory(words));
      } else if (program === undefined || start === undefined) {
        return this.#fail(program === undefined ? '"program 0x…"' : '"start pc=… gas=…"');
      } else if (keyword === 'ecalli') {
        calls.push({ id: this.#number(argument), state: this.#state(words), actions: [] });
      } else if (keyword in ENDS) {
        const kind = ENDS[keyword] as TraceEnd['kind'];
        const address = kind === 'page-fault' ? this.#number(argument) : undefined;
        return { program, initialMemory, start, calls, end: { kind, address, state: this.#state(words) } };
      } else {
        const action = this.#action(keyword, words);
        (calls.at(-1) ?? this.#fail('"ecalli=…" before what a host did')).actions.push(action);
      }
    }
    return this.#fail('a last line with HALT, PANIC, OOG or FAULT');
  }

  #action(keyword: string, words: string[]): TraceAction {
    const line = this.#index + 1;
    switch (keyword) {
      case 'memread':
      case 'memwrite':
        return { kind: keyword, line, ...this.#memory(words) };
      case 'setreg':
        return { kind: keyword, line, register: this.#register(words[1]), value: this.#big(words[3]) };
      case 'setgas':
        return { kind: keyword, line, gas: this.#big(words[2]) };
      default:
        return this.#fail('ecalli, memread, memwrite, setreg, setgas, HALT, PANIC, OOG or FAULT');
    }
  }

  /** `memread ADDRESS len=N -> BYTES` and `memwrite ADDRESS len=N <- BYTES`. */
  #memory(words: string[]): { address: number; bytes: Uint8Array } {
    const bytes = this.#bytes(words[4]);
    if (words[2] !== `len=${bytes.length}`) this.#fail(`len=${bytes.length}, as many bytes as follow`);
    return { address: this.#number(words[1]), bytes };
  }

  /** The `name=value` words of a line. */
  #state(words: string[]): TraceState {
    const registers = new Array<bigint>(REGISTER_COUNT).fill(0n);
    let pc: number | undefined;
    let gas: bigint | undefined;
    for (const word of words.slice(1)) {
      const [name, value] = word.split('=', 2) as [string, string | undefined];
      if (name === 'pc') pc = this.#number(value);
      else if (name === 'gas') gas = this.#big(value);
      else registers[this.#register(name)] = this.#big(value);
    }
    if (pc === undefined || gas === undefined) return this.#fail('pc=… and gas=…');
    return { line: this.#index + 1, pc, gas, registers };
  }

  #register(name: string | undefined): number {
    const number = Number(name?.match(/^r(\d\d?)$/)?.[1] ?? Number.NaN);
    return number < REGISTER_COUNT ? number : this.#fail(`a register r00 to r${REGISTER_COUNT - 1}`);
  }

  #big(text: string | undefined): bigint {
    if (text === undefined || !/^(0x[0-9a-fA-F]{1,16}|\d{1,20})$/.test(text)) return this.#fail('a 64-bit number');
    return BigInt(text);
  }

  #number(text: string | undefined): number {
    const value = Number(this.#big(text));
    return value <= 0xffff_ffff ? value : this.#fail('a 32-bit number');
  }

  #bytes(text: string | undefined): Uint8Array {
    const bytes = text?.startsWith('0x') ? hexToBytes(text) : undefined;
    return bytes ?? this.#fail('bytes as 0x and hexadecimal digits');
  }

  #fail(expected: string): never {
    const before = this.#lines.slice(0, this.#index);
    const offset = before.reduce((sum, line) => sum + line.length + 1, 0);
    throw new FormatError(`line ${Math.min(this.#index + 1, this.#lines.length)}: expected ${expected}`, offset);
  }
}
