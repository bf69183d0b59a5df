/**
 * What the classes of java.io share: the number in a FileDescriptor, opening by name, and reading and writing byte
 * arrays.
 */
import { constants, fstatSync, openSync } from 'node:fs';
import type { Activity } from '../../../runtime/activity.js';
import type { JavaThread } from '../../../runtime/thread.js';
import { nullPointer, ThrowNew } from '../../../runtime/throws.js';
import type { Vm } from '../../../runtime/vm.js';
import {
  closeDescriptor,
  ERROR_BASE,
  errorOf,
  forgetDescriptor,
  IoStatus,
  type Memory,
  readDescriptor,
  writeDescriptor,
} from '../../descriptors.js';
import { encodePlatform } from '../../platform-strings.js';
import { Errno, errnoOf, errorText, ioException } from '../../system-errors.js';

const ELEMENTS = 16;

/** The descriptor's number in a java.io.FileDescriptor; -1: closed. */
export function fdOf(vm: Vm, descriptor: number): number {
  return vm.getWord(descriptor, vm.offset('java/io/FileDescriptor', 'fd'));
}

/** Puts a number into a java.io.FileDescriptor. */
export function setFd(vm: Vm, descriptor: number, fd: number): void {
  vm.putWord(descriptor, vm.offset('java/io/FileDescriptor', 'fd'), fd);
}

/** Closes what a java.io.FileDescriptor names, if it is open. */
export function closeFileDescriptor(vm: Vm, descriptor: number): void {
  const fd = fdOf(vm, descriptor);
  if (fd === -1) return;
  setFd(vm, descriptor, -1);
  closeNumber(fd);
}

/**
 * Closes a descriptor for Java's library. The standard ones stay: they are the host's, and their numbers must not become
 * those of other files.
 *
 * @throws IOException (Java)
 */
export function closeNumber(fd: number): void {
  if (fd < 0 || fd <= 2) return;
  try {
    closeDescriptor(fd);
  } catch (error) {
    if (errnoOf(error) !== Errno.Interrupted) throw new ThrowNew('java/io/IOException', 'close failed');
  }
}

/**
 * Opens a file for one of the streams and puts its descriptor into the stream's FileDescriptor. Folders cannot be opened.
 *
 * @param stream the stream, whose class is `className`
 * @param flags `O_…` of the operating system
 * @throws FileNotFoundException (Java): name and reason
 */
export function openFile(t: JavaThread, className: string, stream: number, name: number, flags: number): void {
  const { vm } = t;
  if (name === 0) throw nullPointer();
  const path = vm.strings.toJs(name);
  const failed = (errno: number) => new ThrowNew('java/io/FileNotFoundException', `${path} (${errorText(errno)})`);
  // Trailing slashes are cut off, so that the message says what is wrong with the file.
  let fd: number;
  try {
    fd = openSync(encodePlatform(path.length > 1 ? path.replace(/\/+$/, '') || '/' : path), flags, 0o666);
  } catch (error) {
    throw failed(errnoOf(error));
  }
  forgetDescriptor(fd);
  if (fstatSync(fd).isDirectory()) {
    closeDescriptor(fd);
    throw failed(Errno.IsDirectory);
  }
  const descriptor = descriptorOf(vm, className, stream);
  setFd(vm, descriptor, fd);
  vm.putByte(
    descriptor >>> 0,
    vm.offset('java/io/FileDescriptor', 'append'),
    (flags & constants.O_APPEND) === 0 ? 0 : 1,
  );
}

/** The FileDescriptor of a stream. */
export function descriptorOf(vm: Vm, className: string, stream: number): number {
  return vm.getWord(stream, vm.offset(className, 'fd'));
}

/**
 * The open descriptor of a stream.
 *
 * @throws IOException (Java) "Stream Closed"
 */
export function openFd(vm: Vm, className: string, stream: number): number {
  const descriptor = descriptorOf(vm, className, stream);
  const fd = descriptor === 0 ? -1 : fdOf(vm, descriptor);
  if (fd === -1) throw new ThrowNew('java/io/IOException', 'Stream Closed');
  return fd;
}

/** Continues with the result of something that may have had to wait. */
export function andThen<R>(result: number | Activity<number>, next: (result: number) => R): R | Activity<R> {
  return typeof result === 'number' ? next(result) : delayed(result, next);
}

function* delayed<R>(activity: Activity<number>, next: (result: number) => R): Activity<R> {
  return next(yield* activity);
}

/** A part of a byte array as memory, and how to find it after the array has moved. */
function arrayMemory(t: JavaThread, array: number, offset: number, length: number): [Memory, () => Memory] {
  const { u8 } = t.vm;
  const at = (ref: number) => {
    const start = (ref >>> 0) + ELEMENTS + offset;
    return u8.subarray(start, start + length);
  };
  return [
    () => at(array),
    () => {
      const handle = t.handle(array);
      return () => at(handle.ref);
    },
  ];
}

/** @throws NullPointerException and IndexOutOfBoundsException (Java) */
function checkRange(vm: Vm, array: number, offset: number, length: number): void {
  if (array === 0) throw nullPointer();
  if (offset < 0 || length < 0 || vm.arrayLength(array) - offset < length) {
    throw new ThrowNew('java/lang/IndexOutOfBoundsException');
  }
}

function checked(result: number): number {
  if (result <= ERROR_BASE) throw ioException(errorOf(result));
  return result;
}

/** `read(byte[], int, int)`: bytes, or -1 at the end. */
export function readIntoArray(
  t: JavaThread,
  fd: () => number,
  array: number,
  offset: number,
  length: number,
): number | Activity<number> {
  checkRange(t.vm, array, offset, length);
  if (length === 0) return 0;
  const [memory, prepare] = arrayMemory(t, array, offset, length);
  return andThen(readDescriptor(t, fd(), memory, prepare), (got) => (got === 0 ? -1 : checkedRead(got)));
}

function checkedRead(got: number): number {
  // Java's streams have no word for "nothing now": they are used on non-blocking descriptors by mistake only.
  if (got === IoStatus.Unavailable) throw ioException(Errno.TryAgain);
  if (got === IoStatus.Interrupted) throw ioException(Errno.Interrupted);
  return checked(got);
}

/** `read()`: a byte, or -1 at the end. */
export function readByte(t: JavaThread, fd: number): number | Activity<number> {
  const byte = new Uint8Array(1);
  const memory = () => byte;
  return andThen(
    readDescriptor(t, fd, memory, () => memory),
    (got) => (checkedRead(got) === 0 ? -1 : byte[0]!),
  );
}

/** `write(byte[], int, int)`: all of them. */
export function writeFromArray(
  t: JavaThread,
  fd: () => number,
  array: number,
  offset: number,
  length: number,
): undefined | Activity<undefined> {
  checkRange(t.vm, array, offset, length);
  if (length === 0) return undefined;
  const number = fd();
  for (let done = 0; done < length; ) {
    const [memory, prepare] = arrayMemory(t, array, offset + done, length - done);
    const result = writeDescriptor(t, number, memory, prepare);
    if (typeof result !== 'number') return writeRest(t, number, result, array, offset + done, length - done);
    done += checkedWrite(result);
  }
  return undefined;
}

function checkedWrite(written: number): number {
  if (written < 0 && written > ERROR_BASE) throw ioException(Errno.TryAgain);
  return checked(written);
}

/** Goes on with a write that has to wait. `offset` and `length` are what is left. */
function* writeRest(
  t: JavaThread,
  fd: number,
  first: Activity<number>,
  array: number,
  offset: number,
  length: number,
): Activity<undefined> {
  const handle = t.handle(array);
  let done = checkedWrite(yield* first);
  while (done < length) {
    const [memory, prepare] = arrayMemory(t, handle.ref, offset + done, length - done);
    const result = writeDescriptor(t, fd, memory, prepare);
    done += checkedWrite(typeof result === 'number' ? result : yield* result);
  }
  return undefined;
}

/** `write(int)`. */
export function writeByte(t: JavaThread, fd: number, value: number): undefined | Activity<undefined> {
  const byte = Uint8Array.of(value);
  const memory = () => byte;
  return andThen(
    writeDescriptor(t, fd, memory, () => memory),
    (written) => {
      checkedWrite(written);
      return undefined;
    },
  );
}
