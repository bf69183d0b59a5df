/**
 * Addresses of `Unsafe`: what an (object, offset) pair means, and values at addresses that need not be aligned.
 *
 * With an object the offset counts from its header; without one it is an address. Both lead into the arena: a static
 * field is (null, its arena offset), and what `allocateMemory` hands out is an arena offset as well. Anything that falls
 * outside is refused, so not even an invented address reaches the host's memory.
 */
import { Section } from '../../../../../memory/layout.js';
import { internalError } from '../../../../../runtime/throws.js';
import type { Vm } from '../../../../../runtime/vm.js';

/**
 * Arena offset of `bytes` bytes at `offset` in `object`.
 *
 * @throws ThrowNew InternalError when they are not all in the arena, or in its guard
 */
export function addressOf(vm: Vm, object: number, offset: number, bytes: number): number {
  const address = (object >>> 0) + offset;
  if (address >= Section.GuardBytes && address + bytes <= vm.arena.size) return address;
  throw internalError(
    `a fault occurred in an unsafe memory access: ${bytes} bytes at ` +
      `${object === 0 ? '' : `offset ${offset} of an object, `}address 0x${address.toString(16)}`,
  );
}

const scratch = new DataView(new ArrayBuffer(8));

/** Fills the scratch memory from an address. */
function load(vm: Vm, address: number, bytes: number): DataView {
  for (let i = 0; i < bytes; i++) scratch.setUint8(i, vm.u8[address + i]!);
  return scratch;
}

/** Writes the scratch memory to an address. */
function store(vm: Vm, address: number, bytes: number): void {
  for (let i = 0; i < bytes; i++) vm.u8[address + i] = scratch.getUint8(i);
}

export function readShort(vm: Vm, address: number): number {
  return (address & 1) === 0 ? vm.arena.i16[address >>> 1]! : load(vm, address, 2).getInt16(0, true);
}

export function writeShort(vm: Vm, address: number, value: number): void {
  if ((address & 1) === 0) {
    vm.arena.i16[address >>> 1] = value;
  } else {
    scratch.setInt16(0, value, true);
    store(vm, address, 2);
  }
}

export function readInt(vm: Vm, address: number): number {
  return (address & 3) === 0 ? vm.words[address >>> 2]! : load(vm, address, 4).getInt32(0, true);
}

export function writeInt(vm: Vm, address: number, value: number): void {
  if ((address & 3) === 0) {
    vm.words[address >>> 2] = value;
  } else {
    scratch.setInt32(0, value, true);
    store(vm, address, 4);
  }
}

export function readLong(vm: Vm, address: number): bigint {
  return (address & 7) === 0 ? vm.arena.i64[address >>> 3]! : load(vm, address, 8).getBigInt64(0, true);
}

export function writeLong(vm: Vm, address: number, value: bigint): void {
  if ((address & 7) === 0) {
    vm.arena.i64[address >>> 3] = value;
  } else {
    scratch.setBigInt64(0, value, true);
    store(vm, address, 8);
  }
}

export function readFloat(vm: Vm, address: number): number {
  return (address & 3) === 0 ? vm.f32[address >>> 2]! : load(vm, address, 4).getFloat32(0, true);
}

export function writeFloat(vm: Vm, address: number, value: number): void {
  if ((address & 3) === 0) {
    vm.f32[address >>> 2] = value;
  } else {
    scratch.setFloat32(0, value, true);
    store(vm, address, 4);
  }
}

export function readDouble(vm: Vm, address: number): number {
  return (address & 7) === 0 ? vm.f64[address >>> 3]! : load(vm, address, 8).getFloat64(0, true);
}

export function writeDouble(vm: Vm, address: number, value: number): void {
  if ((address & 7) === 0) {
    vm.f64[address >>> 3] = value;
  } else {
    scratch.setFloat64(0, value, true);
    store(vm, address, 8);
  }
}
