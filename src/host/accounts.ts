/** Users and groups, from wherever the system keeps them (the C library knows). */
import { copyFrom } from './address-space.js';
import { cFunction } from './c-function.js';

const BUFFER_BYTES = 16 * 1024;
/** `struct passwd` and `struct group` begin with the name; both ids lie at 16. */
const RECORD_BYTES = 64;
const ID = 16;

type ById = (id: number, record: Uint8Array, buffer: Uint8Array, size: number, found: Uint8Array) => number;
type ByName = (name: Uint8Array, record: Uint8Array, buffer: Uint8Array, size: number, found: Uint8Array) => number;

const getpwuid: ById = cFunction(
  'int getpwuid_r(unsigned int id, void *record, void *buffer, size_t size, void *found)',
);
const getgrgid: ById = cFunction(
  'int getgrgid_r(unsigned int id, void *record, void *buffer, size_t size, void *found)',
);
const getpwnam: ByName = cFunction(
  'int getpwnam_r(const void *name, void *record, void *buffer, size_t size, void *found)',
);
const getgrnam: ByName = cFunction(
  'int getgrnam_r(const void *name, void *record, void *buffer, size_t size, void *found)',
);
const strlen = cFunction<[address: number]>('size_t strlen(intptr_t address)');

interface Lookup {
  readonly error: number;
  readonly record: DataView | undefined;
  /** Holds what the record points to: must be reachable while that is read. */
  readonly buffer: Uint8Array;
}

function lookUp(call: (record: Uint8Array, buffer: Uint8Array, size: number, found: Uint8Array) => number): Lookup {
  const record = new DataView(new ArrayBuffer(RECORD_BYTES));
  const buffer = new Uint8Array(BUFFER_BYTES);
  const found = new DataView(new ArrayBuffer(8));
  const error = call(new Uint8Array(record.buffer), buffer, buffer.length, new Uint8Array(found.buffer));
  return { error, record: found.getBigUint64(0, true) === 0n ? undefined : record, buffer };
}

function nameOf(call: ById, id: number): Uint8Array | number {
  const found = lookUp((record, buffer, size, result) => call(id >>> 0, record, buffer, size, result));
  if (found.record === undefined) return -Math.abs(found.error);
  const address = Number(found.record.getBigUint64(0, true));
  const name = copyFrom(address, strlen(address));
  return found.buffer.length > 0 && name.length > 0 ? name : 0;
}

function idOf(call: ByName, name: Uint8Array): number | undefined {
  const found = lookUp((record, buffer, size, result) => call(name, record, buffer, size, result));
  if (found.record !== undefined) return found.record.getUint32(ID, true);
  // Several errors are ways of saying that there is no such account.
  const ENOENT = 2;
  const ESRCH = 3;
  const EBADF = 9;
  const EPERM = 1;
  const error = Math.abs(found.error);
  return error === 0 || error === ENOENT || error === ESRCH || error === EBADF || error === EPERM ? undefined : -error;
}

/** Name of a user; 0 when there is none; minus an error's number. */
export function userName(id: number): Uint8Array | number {
  return nameOf(getpwuid, id);
}

/** Name of a group; 0 when there is none; minus an error's number. */
export function groupName(id: number): Uint8Array | number {
  return nameOf(getgrgid, id);
}

/** Id of a user by name (terminated by zero); `undefined` when there is none; minus an error's number. */
export function userByName(name: Uint8Array): number | undefined {
  return idOf(getpwnam, name);
}

/** Id of a group by name (terminated by zero); `undefined` when there is none; minus an error's number. */
export function groupByName(name: Uint8Array): number | undefined {
  return idOf(getgrnam, name);
}
