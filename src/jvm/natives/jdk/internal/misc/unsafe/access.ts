/**
 * Plain, volatile and atomic access of `Unsafe`. Java threads switch only at safepoints, so every native is atomic, and
 * the volatile forms are the plain ones.
 */
import type { JavaThread } from '../../../../../runtime/thread.js';
import type { Vm } from '../../../../../runtime/vm.js';
import type { NativeEntry, NativeTable } from '../../../../registry.js';
import * as at from './addresses.js';

const BOOLEAN = {
  bytes: 1,
  read: (vm: Vm, address: number) => (vm.u8[address] === 0 ? 0 : 1),
  write: (vm: Vm, address: number, value: number) => {
    vm.u8[address] = value & 1;
  },
};
const BYTE = {
  bytes: 1,
  read: (vm: Vm, address: number) => vm.arena.i8[address]!,
  write: (vm: Vm, address: number, value: number) => {
    vm.arena.i8[address] = value;
  },
};
const SHORT = { bytes: 2, read: at.readShort, write: at.writeShort };
const CHAR = {
  bytes: 2,
  read: (vm: Vm, address: number) => at.readShort(vm, address) & 0xffff,
  write: at.writeShort,
};
const INT = { bytes: 4, read: at.readInt, write: at.writeInt };
const FLOAT = { bytes: 4, read: at.readFloat, write: at.writeFloat };
const DOUBLE = { bytes: 8, read: at.readDouble, write: at.writeDouble };
const REFERENCE = {
  bytes: 4,
  read: at.readInt,
  write: (vm: Vm, address: number, value: number) => vm.putReference(0, address, value),
};

const KINDS: readonly (readonly [name: string, descriptor: string, kind: typeof INT])[] = [
  ['Boolean', 'Z', BOOLEAN],
  ['Byte', 'B', BYTE],
  ['Short', 'S', SHORT],
  ['Char', 'C', CHAR],
  ['Int', 'I', INT],
  ['Float', 'F', FLOAT],
  ['Double', 'D', DOUBLE],
  ['Reference', 'Ljava/lang/Object;', REFERENCE],
];

function getters(): Record<string, NativeEntry> {
  const table: Record<string, NativeEntry> = {};
  for (const [name, descriptor, kind] of KINDS) {
    const get = (t: JavaThread, _self: number, object: number, offset: number) =>
      kind.read(t.vm, at.addressOf(t.vm, object, offset, kind.bytes));
    const put = (t: JavaThread, _self: number, object: number, offset: number, value: number) =>
      kind.write(t.vm, at.addressOf(t.vm, object, offset, kind.bytes), value);
    for (const suffix of ['', 'Volatile']) {
      table[`get${name}${suffix}(Ljava/lang/Object;J)${descriptor}`] = get;
      table[`put${name}${suffix}(Ljava/lang/Object;J${descriptor})V`] = put;
    }
  }
  return table;
}

function getLong(t: JavaThread, _self: number, object: number, offset: number): bigint {
  return at.readLong(t.vm, at.addressOf(t.vm, object, offset, 8));
}

const putLong = {
  exact: (t: JavaThread, _self: number, object: number, offset: bigint, value: bigint) =>
    at.writeLong(t.vm, at.addressOf(t.vm, object, Number(offset), 8), value),
};

/** Stores `value` if `expected` is there; what was there before. */
function exchangeInt(t: JavaThread, object: number, offset: number, expected: number, value: number): number {
  const address = at.addressOf(t.vm, object, offset, 4);
  const found = at.readInt(t.vm, address);
  if (found === (expected | 0)) at.writeInt(t.vm, address, value);
  return found;
}

function exchangeReference(t: JavaThread, object: number, offset: number, expected: number, value: number): number {
  const address = at.addressOf(t.vm, object, offset, 4);
  const found = t.vm.words[address >>> 2]!;
  if (found === (expected | 0)) t.vm.putReference(0, address, value);
  return found;
}

function exchangeLong(t: JavaThread, object: number, offset: bigint, expected: bigint, value: bigint): bigint {
  const address = at.addressOf(t.vm, object, Number(offset), 8);
  const found = at.readLong(t.vm, address);
  if (found === expected) at.writeLong(t.vm, address, value);
  return found;
}

export const natives: NativeTable = {
  ...getters(),
  'getLong(Ljava/lang/Object;J)J': getLong,
  'getLongVolatile(Ljava/lang/Object;J)J': getLong,
  'putLong(Ljava/lang/Object;JJ)V': putLong,
  'putLongVolatile(Ljava/lang/Object;JJ)V': putLong,
  'getUncompressedObject(J)Ljava/lang/Object;': (t, _self: number, address: number) =>
    at.readInt(t.vm, at.addressOf(t.vm, 0, address, 4)),

  'compareAndSetInt(Ljava/lang/Object;JII)Z': (t, _self: number, o: number, offset: number, e: number, x: number) =>
    exchangeInt(t, o, offset, e, x) === (e | 0),
  'compareAndExchangeInt(Ljava/lang/Object;JII)I': (
    t,
    _self: number,
    o: number,
    offset: number,
    e: number,
    x: number,
  ) => exchangeInt(t, o, offset, e, x),
  'compareAndSetReference(Ljava/lang/Object;JLjava/lang/Object;Ljava/lang/Object;)Z': (
    t,
    _self: number,
    o: number,
    offset: number,
    e: number,
    x: number,
  ) => exchangeReference(t, o, offset, e, x) === (e | 0),
  'compareAndExchangeReference(Ljava/lang/Object;JLjava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;': (
    t,
    _self: number,
    o: number,
    offset: number,
    e: number,
    x: number,
  ) => exchangeReference(t, o, offset, e, x),
  'compareAndSetLong(Ljava/lang/Object;JJJ)Z': {
    exact: (t, _self: number, o: number, offset: bigint, e: bigint, x: bigint) =>
      exchangeLong(t, o, offset, e, x) === e,
  },
  'compareAndExchangeLong(Ljava/lang/Object;JJJ)J': {
    exact: (t, _self: number, o: number, offset: bigint, e: bigint, x: bigint) => exchangeLong(t, o, offset, e, x),
  },

  'loadFence()V': () => {},
  'storeFence()V': () => {},
  'fullFence()V': () => {},
};
