/**
 * Natives of java.io.UnixFileSystem: what java.io.File asks and does. Nearly all of it answers a failure of any kind by
 * false or 0.
 */
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  mkdirSync,
  opendirSync,
  openSync,
  realpathSync,
  renameSync,
  rmdirSync,
  type Stats,
  statSync,
  unlinkSync,
} from 'node:fs';
import { AT_CURRENT_FOLDER, fileSystemSize, longestName, setTimes } from '../../../../host/index.js';
import type { JavaThread } from '../../../runtime/thread.js';
import { nullPointer, ThrowNew } from '../../../runtime/throws.js';
import { newStringArray } from '../../arrays.js';
import { decodePlatform, encodePlatform } from '../../platform-strings.js';
import type { NativeTable } from '../../registry.js';
import { Errno, errnoOf, ioException, orElse } from '../../system-errors.js';

/** Bits of `getBooleanAttributes`. */
const EXISTS = 1;
const REGULAR = 2;
const FOLDER = 4;
/** Kinds of `getSpace`. */
const SPACE_TOTAL = 0;
const SPACE_FREE = 1;
const LONGEST_NAME = 255;

function textPath(t: JavaThread, text: number): Buffer {
  if (text === 0) throw nullPointer();
  return encodePlatform(t.vm.strings.toJs(text));
}

/** The path of a java.io.File. */
function pathOf(t: JavaThread, file: number): Buffer {
  if (file === 0) throw nullPointer();
  return textPath(t, t.vm.getWord(file, t.vm.offset('java/io/File', 'path')));
}

/** For functions of the host room: with a terminating zero. */
function terminated(path: Buffer): Buffer {
  return Buffer.concat([path, Buffer.alloc(1)]);
}

function stat(path: Buffer): Stats | undefined {
  return orElse(() => statSync(path, { throwIfNoEntry: false }), undefined);
}

/** Whether a function of `node:fs` succeeds. */
function succeeds(work: () => void): boolean {
  return orElse(() => {
    work();
    return true;
  }, false);
}

/** Takes `.` and `..` and empty names out of an absolute path. */
function collapse(path: string): string {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '.' && name !== '') names.push(name);
  }
  return `/${names.join('/')}`;
}

/**
 * The canonical path: symbolic links resolved as far as the path exists, the rest as it is.
 *
 * Paths are Latin-1 strings here, one character a byte.
 *
 * @throws IOException (Java)
 */
function canonical(path: Buffer): string {
  const original = path.toString('latin1');
  const resolve = (p: string) => realpathSync.native(Buffer.from(p, 'latin1'), 'buffer').toString('latin1');
  try {
    return resolve(original);
  } catch (error) {
    errnoOf(error);
  }
  for (let end = original.lastIndexOf('/'); end > 0; end = original.lastIndexOf('/', end - 1)) {
    try {
      return collapse(resolve(original.slice(0, end)) + original.slice(end));
    } catch (error) {
      const errno = errnoOf(error);
      if (errno !== Errno.NoEntry && errno !== Errno.NotDirectory && errno !== Errno.Access) throw ioException(errno);
    }
  }
  return collapse(original);
}

function list(t: JavaThread, path: Buffer): number {
  const names = orElse(() => {
    // Not `readdir`: that sorts, and Java gives the order of the folder itself.
    const folder = opendirSync(path as unknown as string, { encoding: 'buffer' as BufferEncoding, bufferSize: 256 });
    const found: string[] = [];
    try {
      for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
        found.push(decodePlatform(entry.name as unknown as Buffer));
      }
    } finally {
      folder.closeSync();
    }
    return found;
  }, undefined);
  return names === undefined ? 0 : newStringArray(t.vm, names);
}

function setPermission(path: Buffer, access: number, enable: boolean, ownerOnly: boolean): boolean {
  const mode = stat(path)?.mode;
  if (mode === undefined) return false;
  const bits = (access << 6) | (ownerOnly ? 0 : (access << 3) | access);
  return succeeds(() => chmodSync(path, (enable ? mode | bits : mode & ~bits) & 0o7777));
}

/** Creates a file; false when there is one. */
function createExclusively(path: Buffer): boolean {
  if (path.toString('latin1') === '/') return false;
  try {
    closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o666));
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === Errno.Exists) return false;
    throw ioException(errno);
  }
}

function remove(path: Buffer): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    return (errno === Errno.IsDirectory || errno === Errno.NotPermitted) && succeeds(() => rmdirSync(path));
  }
}

function setModified(path: Buffer, millis: number): boolean {
  const seconds = BigInt(Math.floor(millis / 1000));
  const nanos = (millis - Number(seconds) * 1000) * 1e6;
  return setTimes(AT_CURRENT_FOLDER, terminated(path), undefined, { seconds, nanos }, 0) >= 0;
}

function space(path: Buffer, kind: number): bigint {
  const size = fileSystemSize(terminated(path));
  if (typeof size === 'number') return 0n;
  const blocks = kind === SPACE_TOTAL ? size.blocks : kind === SPACE_FREE ? size.free : size.available;
  return blocks * size.fragment;
}

export const natives: NativeTable = {
  'initIDs()V': () => {},
  'canonicalize0(Ljava/lang/String;)Ljava/lang/String;': (t, _self: number, text: number) =>
    t.vm.strings.fromJs(decodePlatform(Buffer.from(canonical(textPath(t, text)), 'latin1'))),
  'getBooleanAttributes0(Ljava/io/File;)I': (t, _self: number, file: number) => {
    const found = stat(pathOf(t, file));
    if (found === undefined) return 0;
    return EXISTS | (found.isFile() ? REGULAR : 0) | (found.isDirectory() ? FOLDER : 0);
  },
  'checkAccess(Ljava/io/File;I)Z': (t, _self: number, file: number, access: number) => {
    const path = pathOf(t, file);
    return succeeds(() => accessSync(path, access));
  },
  'getLastModifiedTime(Ljava/io/File;)J': (t, _self: number, file: number) => {
    const path = pathOf(t, file);
    return orElse(() => statSync(path, { bigint: true }).mtimeMs, 0n);
  },
  'getLength(Ljava/io/File;)J': (t, _self: number, file: number) => stat(pathOf(t, file))?.size ?? 0,
  'setPermission(Ljava/io/File;IZZ)Z': (t, _self: number, file: number, access: number, on: number, owner: number) =>
    setPermission(pathOf(t, file), access, on !== 0, owner !== 0),
  'createFileExclusively(Ljava/lang/String;)Z': (t, _self: number, text: number) =>
    createExclusively(textPath(t, text)),
  'delete0(Ljava/io/File;)Z': (t, _self: number, file: number) => remove(pathOf(t, file)),
  'list(Ljava/io/File;)[Ljava/lang/String;': (t, _self: number, file: number) => list(t, pathOf(t, file)),
  'createDirectory(Ljava/io/File;)Z': (t, _self: number, file: number) => {
    const path = pathOf(t, file);
    return succeeds(() => mkdirSync(path, 0o777));
  },
  'rename0(Ljava/io/File;Ljava/io/File;)Z': (t, _self: number, from: number, to: number) => {
    const path = pathOf(t, from);
    const target = pathOf(t, to);
    return succeeds(() => renameSync(path, target));
  },
  'setLastModifiedTime(Ljava/io/File;J)Z': (t, _self: number, file: number, millis: number) =>
    setModified(pathOf(t, file), millis),
  'setReadOnly(Ljava/io/File;)Z': (t, _self: number, file: number) => {
    const path = pathOf(t, file);
    const mode = stat(path)?.mode;
    return mode !== undefined && succeeds(() => chmodSync(path, mode & 0o7777 & ~0o222));
  },
  'getSpace(Ljava/io/File;I)J': (t, _self: number, file: number, kind: number) => space(pathOf(t, file), kind),
  'getNameMax0(Ljava/lang/String;)J': (t, _self: number, text: number) => {
    const longest = longestName(terminated(textPath(t, text)));
    if (longest < 0) throw new ThrowNew('java/io/IOException', 'Bad pathname');
    return longest === 0 ? LONGEST_NAME : longest;
  },
};
