/**
 * Files, as `node:fs` does not offer them: positions, locks, times in nanoseconds, paths relative to an open folder,
 * extended attributes, gathered writes, folders read one entry at a time.
 *
 * Paths are bytes with a terminating zero. Every function returns a result from 0 on or minus the error's number.
 * Structures have the layout of x86-64 Linux.
 */

import { cFunction } from './c-function.js';
import { type CArgument, libc } from './libc.js';

type Path = Uint8Array;

/** Descriptor that stands for the current folder in the `…at` functions. */
export const AT_CURRENT_FOLDER = -100;
/** Flags of the `…at` functions. */
export const AT_SYMLINK_NOFOLLOW = 0x100;
export const AT_REMOVEDIR = 0x200;

/** `whence` of `seek`. */
export const enum Seek {
  Set = 0,
  Current = 1,
  End = 2,
}

/** Commands of `control`. */
export const enum Control {
  GetFlags = 3,
  SetFlags = 4,
  SetLock = 6,
  SetLockWait = 7,
}

export const seek = cFunction<[fd: number, offset: number, whence: Seek]>(
  'int64_t lseek(int fd, int64_t offset, int whence)',
);
export const duplicate = cFunction<[fd: number]>('int dup(int fd)');
export const duplicateTo = cFunction<[from: number, to: number]>('int dup2(int from, int to)');
export const openAt = cFunction<[folder: number, path: Path, flags: number, mode: number]>(
  'int openat(int folder, const void *path, int flags, unsigned int mode)',
);
export const unlinkAt = cFunction<[folder: number, path: Path, flags: number]>(
  'int unlinkat(int folder, const void *path, int flags)',
);
export const renameAt = cFunction<[folder: number, from: Path, toFolder: number, to: Path]>(
  'int renameat(int folder, const void *from, int toFolder, const void *to)',
);
export const makeNode = cFunction<[path: Path, mode: number, device: number]>(
  'int mknod(const void *path, unsigned int mode, uint64_t device)',
);
export const makeFolder = cFunction<[path: Path, mode: number]>('int mkdir(const void *path, unsigned int mode)');
export const link = cFunction<[from: Path, to: Path]>('int link(const void *from, const void *to)');
export const symbolicLink = cFunction<[target: Path, at: Path]>('int symlink(const void *target, const void *at)');
/** Fills `into`, without a terminating zero; returns the length. */
export const readLink = cFunction<[path: Path, into: Uint8Array, length: number]>(
  'intptr_t readlink(const void *path, void *into, size_t length)',
);
export const changeOwner = cFunction<[path: Path, owner: number, group: number]>(
  'int chown(const void *path, int owner, int group)',
);
export const changeLinkOwner = cFunction<[path: Path, owner: number, group: number]>(
  'int lchown(const void *path, int owner, int group)',
);
export const changeOwnerOf = cFunction<[fd: number, owner: number, group: number]>(
  'int fchown(int fd, int owner, int group)',
);
export const changeMode = cFunction<[path: Path, mode: number]>('int chmod(const void *path, unsigned int mode)');
export const changeModeOf = cFunction<[fd: number, mode: number]>('int fchmod(int fd, unsigned int mode)');
export const access = cFunction<[path: Path, mode: number]>('int access(const void *path, int mode)');
const utimensat = cFunction<[folder: number, path: Path | null, times: Uint8Array, flags: number]>(
  'int utimensat(int folder, const void *path, const void *times, int flags)',
);
const futimens = cFunction<[fd: number, times: Uint8Array]>('int futimens(int fd, const void *times)');
const statvfs = cFunction<[path: Path, into: Uint8Array]>('int statvfs(const void *path, void *into)');
const pathconf = cFunction<[path: Path, name: number]>('int64_t pathconf(const void *path, int name)');
const syscall = cFunction<[number: number, a: CArgument, b: CArgument, c: CArgument, d: CArgument]>(
  'int64_t syscall(int64_t number, intptr_t a, const void *b, void *c, intptr_t d)',
);
export const control = cFunction<[fd: number, command: Control, argument: number]>(
  'int fcntl(int fd, int command, intptr_t argument)',
);
const lockControl = cFunction<[fd: number, command: Control, lock: Uint8Array]>(
  'int fcntl(int fd, int command, void *lock)',
);
const ioctl = cFunction<[fd: number, request: number, into: Uint8Array]>(
  'int ioctl(int fd, unsigned long request, void *into)',
);
export const readVector = cFunction<[fd: number, vector: Uint8Array, count: number]>(
  'int64_t readv(int fd, const void *vector, int count)',
);
export const writeVector = cFunction<[fd: number, vector: Uint8Array, count: number]>(
  'int64_t writev(int fd, const void *vector, int count)',
);
export const sendFile = cFunction<[to: number, from: number, offset: Uint8Array, count: number]>(
  'int64_t sendfile(int to, int from, void *offset, size_t count)',
);
export const getAttribute = cFunction<[fd: number, name: Path, value: Uint8Array, size: number]>(
  'intptr_t fgetxattr(int fd, const void *name, void *value, size_t size)',
);
export const setAttribute = cFunction<[fd: number, name: Path, value: Uint8Array, size: number, flags: number]>(
  'int fsetxattr(int fd, const void *name, const void *value, size_t size, int flags)',
);
export const removeAttribute = cFunction<[fd: number, name: Path]>('int fremovexattr(int fd, const void *name)');
export const listAttributes = cFunction<[fd: number, into: Uint8Array, size: number]>(
  'intptr_t flistxattr(int fd, void *into, size_t size)',
);

/** `struct stat`: bytes, and offsets of its fields. */
export const enum StatBytes {
  Size = 144,
  Device = 0,
  Inode = 8,
  Links = 16,
  Mode = 24,
  Owner = 28,
  Group = 32,
  SpecialDevice = 40,
  Length = 48,
  Accessed = 72,
  Modified = 88,
  Changed = 104,
}

const NEWFSTATAT = 262;
const AT_EMPTY_PATH = 0x1000;
const NO_PATH = new Uint8Array(1);

/** Fills a `struct stat`. Through the system call: the C library has functions for it only since glibc 2.33. */
export function statAt(folder: number, path: Path, into: Uint8Array, flags: number): number {
  return syscall(NEWFSTATAT, folder, path, into, flags);
}

/** Fills a `struct stat` of an open file. */
export function statOf(fd: number, into: Uint8Array): number {
  return syscall(NEWFSTATAT, fd, NO_PATH, into, AT_EMPTY_PATH);
}

/** A point in time as the system keeps it. */
export interface FileTime {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** Time of `setTimes` that stays as it is. */
const OMIT = 0x3ffffffe;

function timesOf(accessed: FileTime | undefined, modified: FileTime | undefined): Uint8Array {
  const both = new BigInt64Array(4);
  [accessed, modified].forEach((time, i) => {
    both[2 * i] = time?.seconds ?? 0n;
    both[2 * i + 1] = BigInt(time?.nanos ?? OMIT);
  });
  return new Uint8Array(both.buffer);
}

/** Sets the times of a file by name; `undefined` leaves one as it is. */
export function setTimes(
  folder: number,
  path: Path,
  accessed: FileTime | undefined,
  modified: FileTime | undefined,
  flags: number,
): number {
  return utimensat(folder, path, timesOf(accessed, modified), flags);
}

/** Sets the times of an open file. */
export function setTimesOf(fd: number, accessed: FileTime | undefined, modified: FileTime | undefined): number {
  return futimens(fd, timesOf(accessed, modified));
}

/** What a file system says about itself. */
export interface FileSystemSize {
  /** Unit of the counts, bytes. */
  readonly fragment: bigint;
  readonly blocks: bigint;
  readonly free: bigint;
  readonly available: bigint;
}

/** Sizes of the file system that a path lies in, or minus an error's number. */
export function fileSystemSize(path: Path): FileSystemSize | number {
  const fields = new BigUint64Array(14);
  const result = statvfs(path, new Uint8Array(fields.buffer));
  if (result < 0) return result;
  return { fragment: fields[1]!, blocks: fields[2]!, free: fields[3]!, available: fields[4]! };
}

/** Longest name a file in this folder may have. 0 where there is no limit. */
export function longestName(path: Path): number {
  const NAME_MAX = 3;
  return pathconf(path, NAME_MAX);
}

/** Bytes that can be read from a pipe, terminal or socket now. */
export function readableBytes(fd: number): number {
  const FIONREAD = 0x541b;
  const count = new Int32Array(1);
  const result = ioctl(fd, FIONREAD, new Uint8Array(count.buffer));
  return result < 0 ? result : count[0]!;
}

/** Kinds of lock. */
export const enum LockKind {
  Shared = 0,
  Exclusive = 1,
  None = 2,
}

/**
 * Locks a range of a file, or unlocks it. Never waits.
 *
 * @param length 0: to the end of the file, however far that will be
 */
export function lockRange(fd: number, kind: LockKind, start: number, length: number): number {
  // struct flock: short type, short whence, long start, long length, int pid.
  const lock = new DataView(new ArrayBuffer(32));
  lock.setInt16(0, kind, true);
  lock.setBigInt64(8, BigInt(start), true);
  lock.setBigInt64(16, BigInt(length), true);
  return lockControl(fd, Control.SetLock, new Uint8Array(lock.buffer));
}

const O_NONBLOCK = 0o4000;

/** Sets or clears O_NONBLOCK, which all processes that share the open file see. */
export function setNonBlocking(fd: number, on: boolean): number {
  const flags = control(fd, Control.GetFlags, 0);
  if (flags < 0) return flags;
  const wanted = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
  return wanted === flags ? 0 : control(fd, Control.SetFlags, wanted);
}

const O_CLOEXEC = 0o2000000;
const pipe2 = cFunction<[ends: Uint8Array, flags: number]>('int pipe2(void *ends, int flags)');

/** Makes a pipe: [where to read, where to write], or minus an error's number. */
export function makePipeEnds(nonBlocking: boolean): readonly [number, number] | number {
  const ends = new Int32Array(2);
  const result = pipe2(new Uint8Array(ends.buffer), O_CLOEXEC | (nonBlocking ? O_NONBLOCK : 0));
  return result < 0 ? result : [ends[0]!, ends[1]!];
}

/** Terminal settings: whether a terminal shows what is typed; minus an error's number where it is no terminal. */
export function setEcho(fd: number, on: boolean): boolean | number {
  const TCGETS = 0x5401;
  const TCSETS = 0x5402;
  const ECHO = 0o10;
  const settings = new DataView(new ArrayBuffer(60));
  const bytes = new Uint8Array(settings.buffer);
  const got = ioctl(fd, TCGETS, bytes);
  if (got < 0) return got;
  const flags = settings.getUint32(12, true);
  const before = (flags & ECHO) !== 0;
  settings.setUint32(12, on ? flags | ECHO : flags & ~ECHO, true);
  const set = ioctl(fd, TCSETS, bytes);
  return set < 0 ? set : before;
}

const rawSyscall = cFunction<[number: number, fd: number, into: Uint8Array, length: number]>(
  'int64_t syscall(int64_t number, intptr_t fd, void *into, size_t length)',
);

/**
 * Reads entries of an open folder into a buffer of at least 1 KiB: `struct linux_dirent64` after `struct
 * linux_dirent64` (length at 16, 16 bits; name from 19, zero-terminated). Returns bytes; 0: that was all.
 */
export function readFolder(fd: number, into: Uint8Array): number {
  const GETDENTS64 = 217;
  return rawSyscall(GETDENTS64, fd, into, into.length);
}

const mincore = cFunction<[address: number, length: number, into: Uint8Array]>(
  'int mincore(intptr_t address, size_t length, void *into)',
);
const msync = cFunction<[address: number, length: number, flags: number]>(
  'int msync(intptr_t address, size_t length, int flags)',
);
const madvise = cFunction<[address: number, length: number, advice: number]>(
  'int madvise(intptr_t address, size_t length, int advice)',
);

/** Which pages of a mapping are in memory: the low bit of a byte a page. */
export function residentPages(address: number, length: number, into: Uint8Array): number {
  return mincore(address, length, into);
}

/** Writes the changes of a shared mapping to its file and waits until that is done. */
export function synchronize(address: number, length: number): number {
  const MS_SYNC = 4;
  return msync(address, length, MS_SYNC);
}

/** Advice of `advise`. */
export const enum Advice {
  WillNeed = 3,
  DontNeed = 4,
}

export function advise(address: number, length: number, advice: Advice): number {
  return madvise(address, length, advice);
}

/** Maps a part of a file over pages that the caller owns. `offset` is a multiple of the page size. */
export function mapFile(address: number, length: number, fd: number, offset: number, how: MapKind): number {
  const PROT_READ = 1;
  const PROT_WRITE = 2;
  const MAP_SHARED = 1;
  const MAP_PRIVATE = 2;
  const MAP_FIXED = 0x10;
  const protection = how === MapKind.ReadOnly ? PROT_READ : PROT_READ | PROT_WRITE;
  const flags = MAP_FIXED | (how === MapKind.Private ? MAP_PRIVATE : MAP_SHARED);
  const c = libc();
  const result = c.mmap(address, length, protection, flags, fd, offset);
  return result === -1 ? -c.errno() : result;
}

/** How a file is mapped. */
export const enum MapKind {
  ReadOnly = 0,
  ReadWrite = 1,
  /** Copy on write. */
  Private = 2,
}
