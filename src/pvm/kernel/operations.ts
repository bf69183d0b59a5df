/**
 * What `ecall` does to capabilities: every operation but CALL and RESUME, which switch VMs (`calls.ts`).
 *
 * An operation checks everything before it changes anything: it succeeds, or it returns `FAILED` and nothing happened.
 */
import { Access } from '../program/image.js';
import { DataCapability } from './data.js';
import type { Movement } from './events.js';
import type { Invocation, Place } from './invocation.js';
import { FIRST_FREE_SLOT, Kind, Operation, PAGE_GAS, SLOT_COUNT, State } from './layout.js';
import type { Capability } from './records.js';

/** The operation could not be done. */
export const FAILED = false;
/** It was done; a `Movement` says that a capability moved. */
export type Done = true | Movement;

/** Pages of an address space. */
const PAGES = 0x10_0000;
/** Most pages DIRTY tells about at once. */
const DIRTY_PAGES = 64;

type Handler = (state: Invocation, subject: Place, object: Place) => typeof FAILED | Done;

/** By operation: what it does, and whether it has an object. */
const HANDLERS: readonly (readonly [Handler, hasObject: boolean] | undefined)[] = [];
const table = HANDLERS as (readonly [Handler, boolean] | undefined)[];
table[Operation.Map] = [map, false];
table[Operation.Unmap] = [unmap, false];
table[Operation.Split] = [split, true];
table[Operation.Drop] = [drop, false];
table[Operation.Move] = [move, true];
table[Operation.Copy] = [copy, true];
table[Operation.Grant] = [grant, false];
table[Operation.Revoke] = [revoke, false];
table[Operation.Downgrade] = [downgrade, true];
table[Operation.SetMaxGas] = [setMaxGas, false];
table[Operation.Dirty] = [dirty, false];

/** Does an operation other than CALL and RESUME for the running VM. Unknown ones fail. */
export function operate(state: Invocation, operation: number, subject: number, object: number): typeof FAILED | Done {
  const row = HANDLERS[operation];
  if (row === undefined) return FAILED;
  const from = state.resolve(subject);
  if (from === undefined) return FAILED;
  const to = row[1] ? state.resolve(object) : from;
  if (to === undefined) return FAILED;
  return row[0](state, from, to);
}

/**
 * CALL of UNTYPED: makes a DATA capability of fresh pages.
 *
 * @returns 'unpaid' where the gas does not cover it; otherwise it has been paid even where it fails
 */
export function retype(state: Invocation, destination: number): typeof FAILED | Done | 'unpaid' {
  const count = state.register32(7);
  if (count < 0) return FAILED;
  const cost = BigInt(count) * BigInt(PAGE_GAS) + 10n;
  if (state.gas < cost) return 'unpaid';
  state.gas -= cost;
  if (count > state.pageCount - state.pagesUsed) return FAILED;
  const place = state.resolve(destination);
  if (place === undefined || !state.isEmpty(place)) return FAILED;
  const data = newData(state, state.pagesUsed, count);
  state.pagesUsed += count;
  putData(state, place, data);
  state.setRegister32(7, place.slot);
  return true;
}

/** Makes a DATA capability of physical pages. */
export function newData(state: Invocation, firstPage: number, pages: number): DataCapability {
  const data = new DataCapability(state.nextData++, firstPage, pages);
  state.data.set(data.id, data);
  return data;
}

/** Puts a DATA capability into a slot. */
export function putData(state: Invocation, place: Place, data: DataCapability): void {
  state.records.put(place.vm, place.slot, { kind: Kind.Data, vm: 0, id: data.id, ceiling: 0n });
}

function dataAt(state: Invocation, place: Place): DataCapability | undefined {
  const capability = state.capability(place);
  return capability?.kind === Kind.Data ? state.dataOf(capability) : undefined;
}

function map(state: Invocation, subject: Place): typeof FAILED | Done {
  const data = dataAt(state, subject);
  const base = state.register32(7);
  const first = state.register32(8);
  const count = state.register32(9);
  const mode = state.register32(10);
  if (data === undefined || base < 0 || first < 0 || count < 0 || (mode !== 0 && mode !== 1)) return FAILED;
  const access = mode === 0 ? Access.Read : Access.Write;
  if (first + count > data.pages || base + first + count > PAGES) return FAILED;
  if (data.base >= 0 && (data.base !== base || data.access !== access)) return FAILED;
  const fresh = data.base < 0;
  data.base = base;
  data.access = access;
  if (state.spaces.refuses(subject.vm, data, first, count)) {
    if (fresh) {
      data.base = -1;
      data.access = undefined;
    }
    return FAILED;
  }
  state.spaces.map(subject.vm, data, first, count);
  state.updatePrivate(subject.vm);
  return true;
}

function unmap(state: Invocation, subject: Place): typeof FAILED | Done {
  const data = dataAt(state, subject);
  const first = state.register32(7);
  const count = state.register32(8);
  if (data === undefined || first < 0 || count < 0) return FAILED;
  if (state.spaces.keeps(subject.vm, data, first, count)) return FAILED;
  state.spaces.unmap(subject.vm, data, first, count);
  state.updatePrivate(subject.vm);
  return true;
}

function split(state: Invocation, subject: Place, object: Place): typeof FAILED | Done {
  const data = dataAt(state, subject);
  const page = state.register32(7);
  if (data === undefined || data.mappedCount > 0 || page <= 0 || page >= data.pages) return FAILED;
  if (!state.isEmpty(object)) return FAILED;
  const lower = newData(state, data.firstPage, page);
  const upper = newData(state, data.firstPage + page, data.pages - page);
  lower.dirty.set(data.dirty.subarray(0, page));
  upper.dirty.set(data.dirty.subarray(page));
  state.records.remove(subject.vm, subject.slot);
  state.data.delete(data.id);
  putData(state, subject, lower);
  putData(state, object, upper);
  return true;
}

function drop(state: Invocation, subject: Place): typeof FAILED | Done {
  const capability = state.capability(subject);
  if (capability === undefined) return FAILED;
  if (capability.kind === Kind.Handle && !state.isAtRest(capability)) {
    // A HANDLE outlives its VM nowhere, so this VM is running or waiting.
    if (state.records.isLive(capability.vm, capability.id)) return FAILED;
  }
  state.records.remove(subject.vm, subject.slot);
  if (capability.kind === Kind.Data) state.forget(subject.vm, capability);
  else if (capability.kind === Kind.Handle && state.isAtRest(capability)) state.reclaim(capability.vm);
  return true;
}

function move(state: Invocation, subject: Place, object: Place): typeof FAILED | Done {
  if (state.isEmpty(subject)) return FAILED;
  if (subject.vm === object.vm && subject.slot === object.slot) return true;
  return state.isEmpty(object) ? state.move(subject, object) : FAILED;
}

/** Whether capabilities of a kind may be copied. */
export function isCopyable(kind: Kind): boolean {
  return kind === Kind.Untyped || kind === Kind.Code || kind === Kind.Callable || kind === Kind.Protocol;
}

function copy(state: Invocation, subject: Place, object: Place): typeof FAILED | Done {
  const capability = state.capability(subject);
  if (capability === undefined || !isCopyable(capability.kind) || !state.isEmpty(object)) return FAILED;
  state.records.put(object.vm, object.slot, capability);
  return true;
}

/** The HANDLE in a slot, where its VM is neither running nor waiting. */
function ownedAt(state: Invocation, place: Place): Capability | undefined {
  const capability = state.capability(place);
  return capability?.kind === Kind.Handle && state.isAtRest(capability) ? capability : undefined;
}

/** The slot r7 names; −1 where it names none. */
function namedSlot(state: Invocation): number {
  const slot = state.register32(7);
  return slot < SLOT_COUNT ? slot : -1;
}

function firstFree(state: Invocation, vm: number, from: number): number {
  for (let slot = from; slot < SLOT_COUNT; slot++) if (state.isEmpty({ vm, slot })) return slot;
  return -1;
}

/** Between the running VM and one it owns: the capability named by r7 goes to the first free slot on the other side. */
function hand(state: Invocation, from: number, to: number, firstSlot: number): typeof FAILED | Done {
  const slot = namedSlot(state);
  if (slot < 0 || state.isEmpty({ vm: from, slot })) return FAILED;
  const free = firstFree(state, to, firstSlot);
  if (free < 0) return FAILED;
  const movement = state.move({ vm: from, slot }, { vm: to, slot: free });
  state.setRegister32(7, free);
  return movement;
}

function grant(state: Invocation, subject: Place): typeof FAILED | Done {
  const handle = ownedAt(state, subject);
  // Slot 0 is left to capabilities that travel with a call.
  return handle === undefined ? FAILED : hand(state, state.vm, handle.vm, 1);
}

function revoke(state: Invocation, subject: Place): typeof FAILED | Done {
  const handle = ownedAt(state, subject);
  return handle === undefined ? FAILED : hand(state, handle.vm, state.vm, FIRST_FREE_SLOT);
}

function downgrade(state: Invocation, subject: Place, object: Place): typeof FAILED | Done {
  const capability = state.capability(subject);
  if (capability?.kind !== Kind.Handle || !state.isEmpty(object)) return FAILED;
  state.records.put(object.vm, object.slot, { ...capability, kind: Kind.Callable });
  return true;
}

function setMaxGas(state: Invocation, subject: Place): typeof FAILED | Done {
  const capability = state.capability(subject);
  if (capability?.kind !== Kind.Handle) return FAILED;
  state.records.remove(subject.vm, subject.slot);
  state.records.put(subject.vm, subject.slot, { ...capability, ceiling: state.register(7) });
  return true;
}

function dirty(state: Invocation, subject: Place): typeof FAILED | Done {
  const data = dataAt(state, subject);
  const first = state.register32(7);
  const count = state.register32(8);
  if (data === undefined || first < 0 || count < 0 || count > DIRTY_PAGES || first + count > data.pages) return FAILED;
  let mask = 0n;
  for (let i = 0; i < count; i++) if (data.dirty[first + i] !== 0) mask |= 1n << BigInt(i);
  state.spaces.close(subject.vm, data, first, count);
  state.setRegister(7, mask);
  return true;
}

/** Whether a VM can be called. */
export function isIdle(state: Invocation, capability: Capability): boolean {
  return state.records.isLive(capability.vm, capability.id) && state.records.state(capability.vm) === State.Idle;
}
