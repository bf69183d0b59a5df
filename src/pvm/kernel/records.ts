/**
 * The arena of VM records (layout.ts): allocation, fields, and the capability tables in them.
 *
 * The records lie in one reserved range, so that the glue gets from an index to a record by a shift; a page of it costs
 * memory once a VM on it is created. TypeScript looks at it through views of 512 records each, made when they are first
 * needed: V8 counts views as memory in use. Where there is no native support each piece is a buffer of its own.
 */
import { protect, release, reserve, view } from '../../host/address-space.js';
import {
  ENTRY_SIZE,
  Entry,
  HEADER_SIZE,
  Header,
  Kind,
  MAX_VMS,
  NO_VM,
  PROTOCOL_COUNT,
  RECORD_SHIFT,
  RECORD_SIZE,
  SLOT_COUNT,
  State,
  tablePlace,
  Vm,
} from './layout.js';

/** Records in one piece. */
const PIECE_SHIFT = 9;
const PIECE_MASK = (1 << PIECE_SHIFT) - 1;
const PIECE_SIZE = RECORD_SIZE << PIECE_SHIFT;
const RESERVED = HEADER_SIZE + PIECE_SIZE * Math.ceil(MAX_VMS / (1 << PIECE_SHIFT));
const WORD_SHIFT = RECORD_SHIFT - 2;

/** A capability as TypeScript passes it around. */
export interface Capability {
  readonly kind: Exclude<Kind, Kind.None>;
  /** HANDLE and CALLABLE: index of the VM. */
  readonly vm: number;
  /** HANDLE and CALLABLE: the VM's generation; DATA, CODE, PROTOCOL: its number. */
  readonly id: number;
  /** HANDLE and CALLABLE: most gas a call may take; all ones for no ceiling. */
  readonly ceiling: bigint;
}

/** No ceiling. */
export const UNLIMITED = 0xffff_ffff_ffff_ffffn;

const dropped = new FinalizationRegistry<number>((reservation) => release(reservation, RESERVED));

/** One kernel's VM records. */
export class VmRecords {
  /** Address of record 0; 0 where the records are buffers. */
  readonly base: number;
  /** Low half of `base`, as an int32. */
  readonly baseLow: number;
  private reservation: number;
  private header: Int32Array;
  private readonly pieces: (Int32Array | undefined)[] = [];
  /** Capabilities whose places in their records were taken, by VM and slot. */
  private readonly overflow = new Map<number, Map<number, Capability>>();

  constructor(native: boolean) {
    if (native) {
      this.reservation = reserve(RESERVED);
      protect(this.reservation, RESERVED, 'write');
      dropped.register(this, this.reservation, this);
      this.base = this.reservation + HEADER_SIZE;
      this.header = new Int32Array(view(this.reservation, HEADER_SIZE));
    } else {
      this.reservation = 0;
      this.base = 0;
      this.header = new Int32Array(HEADER_SIZE / 4);
    }
    this.baseLow = this.base | 0;
  }

  // --- Fields -------------------------------------------------------------------------------------------------------

  /** The words a record lies in, from `offset(vm)` on. */
  words(vm: number): Int32Array {
    return this.pieces[vm >> PIECE_SHIFT] ?? this.openPiece(vm >> PIECE_SHIFT);
  }

  /** Index of a record's first word in `words(vm)`. */
  offset(vm: number): number {
    return (vm & PIECE_MASK) << WORD_SHIFT;
  }

  get(vm: number, field: Vm): number {
    return this.words(vm)[this.offset(vm) + (field >> 2)] as number;
  }

  set(vm: number, field: Vm, value: number): void {
    this.words(vm)[this.offset(vm) + (field >> 2)] = value;
  }

  state(vm: number): State {
    return this.get(vm, Vm.State) & 0xff;
  }

  setState(vm: number, state: State): void {
    this.set(vm, Vm.State, (this.get(vm, Vm.State) & ~0xff) | state);
  }

  /** Number of the CODE capability a VM runs. */
  code(vm: number): number {
    return (this.get(vm, Vm.State) >>> 8) & 0xff;
  }

  isPrivate(vm: number): boolean {
    return (this.get(vm, Vm.State) & 0xff0000) !== 0;
  }

  setPrivate(vm: number, value: boolean): void {
    this.set(vm, Vm.State, (this.get(vm, Vm.State) & ~0xff0000) | (value ? 0x10000 : 0));
  }

  /** Index of the VM that waits for this one, or −1. */
  caller(vm: number): number {
    return this.get(vm, Vm.Caller);
  }

  generation(vm: number): number {
    return this.get(vm, Vm.Generation) >>> 0;
  }

  /** A register, signed. */
  register(vm: number, index: number): bigint {
    const words = this.words(vm);
    const at = this.offset(vm) + (Vm.Registers >> 2) + 2 * index;
    return (BigInt(words[at + 1] as number) << 32n) | BigInt((words[at] as number) >>> 0);
  }

  setRegister(vm: number, index: number, value: bigint): void {
    this.setQuad(vm, Vm.Registers + 8 * index, value);
  }

  gas(vm: number): bigint {
    return this.register(vm, Vm.Gas / 8);
  }

  setGas(vm: number, gas: bigint): void {
    this.setQuad(vm, Vm.Gas, gas);
  }

  // --- Allocation ---------------------------------------------------------------------------------------------------

  /** Live VMs. */
  get live(): number {
    return this.header[(Header.Live + HEADER_SIZE) >> 2] as number;
  }

  /** Records from this index on have never been used. */
  get used(): number {
    return this.header[(Header.Unused + HEADER_SIZE) >> 2] as number;
  }

  /** Whether a VM of this index and generation is alive. */
  isLive(vm: number, generation: number): boolean {
    return vm < this.used && this.generation(vm) === generation && this.state(vm) !== State.Free;
  }

  /** Makes an idle VM without capabilities; −1 where there are MAX_VMS already. The glue does the same. */
  allocate(code: number): number {
    const { header } = this;
    if (this.live >= MAX_VMS) return -1;
    const free = header[(Header.FreeList + HEADER_SIZE) >> 2] as number;
    let vm = free - 1;
    if (free === 0) {
      vm = this.used;
      header[(Header.Unused + HEADER_SIZE) >> 2] = vm + 1;
    } else {
      header[(Header.FreeList + HEADER_SIZE) >> 2] = this.get(vm, Vm.NextFree);
    }
    header[(Header.Live + HEADER_SIZE) >> 2] = this.live + 1;
    this.set(vm, Vm.State, State.Idle | (code << 8));
    this.set(vm, Vm.Caller, NO_VM | 0);
    this.set(vm, Vm.Index, vm);
    return vm;
  }

  /** Takes a VM's record back. Its capabilities must have been dropped. */
  free(vm: number): void {
    const { header } = this;
    const generation = this.get(vm, Vm.Generation);
    const at = this.offset(vm);
    this.words(vm).fill(0, at, at + RECORD_SIZE / 4);
    this.overflow.delete(vm);
    this.set(vm, Vm.Generation, generation + 1);
    this.set(vm, Vm.NextFree, header[(Header.FreeList + HEADER_SIZE) >> 2] as number);
    header[(Header.FreeList + HEADER_SIZE) >> 2] = vm + 1;
    header[(Header.Live + HEADER_SIZE) >> 2] = this.live - 1;
  }

  // --- Capability tables --------------------------------------------------------------------------------------------

  /** Kind of the capability in a slot, without making an object of it. */
  kindAt(vm: number, slot: number): Kind {
    if (slot <= PROTOCOL_COUNT && ((this.get(vm, Vm.Originals) >>> slot) & 1) !== 0) return Kind.Protocol;
    const entry = this.entry(vm, slot);
    if (entry >= 0) return (this.words(vm)[entry] as number) & 0xff;
    if (this.get(vm, Vm.Overflow) === 0) return Kind.None;
    return this.overflow.get(vm)?.get(slot)?.kind ?? Kind.None;
  }

  /** The capability in a slot. */
  capability(vm: number, slot: number): Capability | undefined {
    if (slot <= PROTOCOL_COUNT && ((this.get(vm, Vm.Originals) >>> slot) & 1) !== 0) {
      return { kind: Kind.Protocol, vm: 0, id: slot, ceiling: 0n };
    }
    const at = this.entry(vm, slot);
    if (at < 0) return this.get(vm, Vm.Overflow) === 0 ? undefined : this.overflow.get(vm)?.get(slot);
    const words = this.words(vm);
    const head = words[at] as number;
    const low = BigInt((words[at + (Entry.Ceiling >> 2)] as number) >>> 0);
    const high = BigInt((words[at + (Entry.Ceiling >> 2) + 1] as number) >>> 0);
    return {
      kind: (head & 0xff) as Capability['kind'],
      vm: head >>> 16,
      id: (words[at + (Entry.Id >> 2)] as number) >>> 0,
      ceiling: (high << 32n) | low,
    };
  }

  /** Puts a capability into an empty slot. */
  put(vm: number, slot: number, capability: Capability): void {
    const { kind, id } = capability;
    if (kind === Kind.Protocol && id === slot && slot >= 1 && slot <= PROTOCOL_COUNT) {
      this.set(vm, Vm.Originals, this.get(vm, Vm.Originals) | (1 << slot));
      return;
    }
    const words = this.words(vm);
    const at = this.placeOf(vm, slot);
    if (words[at] !== 0) {
      let more = this.overflow.get(vm);
      if (more === undefined) {
        more = new Map();
        this.overflow.set(vm, more);
      }
      more.set(slot, capability);
      this.set(vm, Vm.Overflow, more.size);
      return;
    }
    words[at] = kind | (slot << 8) | (capability.vm << 16);
    words[at + (Entry.Id >> 2)] = id;
    words[at + (Entry.Ceiling >> 2)] = Number(capability.ceiling & 0xffff_ffffn);
    words[at + (Entry.Ceiling >> 2) + 1] = Number(capability.ceiling >> 32n);
  }

  /** Empties a slot. */
  remove(vm: number, slot: number): void {
    if (slot <= PROTOCOL_COUNT) this.set(vm, Vm.Originals, this.get(vm, Vm.Originals) & ~(1 << slot));
    const at = this.entry(vm, slot);
    if (at >= 0) {
      this.words(vm).fill(0, at, at + ENTRY_SIZE / 4);
      return;
    }
    const more = this.overflow.get(vm);
    if (more?.delete(slot)) {
      this.set(vm, Vm.Overflow, more.size);
      if (more.size === 0) this.overflow.delete(vm);
    }
  }

  /** The occupied slots of a VM's table, ascending. */
  slots(vm: number): number[] {
    const slots: number[] = [];
    for (let slot = 0; slot < SLOT_COUNT; slot++) if (this.kindAt(vm, slot) !== Kind.None) slots.push(slot);
    return slots;
  }

  /** Gives the memory back. Everything reads as zero from here on: nobody may reach the released memory any more. */
  dispose(): void {
    this.pieces.length = 0;
    this.header = new Int32Array(HEADER_SIZE / 4);
    this.overflow.clear();
    if (this.reservation === 0) return;
    dropped.unregister(this);
    release(this.reservation, RESERVED);
    this.reservation = 0;
  }

  /** Index in `words(vm)` of a slot's entry; −1 where it has none. */
  private entry(vm: number, slot: number): number {
    const at = this.placeOf(vm, slot);
    const head = this.words(vm)[at] as number;
    return (head & 0xff) !== 0 && ((head >>> 8) & 0xff) === slot ? at : -1;
  }

  private placeOf(vm: number, slot: number): number {
    return this.offset(vm) + (Vm.Table >> 2) + tablePlace(slot) * (ENTRY_SIZE / 4);
  }

  private setQuad(vm: number, field: number, value: bigint): void {
    const words = this.words(vm);
    const at = this.offset(vm) + (field >> 2);
    words[at] = Number(BigInt.asIntN(32, value));
    words[at + 1] = Number(BigInt.asIntN(32, value >> 32n));
  }

  private openPiece(index: number): Int32Array {
    const buffer =
      this.reservation === 0 ? new ArrayBuffer(PIECE_SIZE) : view(this.base + index * PIECE_SIZE, PIECE_SIZE);
    const words = new Int32Array(buffer);
    while (this.pieces.length <= index) this.pieces.push(undefined);
    this.pieces[index] = words;
    return words;
  }
}
