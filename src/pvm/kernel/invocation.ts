/**
 * The state of one kernel: its VMs, memory and code, and which VM runs.
 *
 * The running VM's registers and gas are in the context of the address space it runs in; all others' are in their
 * records. `switchTo` moves them. What is done with this state is in `operations.ts` and `calls.ts`.
 */
import { CHARGE_START } from '../isa/decode.js';
import { Context, GAS_WORD, REGISTER_COUNT } from '../layout.js';
import type { KernelCode } from './code.js';
import type { DataCapability } from './data.js';
import type { KernelEvent, KindName, Movement } from './events.js';
import { KIND_NAMES, Kind, RECORD_SHIFT, RECORD_SIZE, State, Vm } from './layout.js';
import type { PageStore } from './pages.js';
import type { Capability, VmRecords } from './records.js';
import { Space, type Spaces } from './spaces.js';

/** Words of registers and gas together: they are neighbours in contexts and records alike. */
const STATE_WORDS = REGISTER_COUNT * 2 + 2;

/** Index of the root VM. */
export const ROOT = 0;

/** A slot of a VM's table. */
export interface Place {
  readonly vm: number;
  readonly slot: number;
}

/** A DATA capability under way with a call. Runs, not a flag a page: calls may be nested 65 000 deep. */
export interface Journey {
  readonly data: DataCapability;
  readonly mapped: readonly (readonly [first: number, count: number])[];
}

/** A kernel's state. */
export class Invocation {
  /** The VM that runs. */
  vm = ROOT;
  /** Where it runs. */
  space: Space;
  /** Entry it goes on with. */
  next = 0;
  /** `pipeline`: the stretch `next` lies in has been paid for. */
  paid = false;
  /** DATA capabilities by number. */
  readonly data = new Map<number, DataCapability>();
  /** By callee: the DATA capability that travelled to it, and the runs of its pages that the caller had mapped. */
  readonly journeys = new Map<number, Journey>();
  /** Physical pages handed out. */
  pagesUsed = 0;
  nextData = 0;

  constructor(
    readonly records: VmRecords,
    readonly spaces: Spaces,
    readonly pages: PageStore,
    readonly codes: readonly KernelCode[],
    readonly pageCount: number,
    /** Whether the gas model is `flat`. */
    readonly flat: boolean,
    readonly trace: ((event: KernelEvent) => void) | undefined,
  ) {
    this.space = spaces.shared;
  }

  /** Code of the running VM. */
  get code(): KernelCode {
    return this.codes[this.records.code(this.vm)] as KernelCode;
  }

  // --- The running VM -----------------------------------------------------------------------------------------------

  /** Register of the running VM, unsigned. */
  register(index: number): bigint {
    return BigInt.asUintN(64, this.space.quads[index] as bigint);
  }

  setRegister(index: number, value: bigint): void {
    this.space.quads[index] = value;
  }

  /** A register that must hold a number of 32 bits; −1 where it does not. */
  register32(index: number): number {
    const { words } = this.space;
    return words[2 * index + 1] === 0 ? (words[2 * index] as number) >>> 0 : -1;
  }

  setRegister32(index: number, value: number): void {
    const { words } = this.space;
    words[2 * index] = value;
    words[2 * index + 1] = 0;
  }

  get gas(): bigint {
    return this.space.quads[Context.Gas / 8] as bigint;
  }

  set gas(gas: bigint) {
    this.space.quads[Context.Gas / 8] = gas;
  }

  /** Gas of the running VM and of all that wait for it. */
  get totalGas(): bigint {
    const { records } = this;
    let { gas } = this;
    for (let vm = records.caller(this.vm); vm >= 0; vm = records.caller(vm)) gas += records.gas(vm);
    return gas;
  }

  /** Takes gas, less than 2^32; false, having taken none, where there is not enough. */
  charge(amount: number): boolean {
    const { words } = this.space;
    const low = (words[GAS_WORD] as number) >>> 0;
    const high = words[GAS_WORD + 1] as number;
    if (high < 0 || (high === 0 && low < amount)) return false;
    words[GAS_WORD] = low - amount;
    if (low < amount) words[GAS_WORD + 1] = high - 1;
    return true;
  }

  /** Goes back to an `ecalli` or `ecall` as if it had not been executed: what it costs could not be paid. */
  undo(site: number): void {
    this.next = site;
    if (this.flat) this.gas += 1n;
    else this.paid = true;
  }

  // --- Switching ----------------------------------------------------------------------------------------------------

  /** Puts the running VM's state into its record. */
  save(): void {
    const { records, vm, space } = this;
    const words = records.words(vm);
    const at = records.offset(vm);
    for (let i = 0; i < STATE_WORDS; i++) words[at + i] = space.words[i] as number;
    this.saveProgress(words, at);
  }

  /** Lets another VM run, with the state in its record. */
  load(vm: number): void {
    const { records } = this;
    const space = records.isPrivate(vm) ? this.spaces.take(vm) : this.spaces.shared;
    const words = records.words(vm);
    const at = records.offset(vm);
    for (let i = 0; i < STATE_WORDS; i++) space.words[i] = words[at + i] as number;
    this.vm = vm;
    this.space = space;
    this.next = words[at + (Vm.Next >> 2)] as number;
    this.paid = words[at + (Vm.Paid >> 2)] !== 0;
    // A running VM's record says unpaid: the glue, which leaves at the end of a stretch only, does not write it.
    words[at + (Vm.Paid >> 2)] = 0;
    this.announce();
  }

  switchTo(vm: number): void {
    this.save();
    this.load(vm);
  }

  /** Moves the running VM to the address space it belongs in, after what it has mapped has changed. */
  moveToOwnSpace(): void {
    const space = this.records.isPrivate(this.vm) ? this.spaces.take(this.vm) : this.spaces.shared;
    if (space === this.space) return;
    for (let i = 0; i < STATE_WORDS; i++) space.words[i] = this.space.words[i] as number;
    this.space = space;
    this.announce();
  }

  /** Tells the glue which VM runs. */
  announce(): void {
    this.space.setAddress(Context.CurrentVm, this.records.base + this.vm * RECORD_SIZE);
  }

  /** Takes over what the glue has done: another VM may run now, in the same space, with the same code. */
  catchUp(): void {
    // In int32 arithmetic: records span less than 4 GiB, and a division would make `vm` a double for good.
    this.vm = ((this.space.words[Context.CurrentVm >> 2] as number) - this.records.baseLow) >>> RECORD_SHIFT;
  }

  /** Where a VM goes on, in its record. */
  private saveProgress(words: Int32Array, at: number): void {
    const { native, decoded } = this.code;
    words[at + (Vm.Next >> 2)] = this.next;
    words[at + (Vm.Paid >> 2)] = this.paid ? 1 : 0;
    const direct = native !== undefined && !this.paid && ((decoded.flags[this.next] as number) & CHARGE_START) !== 0;
    words[at + (Vm.Resume >> 2)] = direct ? native.address(this.next) : 0;
    words[at + (Vm.Resume >> 2) + 1] = 0;
  }

  // --- Capabilities -------------------------------------------------------------------------------------------------

  /**
   * Follows a reference from the running VM's table: a slot in the low byte, HANDLEs to go through above it.
   *
   * @returns undefined where a step is no HANDLE of a VM that is neither running nor waiting
   */
  resolve(reference: number): Place | undefined {
    const { records } = this;
    let vm = this.vm;
    for (let shift = 24; shift > 0; shift -= 8) {
      const slot = (reference >>> shift) & 0xff;
      if (slot === 0) continue;
      const handle = records.capability(vm, slot);
      if (handle === undefined || handle.kind !== Kind.Handle || !this.isAtRest(handle)) return undefined;
      vm = handle.vm;
    }
    return { vm, slot: reference & 0xff };
  }

  /** Whether a HANDLE's VM exists and is neither running nor waiting. */
  isAtRest(handle: Capability): boolean {
    const { records } = this;
    if (!records.isLive(handle.vm, handle.id)) return false;
    const state = records.state(handle.vm);
    return state !== State.Running && state !== State.Waiting;
  }

  capability(place: Place): Capability | undefined {
    return this.records.capability(place.vm, place.slot);
  }

  isEmpty(place: Place): boolean {
    return this.records.kindAt(place.vm, place.slot) === Kind.None;
  }

  /** Moves a capability to an empty slot; DATA is unmapped when it changes table. */
  move(from: Place, to: Place): Movement {
    const { records } = this;
    const capability = this.capability(from) as Capability;
    if (capability.kind === Kind.Data && from.vm !== to.vm) this.unmapAll(from.vm, this.dataOf(capability));
    records.remove(from.vm, from.slot);
    records.put(to.vm, to.slot, capability);
    return { kind: kindName(capability.kind), from: [from.vm, from.slot], to: [to.vm, to.slot] };
  }

  dataOf(capability: Capability): DataCapability {
    return this.data.get(capability.id) as DataCapability;
  }

  unmapAll(vm: number, data: DataCapability): void {
    this.spaces.unmap(vm, data, 0, data.pages);
    this.updatePrivate(vm);
  }

  /** Takes note of whether a VM needs an address space of its own. */
  updatePrivate(vm: number): void {
    this.records.setPrivate(vm, this.spaces.hasMapped(vm));
  }

  /** Drops a VM with everything it holds, and the VMs it alone can reach. */
  reclaim(vm: number): void {
    const { records } = this;
    const doomed = [vm];
    for (let next = doomed.pop(); next !== undefined; next = doomed.pop()) {
      for (const slot of records.slots(next)) {
        const capability = records.capability(next, slot) as Capability;
        if (capability.kind === Kind.Data) this.forget(next, capability);
        else if (capability.kind === Kind.Handle && this.isAtRest(capability) && capability.vm !== next) {
          doomed.push(capability.vm);
        }
        records.remove(next, slot);
      }
      records.free(next);
    }
  }

  /** Gives all memory back. The state reads as zeros from here on. */
  dispose(): void {
    this.spaces.dispose();
    this.pages.dispose();
    this.records.dispose();
    this.data.clear();
    this.space = new Space(undefined, false);
  }

  /** Unmaps a DATA capability that ceases to exist. Its pages are not given out again. */
  forget(vm: number, capability: Capability): void {
    this.unmapAll(vm, this.dataOf(capability));
    this.data.delete(capability.id);
  }
}

/** Name of a kind. */
export function kindName(kind: Kind): KindName {
  return KIND_NAMES[kind] as KindName;
}
