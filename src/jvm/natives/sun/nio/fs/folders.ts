/** Open folders (`DIR *`), by the number that Java holds as an address. */
import { closeSync, constants } from 'node:fs';
import { AT_CURRENT_FOLDER, openAt, readFolder, StatBytes, statOf } from '../../../../../host/index.js';
import { Errno } from '../../../system-errors.js';

const BUFFER_BYTES = 32 * 1024;
/** `struct linux_dirent64`. */
const ENTRY_LENGTH = 16;
const ENTRY_NAME = 19;

const statBytes = new Uint8Array(StatBytes.Size);
const statView = new DataView(statBytes.buffer);

interface Folder {
  readonly fd: number;
  readonly buffer: Buffer;
  position: number;
  end: number;
}

const open = new Map<number, Folder>();
let next = 1;

/** Opens a folder by name (terminated by zero). Its number, or minus an error's number. */
export function openFolder(path: Uint8Array): number {
  const fd = openAt(AT_CURRENT_FOLDER, path, constants.O_RDONLY | constants.O_DIRECTORY | 0o2000000, 0);
  return fd < 0 ? fd : folderOf(fd);
}

/**
 * Makes a folder of a descriptor, which belongs to it from now on.
 *
 * @returns its number, or minus an error's number
 */
export function folderOf(fd: number): number {
  const result = statOf(fd, statBytes);
  if (result < 0) return result;
  if ((statView.getUint32(StatBytes.Mode, true) & constants.S_IFMT) !== constants.S_IFDIR) return -Errno.NotDirectory;
  const id = next++;
  open.set(id, { fd, buffer: Buffer.alloc(BUFFER_BYTES), position: 0, end: 0 });
  return id;
}

/** Name of the entry that comes next, `.` and `..` included; `undefined` after the last; minus an error's number. */
export function peekEntry(id: number): Buffer | number | undefined {
  const folder = open.get(id)!;
  const { buffer } = folder;
  if (folder.position === folder.end) {
    const got = readFolder(folder.fd, buffer);
    if (got <= 0) return got === 0 ? undefined : got;
    folder.position = 0;
    folder.end = got;
  }
  const name = folder.position + ENTRY_NAME;
  return buffer.subarray(name, buffer.indexOf(0, name));
}

/** Goes on to the entry after the one that `peekEntry` gave. */
export function skipEntry(id: number): void {
  const folder = open.get(id)!;
  folder.position += folder.buffer.readUInt16LE(folder.position + ENTRY_LENGTH);
}

/** Closes a folder. */
export function closeFolder(id: number): void {
  const folder = open.get(id);
  if (folder === undefined) return;
  open.delete(id);
  closeSync(folder.fd);
}
