/**
 * The peer: `@fluffylabs/anan-as`, a PVM interpreter in AssemblyScript, run the fastest way its package offers.
 *
 * That way is its debugger interface with `nSteps` and the largest step count: one call into WebAssembly that returns
 * when the guest stops. `runProgram` and `pvmResume` call the same loop once an instruction and are 10–60 % slower.
 * It is also how its users in JAM run it. The guest's memory is read and written in place (`getPagePointer`) instead
 * of through `getMemory` and `setMemory`, which copy byte by byte.
 *
 * The package has several builds. `release` is what an import of the package gives and what bars are measured against;
 * `release-mini` leaves the garbage collection to the caller and so saves keeping a shadow stack, which makes it
 * several times faster. Both are measured.
 */

type Build = typeof import('@fluffylabs/anan-as/release');
type Instance = Build & { readonly __collect?: () => void };

/** Builds of the package that are worth measuring, by the name they are imported under. */
export type AnanAsBuild = 'release' | 'release-mini';

/** Statuses of its interpreter: none of these means it can go on. */
export const enum AnanAsStatus {
  Halt = 0,
  Panic = 1,
  Fault = 2,
  Host = 3,
  OutOfGas = 4,
}

const ALL_STEPS = 0xffff_ffff;
const PAGE_SIZE = 4096;
const PAGE_SHIFT = 12;
const WARNING = 'Warning: Run out of pages! Allocating.';

/** The interpreter with one program loaded. */
export class AnanAs {
  private constructor(private readonly api: Instance) {}

  /** Loads a build; answers why where the package is not installed. */
  static async load(build: AnanAsBuild): Promise<AnanAs | string> {
    try {
      silenceWarning();
      return new AnanAs((await import(`@fluffylabs/anan-as/${build}`)) as Instance);
    } catch (error) {
      return `@fluffylabs/anan-as/${build} cannot be imported: ${(error as Error).message.split('\n', 1)[0]}`;
    }
  }

  /** Loads a standard program, ready to run from `pc`. */
  reset(program: StandardInput): void {
    this.api.__collect?.();
    this.api.resetJAM(program.bytes, program.pc, program.gas, program.args, program.hasMetadata);
    this.api.setRegisters(program.registers);
    // The first step only moves the program counter to where it was told.
    this.api.nSteps(1);
  }

  /** Runs until the guest stops. */
  run(): AnanAsStatus {
    while (this.api.nSteps(ALL_STEPS));
    return this.api.getStatus();
  }

  get pc(): number {
    return this.api.getProgramCounter();
  }

  /** Number of the host call, or page of the fault. */
  get exitArgument(): number {
    return this.api.getExitArg();
  }

  get gas(): bigint {
    return this.api.getGasLeft();
  }

  set gas(gas: bigint) {
    this.api.setGasLeft(gas);
  }

  get registers(): bigint[] {
    const bytes = this.api.getRegisters();
    return [...new BigUint64Array(bytes.buffer, bytes.byteOffset, 13)];
  }

  /** Sets all registers, given as `flatRegisters` makes them. */
  setRegisters(flat: number[]): void {
    this.api.setRegisters(flat);
  }

  /** Copies guest memory out. */
  read(address: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const part = this.page(address + done, length - done);
      bytes.set(part, done);
      done += part.length;
    }
    return bytes;
  }

  /** Copies bytes into guest memory. */
  write(address: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const part = this.page(address + done, bytes.length - done);
      part.set(bytes.subarray(done, done + part.length));
      done += part.length;
    }
  }

  /** Guest memory from an address on, up to the end of its page. */
  private page(address: number, length: number): Uint8Array {
    const start = this.api.getPagePointer(address >>> PAGE_SHIFT);
    if (start === 0) throw new Error(`anan-as: guest memory at 0x${address.toString(16)} is not accessible`);
    const offset = address & (PAGE_SIZE - 1);
    return new Uint8Array(this.api.memory.buffer, start + offset, Math.min(length, PAGE_SIZE - offset));
  }
}

/** A standard program and its start, in the forms the package takes. */
export interface StandardInput {
  readonly bytes: number[];
  readonly hasMetadata: boolean;
  readonly pc: number;
  readonly gas: bigint;
  readonly args: number[];
  readonly registers: number[];
}

/** All 13 registers as the bytes `setRegisters` takes. */
export function flatRegisters(registers: readonly bigint[]): number[] {
  return Array.from(new Uint8Array(BigUint64Array.from(registers).buffer));
}

let silenced = false;

/** The package prints a warning, once a program, when its guest has more memory than it sets aside at the start. */
function silenceWarning(): void {
  if (silenced) return;
  silenced = true;
  const { log } = console;
  console.log = (...words: unknown[]) => {
    if (words[0] !== WARNING) log(...words);
  };
}
