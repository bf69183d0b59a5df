/**
 * The C library as this room uses it: one object of plain functions, bound through koffi on first use.
 *
 * Binding is lazy because every file must be importable on platforms where koffi or these functions do not exist;
 * koffi itself is loaded with `require`, the only way to load a package both late and synchronously. Symbols are
 * looked up in the running process (which has the C library loaded) instead of a library by name, so that both glibc
 * and musl systems work.
 *
 * Addresses are JavaScript numbers: user space ends at 2^47, far below 2^53. All figures below are x86-64 Linux's.
 */

import { createRequire } from 'node:module';

type Koffi = typeof import('koffi');

/** Page protections of `mmap` and `mprotect`. */
export const enum Prot {
  None = 0,
  Read = 1,
  Write = 2,
  Exec = 4,
}

/** Flags of `mmap`. */
export const enum MapFlag {
  Shared = 0x01,
  Private = 0x02,
  Fixed = 0x10,
  Anonymous = 0x20,
  /** Place the mapping in the low 2 GiB. */
  Low32 = 0x40,
  NoReserve = 0x4000,
  /** Fail instead of replacing what is mapped there (since Linux 4.17; older kernels take it as a hint). */
  FixedNoReplace = 0x100000,
}

/** Signal numbers. */
export const enum Signal {
  Bus = 7,
  FloatingPoint = 8,
  Segmentation = 11,
}

/** The granularity of mappings, bytes. */
export const HOST_PAGE_SIZE = 4096;

/** What C functions are given here. A `Uint8Array` passes its address, null the null pointer. */
export type CArgument = number | bigint | string | Uint8Array | null;

/** The functions of the C library, with the types they have from here. A `Uint8Array` passes its address. */
export interface Libc {
  mmap(address: number, length: number, prot: number, flags: number, fd: number, offset: number): number;
  munmap(address: number, length: number): number;
  mprotect(address: number, length: number, prot: number): number;
  memfd_create(name: string, flags: number): number;
  ftruncate(fd: number, length: number): number;
  pwrite(fd: number, bytes: Uint8Array, length: number, offset: number): number;
  pread(fd: number, bytes: Uint8Array, length: number, offset: number): number;
  close(fd: number): number;
  /** Fills in two 32-bit descriptors: the end to read from, the end to write to. */
  pipe2(descriptors: Uint8Array, flags: number): number;
  sigaction(signal: number, action: Uint8Array | null, previous: Uint8Array | null): number;
  sigaltstack(stack: Uint8Array | null, previous: Uint8Array | null): number;
  ppoll(set: Uint8Array, count: number, timeout: Uint8Array | null, mask: null): number;
  getauxval(type: number): number;
  tgkill(process: number, thread: number, signal: number): number;
  gettid(): number;
  /** Copies from a typed array to an address. */
  copyIn(address: number, bytes: Uint8Array, length: number): void;
  /** Copies from an address to a typed array. */
  copyOut(bytes: Uint8Array, address: number, length: number): void;
  /** Number of the last error. */
  errno(): number;
  /** An `ArrayBuffer` over memory. */
  view(address: number, length: number): ArrayBuffer;
  /** A JavaScript function that calls the machine code at an address, without arguments or result. */
  callable(address: number): () => void;
  /** Binds another function of the C library, by its declaration. */
  declare(declaration: string): (...args: CArgument[]) => number;
}

let bound: Libc | undefined;

/** The bound functions. Throws when koffi cannot be loaded here or a function is missing. */
export function libc(): Libc {
  bound ??= bind();
  return bound;
}

function bind(): Libc {
  const koffi = createRequire(import.meta.url)('koffi') as Koffi;
  const process = koffi.load(null);
  const voidFunction = koffi.proto('void', []);
  // `syscall` instead of `gettid` and `tgkill`: the C library has those two only since glibc 2.30.
  const syscall = process.func('intptr_t syscall(intptr_t number, intptr_t a, intptr_t b, intptr_t c)') as (
    number: number,
    a: number,
    b: number,
    c: number,
  ) => number;
  return {
    mmap: process.func('intptr_t mmap(intptr_t address, size_t length, int prot, int flags, int fd, int64_t offset)'),
    munmap: process.func('int munmap(intptr_t address, size_t length)'),
    mprotect: process.func('int mprotect(intptr_t address, size_t length, int prot)'),
    memfd_create: process.func('int memfd_create(const char *name, unsigned int flags)'),
    ftruncate: process.func('int ftruncate(int fd, int64_t length)'),
    pwrite: process.func('int64_t pwrite(int fd, const void *bytes, size_t length, int64_t offset)'),
    pread: process.func('int64_t pread(int fd, void *bytes, size_t length, int64_t offset)'),
    close: process.func('int close(int fd)'),
    pipe2: process.func('int pipe2(void *descriptors, int flags)'),
    sigaction: process.func('int sigaction(int signal, const void *action, void *previous)'),
    sigaltstack: process.func('int sigaltstack(const void *stack, void *previous)'),
    ppoll: process.func('int ppoll(void *set, size_t count, const void *timeout, const void *mask)'),
    getauxval: process.func('size_t getauxval(size_t type)'),
    tgkill: (pid, thread, signal) => syscall(234, pid, thread, signal),
    gettid: () => syscall(186, 0, 0, 0),
    copyIn: process.func('void memcpy(intptr_t address, const void *bytes, size_t length)'),
    copyOut: process.func('void memcpy(void *bytes, intptr_t address, size_t length)'),
    errno: () => koffi.errno(),
    view: (address, length) => koffi.view(address, length),
    callable: (address) => koffi.decode(address, voidFunction) as () => void,
    declare: (declaration) => process.func(declaration),
  };
}

/** An operating-system call that failed: which one, and the error's number and name. */
export class SystemError extends Error {
  constructor(
    readonly call: string,
    readonly errno: number,
  ) {
    super(`${call} failed: ${ERROR_NAMES[errno] ?? 'error'} (${errno})`);
    this.name = 'SystemError';
  }
}

const ERROR_NAMES: Readonly<Record<number, string>> = {
  1: 'EPERM',
  3: 'ESRCH',
  9: 'EBADF',
  11: 'EAGAIN',
  12: 'ENOMEM',
  13: 'EACCES',
  14: 'EFAULT',
  17: 'EEXIST',
  19: 'ENODEV',
  22: 'EINVAL',
  24: 'EMFILE',
  28: 'ENOSPC',
  38: 'ENOSYS',
};

/** Returns `result`, or throws a `SystemError` when it is −1. */
export function check(call: string, result: number): number {
  if (result === -1) throw new SystemError(call, libc().errno());
  return result;
}
