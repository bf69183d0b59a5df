/**
 * Address space: reserving it, giving pages of it protections, and looking at it through typed arrays.
 *
 * A reservation costs no memory: its pages are inaccessible and unaccounted until `protect` opens them, and each
 * takes memory only when first written. Initial data shared by many guests is a `SharedImage`, mapped
 * copy-on-write.
 *
 * Addresses are JavaScript numbers. Nothing here checks that a range belongs to the caller: these are system calls
 * with names, and the callers (guest memory, the code arena) own their ranges.
 */

import { disown, fileEntry, own } from './ledger.js';
import { check, HOST_PAGE_SIZE, libc, MapFlag, Prot, SystemError } from './libc.js';

/** What the pages of a range allow: nothing, reading, or reading and writing. */
export type PageAccess = 'none' | 'read' | 'write';

const PRIVATE_ANONYMOUS = MapFlag.Private | MapFlag.Anonymous | MapFlag.NoReserve;

function protection(access: PageAccess): number {
  return access === 'none' ? Prot.None : access === 'read' ? Prot.Read : Prot.Read | Prot.Write;
}

/** Options of `reserve`. */
export interface ReserveOptions {
  /** Reserve in the low 2 GiB, where an absolute 32-bit displacement reaches. */
  readonly low2GiB?: boolean;
}

/**
 * Reserves `length` bytes of inaccessible address space and returns its address, a multiple of the host's page size.
 *
 * @throws SystemError where there is no room
 */
export function reserve(length: number, options: ReserveOptions = {}): number {
  const address = options.low2GiB
    ? mapLow(length, Prot.None, PRIVATE_ANONYMOUS, -1)
    : check('mmap', libc().mmap(0, length, Prot.None, PRIVATE_ANONYMOUS, -1, 0));
  own(address, length);
  return address;
}

/** Where the kernel's own choice of low addresses ends; `mapLow` searches below this. */
const LOW_LIMIT = 0x7000_0000;
const LOW_STEP = 0x0100_0000;

/**
 * Maps `length` bytes in the low 2 GiB.
 *
 * The kernel's flag for it uses the upper half of the range only, room for three arenas of the default size. When
 * that is full, the lower half is searched from above, away from the heap that grows there behind the executable.
 */
export function mapLow(length: number, prot: number, flags: number, fd: number): number {
  const c = libc();
  const address = c.mmap(0, length, prot, flags | MapFlag.Low32, fd, 0);
  if (address !== -1) return address;
  const error = c.errno();
  for (let hint = LOW_LIMIT - LOW_STEP; hint >= 2 * LOW_STEP; hint -= LOW_STEP) {
    if (hint + length > 0x8000_0000) continue;
    const found = c.mmap(hint, length, prot, flags | MapFlag.FixedNoReplace, fd, 0);
    if (found === hint) return found;
    // A kernel that does not know the flag takes the hint as a hint.
    if (found !== -1) c.munmap(found, length);
  }
  throw new SystemError('mmap', error);
}

/** Gives a page-aligned range of a reservation an access. Contents stay. */
export function protect(address: number, length: number, access: PageAccess): void {
  check('mprotect', libc().mprotect(address, length, protection(access)));
}

/** Opens a page-aligned range of a reservation for use; its pages read as zero until written. */
export function commit(address: number, length: number, access: PageAccess = 'write'): void {
  protect(address, length, access);
}

/**
 * Gives the memory behind a page-aligned range back and leaves the range reserved and inaccessible. Opened again it
 * reads as zero, also where an image was mapped.
 */
export function decommit(address: number, length: number): void {
  check('mmap', libc().mmap(address, length, Prot.None, PRIVATE_ANONYMOUS | MapFlag.Fixed, -1, 0));
}

/** Gives a reservation back. Views of it must not be touched any more: they name memory of somebody else's by then. */
export function release(address: number, length: number): void {
  disown(address);
  check('munmap', libc().munmap(address, length));
}

/**
 * An `ArrayBuffer` over memory. Touching what is inaccessible through it crashes the process; it keeps nothing alive.
 *
 * V8 believes that such a buffer keeps `length` bytes of memory alive and collects garbage to get them back: creating
 * a thousand views of 4 MiB takes 260 ms, nearly all of it in the collector. So views are made late and small. Taking
 * the bytes out of V8's account again (`napi_adjust_external_memory`) is not an option: koffi makes calls on a stack of
 * its own, and a collection that V8 starts there scans the wrong stack and crashes.
 */
export function view(address: number, length: number): ArrayBuffer {
  return libc().view(address, length);
}

/** Copies bytes to memory, without making a view of it. */
export function copyTo(address: number, bytes: Uint8Array): void {
  if (bytes.length > 0) libc().copyIn(address, bytes, bytes.length);
}

/** Copies bytes out of memory. */
export function copyFrom(address: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  if (length > 0) libc().copyOut(bytes, address, length);
  return bytes;
}

/** Rounds up to whole pages of the host. */
export function roundToPages(length: number): number {
  return Math.ceil(length / HOST_PAGE_SIZE) * HOST_PAGE_SIZE;
}

const CLOSE_ON_EXEC = 1;

/** Makes an anonymous file of `length` zero bytes and returns its descriptor. */
export function anonymousFile(name: string, length: number): number {
  const c = libc();
  const fd = check('memfd_create', c.memfd_create(name, CLOSE_ON_EXEC));
  if (c.ftruncate(fd, length) === -1) {
    const error = c.errno();
    c.close(fd);
    throw new SystemError('ftruncate', error);
  }
  return fd;
}

function writeFile(fd: number, bytes: Uint8Array, offset: number): void {
  const c = libc();
  for (let done = 0; done < bytes.length; ) {
    const written = c.pwrite(fd, bytes.subarray(done), bytes.length - done, offset + done);
    if (written <= 0) throw new SystemError('pwrite', c.errno());
    done += written;
  }
}

const abandoned = new FinalizationRegistry<number>(closeFile);

function closeFile(fd: number): void {
  disown(fileEntry(fd));
  libc().close(fd);
}

/**
 * Bytes that many ranges start with: an anonymous file, mapped copy-on-write. Ranges that only read share its pages;
 * a written page becomes the range's own.
 */
export class SharedImage {
  /** Length in bytes, a multiple of the host's page size. */
  readonly length: number;
  private fd: number;

  /** Makes an image of the given bytes, zeros up to the next page boundary. */
  constructor(bytes: Uint8Array) {
    this.length = Math.max(roundToPages(bytes.length), HOST_PAGE_SIZE);
    this.fd = anonymousFile('scotty-image', this.length);
    own(fileEntry(this.fd), 0);
    abandoned.register(this, this.fd, this);
    try {
      writeFile(this.fd, bytes, 0);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /**
   * Maps `length` bytes from `offset` (both whole pages) over a range of a reservation. Pages past the image's end
   * would raise SIGBUS, so the range may not reach beyond it.
   */
  mapPrivate(address: number, length: number, offset: number, access: PageAccess): void {
    if (this.fd < 0) throw new Error('The image has been disposed of');
    if (offset < 0 || offset + length > this.length) {
      throw new RangeError(`Bytes ${offset} to ${offset + length} are not within an image of ${this.length} bytes`);
    }
    const flags = MapFlag.Private | MapFlag.Fixed | MapFlag.NoReserve;
    check('mmap', libc().mmap(address, length, protection(access), flags, this.fd, offset));
  }

  /** Closes the file. What has been mapped stays. */
  dispose(): void {
    if (this.fd < 0) return;
    abandoned.unregister(this);
    closeFile(this.fd);
    this.fd = -1;
  }
}

/**
 * Physical pages: an anonymous file whose parts are mapped, shared, into one range or another. What is written through
 * a mapping is what the next mapping of the same part shows, so memory moves between ranges without a copy. The file is
 * sparse: a page costs memory once it is touched.
 */
export class SharedPages {
  private fd: number;

  /** @param length bytes, a multiple of the host's page size, at least one page */
  constructor(readonly length: number) {
    this.fd = anonymousFile('scotty-pages', length);
    own(fileEntry(this.fd), 0);
    abandoned.register(this, this.fd, this);
  }

  /** Maps `length` bytes from `offset` (both whole pages) over a range of a reservation. */
  map(address: number, length: number, offset: number, access: PageAccess): void {
    this.checkRange(offset, length);
    const flags = MapFlag.Shared | MapFlag.Fixed | MapFlag.NoReserve;
    check('mmap', libc().mmap(address, length, protection(access), flags, this.fd, offset));
  }

  /** Writes bytes, mapped or not. */
  write(offset: number, bytes: Uint8Array): void {
    this.checkRange(offset, bytes.length);
    writeFile(this.fd, bytes, offset);
  }

  /** Copies bytes out, mapped or not. */
  read(offset: number, length: number): Uint8Array {
    this.checkRange(offset, length);
    const bytes = new Uint8Array(length);
    const c = libc();
    for (let done = 0; done < length; ) {
      const got = c.pread(this.fd, bytes.subarray(done), length - done, offset + done);
      if (got <= 0) throw new SystemError('pread', c.errno());
      done += got;
    }
    return bytes;
  }

  /** Closes the file. What has been mapped stays. */
  dispose(): void {
    if (this.fd < 0) return;
    abandoned.unregister(this);
    closeFile(this.fd);
    this.fd = -1;
  }

  private checkRange(offset: number, length: number): void {
    if (this.fd < 0) throw new Error('The pages have been disposed of');
    if (!(offset >= 0) || offset + length > this.length) {
      throw new RangeError(`Bytes ${offset} to ${offset + length} are not within ${this.length} bytes of pages`);
    }
  }
}
