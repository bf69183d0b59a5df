/**
 * Natives of sun.nio.fs.UnixNativeDispatcher: the system calls under java.nio.file. Paths are zero-terminated bytes at an
 * address.
 */
import { closeSync, readSync, realpathSync, writeSync } from 'node:fs';
import {
  AT_CURRENT_FOLDER,
  AT_REMOVEDIR,
  AT_SYMLINK_NOFOLLOW,
  access,
  changeLinkOwner,
  changeMode,
  changeModeOf,
  changeOwner,
  changeOwnerOf,
  duplicate,
  type FileTime,
  fileSystemSize,
  getAttribute,
  groupByName,
  groupName,
  link,
  listAttributes,
  makeFolder,
  makeNode,
  openAt,
  PollEvent,
  readLink,
  removeAttribute,
  renameAt,
  StatBytes,
  setAttribute,
  setTimes,
  setTimesOf,
  statAt,
  statOf,
  symbolicLink,
  unlinkAt,
  userByName,
  userName,
} from '../../../../../host/index.js';
import type { Activity } from '../../../../runtime/activity.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import type { Vm } from '../../../../runtime/vm.js';
import { newByteArray } from '../../../arrays.js';
import {
  copyDescriptorKind,
  ERROR_BASE,
  errorOf,
  fixedMemory,
  forgetDescriptor,
  type Transfer,
  transferring,
} from '../../../descriptors.js';
import type { NativeTable } from '../../../registry.js';
import { Errno, errorText } from '../../../system-errors.js';
import { closeFolder, folderOf, openFolder, peekEntry, skipEntry } from './folders.js';
import { nextLine, rewindTo } from './text-streams.js';
import { attempt, checked, unixException } from './unix-exception.js';

const O_CLOEXEC = 0o2000000;
const LONGEST_PATH = 4096;

/** What the system offers, as `init` reports it: openat and its like, futimes, futimens, lutimes, extended attributes. */
const CAPABILITIES = 0b111110;

/** Bytes from an address to the first zero, and some beyond it: for system calls. */
function pathAt(vm: Vm, address: number): Uint8Array {
  return vm.u8.subarray(address, address + LONGEST_PATH + 1);
}

/** Bytes from an address to the first zero: for `node:fs`. */
export function bytesAt(vm: Vm, address: number): Buffer {
  const bytes = pathAt(vm, address);
  const end = bytes.indexOf(0);
  return Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end));
}

const statBytes = new Uint8Array(StatBytes.Size);
const statView = new DataView(statBytes.buffer);

const ATTRIBUTES = 'sun/nio/fs/UnixFileAttributes';

/** Copies a `struct stat` into a UnixFileAttributes. */
function fillAttributes(vm: Vm, attributes: number): void {
  const int = (name: string, at: number) =>
    vm.putWord(attributes, vm.offset(ATTRIBUTES, name), statView.getInt32(at, true));
  const long = (name: string, at: number) =>
    vm.putLong(attributes >>> 0, vm.offset(ATTRIBUTES, name), statView.getBigInt64(at, true));
  int('st_mode', StatBytes.Mode);
  long('st_ino', StatBytes.Inode);
  long('st_dev', StatBytes.Device);
  long('st_rdev', StatBytes.SpecialDevice);
  int('st_nlink', StatBytes.Links);
  int('st_uid', StatBytes.Owner);
  int('st_gid', StatBytes.Group);
  long('st_size', StatBytes.Length);
  long('st_atime_sec', StatBytes.Accessed);
  long('st_atime_nsec', StatBytes.Accessed + 8);
  long('st_mtime_sec', StatBytes.Modified);
  long('st_mtime_nsec', StatBytes.Modified + 8);
  long('st_ctime_sec', StatBytes.Changed);
  long('st_ctime_nsec', StatBytes.Changed + 8);
}

function stat(t: JavaThread, result: number, attributes: number): undefined | Activity<never> {
  if (result < 0) return unixException(t, -result);
  fillAttributes(t.vm, attributes);
  return undefined;
}

/** A time in units of which `perSecond` make a second. A negative remainder stays one: the system refuses it. */
function timeOf(value: bigint, perSecond: bigint): FileTime {
  const nanos = Number(((value % perSecond) * 1_000_000_000n) / perSecond);
  return { seconds: value / perSecond, nanos };
}

const MICROS = 1_000_000n;
const NANOS = 1_000_000_000n;

function readLinkBytes(t: JavaThread, address: number): number | Activity<never> {
  const target = new Uint8Array(LONGEST_PATH + 1);
  const length = readLink(pathAt(t.vm, address), target, target.length);
  return length < 0 ? unixException(t, -length) : newByteArray(t.vm, target.subarray(0, length));
}

function realPath(t: JavaThread, address: number): number | Activity<never> {
  const path = attempt(t, () => realpathSync.native(bytesAt(t.vm, address), 'buffer'));
  return Buffer.isBuffer(path) ? newByteArray(t.vm, path) : path;
}

function accountName(t: JavaThread, name: Uint8Array | number): number | Activity<never> {
  if (typeof name === 'number') return unixException(t, name === 0 ? Errno.NoEntry : -name);
  return newByteArray(t.vm, name);
}

function accountId(t: JavaThread, id: number | undefined): number | Activity<never> {
  if (id === undefined) return -1;
  return id < 0 ? unixException(t, -id) : id | 0;
}

function fileStore(t: JavaThread, address: number, attributes: number): undefined | Activity<never> {
  const { vm } = t;
  const size = fileSystemSize(pathAt(vm, address));
  if (typeof size === 'number') return unixException(t, -size);
  const put = (name: string, value: bigint) =>
    vm.putLong(attributes >>> 0, vm.offset('sun/nio/fs/UnixFileStoreAttributes', name), value);
  put('f_frsize', size.fragment);
  put('f_blocks', size.blocks);
  put('f_bfree', size.free);
  put('f_bavail', size.available);
  return undefined;
}

/** Opens, with a path relative to an open folder. */
function open(t: JavaThread, folder: number, address: number, flags: number, mode: number): number | Activity<never> {
  const fd = openAt(folder, pathAt(t.vm, address), flags | O_CLOEXEC, mode);
  if (fd >= 0) forgetDescriptor(fd);
  return checked(t, fd);
}

const readBytes: Transfer = (fd, memory) => readSync(fd, memory, 0, memory.length, null);
const writeBytes: Transfer = (fd, memory) => writeSync(fd, memory, 0, memory.length);

/** Bytes moved, or a UnixException. */
function transfer(
  t: JavaThread,
  fd: number,
  address: number,
  length: number,
  events: number,
  work: Transfer,
): number | Activity<number> {
  const memory = fixedMemory(t.vm, address, length);
  const result = transferring(t, fd, events, work, memory, () => memory);
  return typeof result === 'number' ? transferred(t, result) : waited(t, result);
}

function transferred(t: JavaThread, result: number): number | Activity<never> {
  if (result >= 0) return result;
  return unixException(t, result <= ERROR_BASE ? errorOf(result) : Errno.TryAgain);
}

function* waited(t: JavaThread, transferActivity: Activity<number>): Activity<number> {
  const result = transferred(t, yield* transferActivity);
  return typeof result === 'number' ? result : yield* result;
}

function nextEntry(t: JavaThread, folder: number): number | Activity<never> {
  const name = peekEntry(folder);
  if (name === undefined) return 0;
  if (typeof name === 'number') return unixException(t, -name);
  const array = newByteArray(t.vm, name);
  skipEntry(folder);
  return array;
}

export const natives: NativeTable = {
  'init()I': () => CAPABILITIES,
  'getcwd()[B': (t) => newByteArray(t.vm, Buffer.from(process.cwd())),
  'strerror(I)[B': (t, errno: number) => newByteArray(t.vm, Buffer.from(errorText(errno))),
  'dup(I)I': (t, fd: number) => {
    const copy = duplicate(fd);
    if (copy >= 0) copyDescriptorKind(fd, copy);
    return checked(t, copy);
  },
  'open0(JII)I': (t, path: number, flags: number, mode: number) => open(t, AT_CURRENT_FOLDER, path, flags, mode),
  'openat0(IJII)I': (t, folder: number, path: number, flags: number, mode: number) =>
    open(t, folder, path, flags, mode),
  'close0(I)V': (t, fd: number) => {
    forgetDescriptor(fd);
    return attempt(t, () => closeSync(fd));
  },
  'rewind(J)V': (_t, stream: number) => rewindTo(stream, 0),
  'getlinelen(J)I': (_t, stream: number) => {
    const line = nextLine(stream);
    return line === undefined ? -1 : line.length + 1;
  },
  'link0(JJ)V': (t, from: number, to: number) => checked(t, link(pathAt(t.vm, from), pathAt(t.vm, to))),
  'unlink0(J)V': (t, path: number) => checked(t, unlinkAt(AT_CURRENT_FOLDER, pathAt(t.vm, path), 0)),
  'unlinkat0(IJI)V': (t, folder: number, path: number, flags: number) =>
    checked(t, unlinkAt(folder, pathAt(t.vm, path), flags)),
  'mknod0(JIJ)V': (t, path: number, mode: number, device: number) =>
    checked(t, makeNode(pathAt(t.vm, path), mode, device)),
  'rename0(JJ)V': (t, from: number, to: number) =>
    checked(t, renameAt(AT_CURRENT_FOLDER, pathAt(t.vm, from), AT_CURRENT_FOLDER, pathAt(t.vm, to))),
  'renameat0(IJIJ)V': (t, fromFolder: number, from: number, toFolder: number, to: number) =>
    checked(t, renameAt(fromFolder, pathAt(t.vm, from), toFolder, pathAt(t.vm, to))),
  'mkdir0(JI)V': (t, path: number, mode: number) => checked(t, makeFolder(pathAt(t.vm, path), mode)),
  'rmdir0(J)V': (t, path: number) => checked(t, unlinkAt(AT_CURRENT_FOLDER, pathAt(t.vm, path), AT_REMOVEDIR)),
  'readlink0(J)[B': (t, path: number) => readLinkBytes(t, path),
  'realpath0(J)[B': (t, path: number) => realPath(t, path),
  'symlink0(JJ)V': (t, target: number, at: number) => checked(t, symbolicLink(pathAt(t.vm, target), pathAt(t.vm, at))),
  'stat0(JLsun/nio/fs/UnixFileAttributes;)V': (t, path: number, attributes: number) =>
    stat(t, statAt(AT_CURRENT_FOLDER, pathAt(t.vm, path), statBytes, 0), attributes),
  'stat1(J)I': (t, path: number) =>
    statAt(AT_CURRENT_FOLDER, pathAt(t.vm, path), statBytes, 0) < 0 ? 0 : statView.getInt32(StatBytes.Mode, true),
  'lstat0(JLsun/nio/fs/UnixFileAttributes;)V': (t, path: number, attributes: number) =>
    stat(t, statAt(AT_CURRENT_FOLDER, pathAt(t.vm, path), statBytes, AT_SYMLINK_NOFOLLOW), attributes),
  'fstat(ILsun/nio/fs/UnixFileAttributes;)V': (t, fd: number, attributes: number) =>
    stat(t, statOf(fd, statBytes), attributes),
  'fstatat0(IJILsun/nio/fs/UnixFileAttributes;)V': (
    t,
    folder: number,
    path: number,
    flags: number,
    attributes: number,
  ) => stat(t, statAt(folder, pathAt(t.vm, path), statBytes, flags), attributes),
  'chown0(JII)V': (t, path: number, owner: number, group: number) =>
    checked(t, changeOwner(pathAt(t.vm, path), owner, group)),
  'lchown0(JII)V': (t, path: number, owner: number, group: number) =>
    checked(t, changeLinkOwner(pathAt(t.vm, path), owner, group)),
  'fchown(III)V': (t, fd: number, owner: number, group: number) => checked(t, changeOwnerOf(fd, owner, group)),
  'chmod0(JI)V': (t, path: number, mode: number) => checked(t, changeMode(pathAt(t.vm, path), mode)),
  'fchmod(II)V': (t, fd: number, mode: number) => checked(t, changeModeOf(fd, mode)),
  'utimes0(JJJ)V': {
    exact: (t, path: bigint, accessed: bigint, modified: bigint) =>
      checked(
        t,
        setTimes(AT_CURRENT_FOLDER, pathAt(t.vm, Number(path)), timeOf(accessed, MICROS), timeOf(modified, MICROS), 0),
      ),
  },
  'lutimes0(JJJ)V': {
    exact: (t, path: bigint, accessed: bigint, modified: bigint) => {
      const [first, second] = [timeOf(accessed, MICROS), timeOf(modified, MICROS)];
      return checked(t, setTimes(AT_CURRENT_FOLDER, pathAt(t.vm, Number(path)), first, second, AT_SYMLINK_NOFOLLOW));
    },
  },
  'futimes(IJJ)V': {
    exact: (t, fd: number, accessed: bigint, modified: bigint) =>
      checked(t, setTimesOf(fd, timeOf(accessed, MICROS), timeOf(modified, MICROS))),
  },
  'futimens(IJJ)V': {
    exact: (t, fd: number, accessed: bigint, modified: bigint) =>
      checked(t, setTimesOf(fd, timeOf(accessed, NANOS), timeOf(modified, NANOS))),
  },
  'opendir0(J)J': (t, path: number) => checked(t, openFolder(pathAt(t.vm, path))),
  'fdopendir(I)J': (t, fd: number) => checked(t, folderOf(fd)),
  'closedir(J)V': (t, folder: number) => attempt(t, () => closeFolder(folder)),
  'readdir(J)[B': nextEntry,
  'read(IJI)I': (t, fd: number, address: number, length: number) =>
    transfer(t, fd, address, length, PollEvent.In, readBytes),
  'write(IJI)I': (t, fd: number, address: number, length: number) =>
    transfer(t, fd, address, length, PollEvent.Out, writeBytes),
  'access0(JI)V': (t, path: number, mode: number) => checked(t, access(pathAt(t.vm, path), mode)),
  'exists0(J)Z': (t, path: number) => access(pathAt(t.vm, path), 0) === 0,
  'getpwuid(I)[B': (t, id: number) => accountName(t, userName(id)),
  'getgrgid(I)[B': (t, id: number) => accountName(t, groupName(id)),
  'getpwnam0(J)I': (t, name: number) => accountId(t, userByName(pathAt(t.vm, name))),
  'getgrnam0(J)I': (t, name: number) => accountId(t, groupByName(pathAt(t.vm, name))),
  'statvfs0(JLsun/nio/fs/UnixFileStoreAttributes;)V': fileStore,
  'fgetxattr0(IJJI)I': (t, fd: number, name: number, value: number, size: number) =>
    checked(t, getAttribute(fd, pathAt(t.vm, name), t.vm.u8.subarray(value, value + size), size)),
  'fsetxattr0(IJJI)V': (t, fd: number, name: number, value: number, size: number) =>
    checked(t, setAttribute(fd, pathAt(t.vm, name), t.vm.u8.subarray(value, value + size), size, 0)),
  'fremovexattr0(IJ)V': (t, fd: number, name: number) => checked(t, removeAttribute(fd, pathAt(t.vm, name))),
  'flistxattr(IJI)I': (t, fd: number, address: number, size: number) =>
    checked(t, listAttributes(fd, t.vm.u8.subarray(address, address + size), size)),
};
