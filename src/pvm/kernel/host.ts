/**
 * Protocol calls: what a VM's CALL of a PROTOCOL capability reaches in TypeScript.
 */
import { REGISTER_COUNT } from '../layout.js';
import type { Access } from '../program/image.js';
import type { Invocation } from './invocation.js';
import { PROTOCOL_COUNT } from './layout.js';

/** How a host function may end the calling VM; `undefined` lets it go on. */
export type ProtocolOutcome = undefined | 'halt' | 'panic' | 'out-of-gas';

/**
 * A host function. It answers by setting registers 7 and 8. Returning a promise suspends the whole kernel until it
 * settles.
 */
export type ProtocolFunction = (
  caller: Caller,
  id: number,
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is the common case
) => ProtocolOutcome | void | Promise<ProtocolOutcome | void>;

/** Host functions by protocol number, 1 to 28. */
export type KernelHost = Readonly<Record<number, ProtocolFunction>>;

/** A host function: r7 becomes the gas that is left. Where it is given as such, compiled code needs no exit for it. */
export const gasCounter: ProtocolFunction = (caller) => caller.setRegister(7, caller.gas);

/** The VM that makes a protocol call, as its host function sees it. Valid until the function returns or settles. */
export class Caller {
  /** @internal */
  constructor(private readonly state: Invocation) {}

  /** Index of the VM. */
  get vm(): number {
    return this.state.vm;
  }

  /** Register φ`index` as an unsigned 64-bit number. */
  getRegister(index: number): bigint {
    return this.state.register(checkRegister(index));
  }

  /** Sets register φ`index`; negative values are taken modulo 2^64. */
  setRegister(index: number, value: bigint): void {
    this.state.setRegister(checkRegister(index), BigInt.asIntN(64, value));
  }

  /** Low 32 bits of register φ`index`, unsigned. */
  getRegister32(index: number): number {
    return (this.state.space.words[2 * index] as number) >>> 0;
  }

  /** Sets register φ`index` to an unsigned 32-bit number. */
  setRegister32(index: number, value: number): void {
    this.state.setRegister32(checkRegister(index), value);
  }

  /** Gas the VM has left. */
  get gas(): bigint {
    return this.state.gas;
  }

  set gas(gas: bigint) {
    const { state } = this;
    if (gas < 0n || gas >= 2n ** 63n) throw new RangeError(`gas ${gas} is not within 0 … 2^63 − 1`);
    // A callee gives its gas back: the sum must not leave the range either.
    if (gas > state.gas && state.totalGas - state.gas + gas >= 2n ** 63n) {
      throw new RangeError(`gas ${gas} is more than 2^63 − 1 together with that of the VMs that wait`);
    }
    state.gas = gas;
  }

  /** The VM's memory; what it may not touch throws `MemoryAccessError`. */
  get memory(): CallerMemory {
    return this.state.space.memory;
  }
}

/** Memory as a host function may use it. */
export interface CallerMemory {
  read(address: number, length: number): Uint8Array;
  write(address: number, bytes: Uint8Array): void;
  isAccessible(address: number, length: number, access: Access): boolean;
}

/** Host functions by number. */
export function hostTable(host: KernelHost): (ProtocolFunction | undefined)[] {
  const table = new Array<ProtocolFunction | undefined>(PROTOCOL_COUNT + 1).fill(undefined);
  for (const [key, handler] of Object.entries(host)) {
    const id = /^\d+$/.test(key) ? Number(key) : 0;
    if (id < 1 || id > PROTOCOL_COUNT) {
      throw new RangeError(`host function '${key}': expected the number of a protocol, 1 to ${PROTOCOL_COUNT}`);
    }
    if (typeof handler !== 'function') throw new TypeError(`host function ${id} is not a function`);
    table[id] = handler;
  }
  return table;
}

function checkRegister(index: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= REGISTER_COUNT) {
    throw new RangeError(`register ${index} is not within 0 … ${REGISTER_COUNT - 1}`);
  }
  return index;
}
