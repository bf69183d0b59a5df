/**
 * File descriptors: what the VM knows of them, and reading and writing so that only the calling Java thread waits.
 *
 * Descriptors are the process's own. Regular files are read and written at once; pipes, terminals and sockets are asked
 * first whether they are ready (`ppoll`), and the thread waits if they are not, while others run. Sockets, which the VM
 * itself makes, are non-blocking underneath, whatever Java has asked for; what it has asked for is noted here. Descriptors
 * that were there before (0 to 2) keep their mode: other processes share it.
 */
import { closeSync, fstatSync, readSync, writeSync } from 'node:fs';
import { nativeSupport, PollEvent, pollDescriptors } from '../../host/index.js';
import type { Activity } from '../runtime/activity.js';
import { pause, waitForDescriptor } from '../runtime/blocking.js';
import type { JavaThread } from '../runtime/thread.js';
import type { Vm } from '../runtime/vm.js';
import { Errno, errnoOf } from './system-errors.js';

/** Results of a transfer below zero, as sun.nio.ch.IOStatus numbers them. */
export const enum IoStatus {
  EndOfFile = -1,
  /** Nothing to be had now, and Java said not to wait. */
  Unavailable = -2,
  /** `NativeThread.signal` ended the wait. */
  Interrupted = -3,
  Unsupported = -4,
  UnsupportedCase = -6,
}

/** A failed transfer: minus the error's number, below every `IoStatus`. */
export const ERROR_BASE = -1000;

/** The number of the error that a transfer's result below `ERROR_BASE` stands for. */
export function errorOf(result: number): number {
  return ERROR_BASE - result;
}

const enum FileKind {
  Regular = 0,
  /** May have to be waited for, and is asked first. */
  Waiting = 1,
  /** Made by the VM, and non-blocking: can be tried. */
  Own = 2,
}

const kinds = new Map<number, FileKind>();
const javaNonBlocking = new Set<number>();

/** A write of so many bytes to a pipe that is ready for writing does not block (POSIX's PIPE_BUF on Linux). */
const PIPE_ATOMIC = 4096;
/** How often standard input is asked again when it is a function that has nothing yet, ms. */
const STDIN_PAUSE = 5;

/** Forgets what is known about a descriptor: it has been opened, closed or replaced. */
export function forgetDescriptor(fd: number): void {
  kinds.delete(fd);
  javaNonBlocking.delete(fd);
}

/** Notes that a descriptor is the VM's own and non-blocking. */
export function adoptDescriptor(fd: number, blocking: boolean): void {
  kinds.set(fd, FileKind.Own);
  noteBlocking(fd, blocking);
}

/** A descriptor has become another name of an open file. */
export function copyDescriptorKind(from: number, to: number): void {
  forgetDescriptor(to);
  const kind = kinds.get(from);
  if (kind !== undefined) kinds.set(to, kind);
}

/** Notes what Java wants of a descriptor (`configureBlocking`). */
export function noteBlocking(fd: number, blocking: boolean): void {
  if (blocking) javaNonBlocking.delete(fd);
  else javaNonBlocking.add(fd);
}

/** Whether Java wants its thread to wait for this descriptor. */
export function isBlocking(fd: number): boolean {
  return !javaNonBlocking.has(fd);
}

function kindOf(fd: number): FileKind {
  let kind = kinds.get(fd);
  if (kind === undefined) {
    try {
      const stat = fstatSync(fd);
      kind = stat.isFile() || stat.isDirectory() || stat.isBlockDevice() ? FileKind.Regular : FileKind.Waiting;
    } catch {
      // The transfer itself will say what is wrong.
      return FileKind.Regular;
    }
    if (kind === FileKind.Waiting && !nativeSupport().available) kind = FileKind.Regular;
    kinds.set(fd, kind);
  }
  return kind;
}

const pollSet = new Int32Array(2);

/** The events of `events` that a descriptor is ready for now, errors included. */
export function readyEvents(fd: number, events: number): number {
  pollSet[0] = fd;
  pollSet[1] = events & 0xffff;
  return pollDescriptors(pollSet, 1, 0) === 0 ? 0 : pollSet[1]! >>> 16;
}

/**
 * What a read or write of the operating system does to a stretch of memory. It returns the bytes done; an error it returns
 * as minus its number, or throws with `errno`.
 */
export type Transfer = (fd: number, memory: Uint8Array) => number;

/** Where the bytes are: objects may move while a thread waits, so it is asked for each time. */
export type Memory = () => Uint8Array;

function transferOnce(transfer: Transfer, fd: number, memory: Uint8Array): number {
  for (;;) {
    let errno: number;
    try {
      const done = transfer(fd, memory);
      if (done >= 0) return done;
      errno = -done;
    } catch (error) {
      errno = errnoOf(error);
    }
    if (errno === Errno.TryAgain) return IoStatus.Unavailable;
    if (errno !== Errno.Interrupted) return ERROR_BASE - errno;
  }
}

/**
 * Transfers once, waiting as long as nothing can be transferred.
 *
 * `memory` gives the memory now; `prepare` is called once, before the first wait, and returns how to find it from then on
 * (by way of a handle).
 *
 * @returns bytes, `IoStatus` (`Unavailable` only where Java does not want to wait), or an error (see `errorOf`)
 */
export function transferring(
  t: JavaThread,
  fd: number,
  events: number,
  transfer: Transfer,
  memory: Memory,
  prepare: () => Memory,
): number | Activity<number> {
  const kind = kindOf(fd);
  if (kind === FileKind.Regular) return transferOnce(transfer, fd, memory());
  if (kind === FileKind.Own || readyEvents(fd, events) !== 0) {
    const done = transferOnce(transfer, fd, memory());
    if (done !== IoStatus.Unavailable) return done;
  }
  if (!isBlocking(fd)) return IoStatus.Unavailable;
  return waitAndTransfer(t, fd, events, transfer, prepare);
}

function* waitAndTransfer(
  t: JavaThread,
  fd: number,
  events: number,
  transfer: Transfer,
  prepare: () => Memory,
): Activity<number> {
  const memory = prepare();
  for (;;) {
    if ((yield* waitForDescriptor(t, fd, events)) === -1) return IoStatus.Interrupted;
    const done = transferOnce(transfer, fd, memory());
    if (done !== IoStatus.Unavailable) return done;
  }
}

const readBytes: Transfer = (fd, memory) => readSync(fd, memory, 0, memory.length, null);

const writeBytes: Transfer = (fd, memory) =>
  writeSync(fd, memory, 0, kinds.get(fd) === FileKind.Waiting ? Math.min(memory.length, PIPE_ATOMIC) : memory.length);

/**
 * Reads up to `length` bytes; 0 is the end of the file. Descriptor 0 is the VM's standard input.
 *
 * @param memory as in `transferring`
 */
export function readDescriptor(
  t: JavaThread,
  fd: number,
  memory: Memory,
  prepare: () => Memory,
): number | Activity<number> {
  if (fd === 0) {
    const { stdin } = t.vm.options.streams;
    if (typeof stdin === 'function') {
      const got = stdin(memory());
      return got >= 0 ? got : waitForStdin(t, stdin, prepare);
    }
    return transferring(t, stdin, PollEvent.In, readBytes, memory, prepare);
  }
  return transferring(t, fd, PollEvent.In, readBytes, memory, prepare);
}

function* waitForStdin(t: JavaThread, stdin: (into: Uint8Array) => number, prepare: () => Memory): Activity<number> {
  const memory = prepare();
  for (;;) {
    yield* pause(t, STDIN_PAUSE);
    const got = stdin(memory());
    if (got >= 0) return got;
  }
}

/** Writes some of the bytes, at least one. Descriptors 1 and 2 are the VM's standard streams and take all. */
export function writeDescriptor(
  t: JavaThread,
  fd: number,
  memory: Memory,
  prepare: () => Memory,
): number | Activity<number> {
  if (fd === 1 || fd === 2) {
    const bytes = memory();
    return transferOnce(
      (to, all) => {
        t.vm.options.streams.write(to as 1 | 2, all);
        return all.length;
      },
      fd,
      bytes,
    );
  }
  return transferring(t, fd, PollEvent.Out, writeBytes, memory, prepare);
}

/** Memory at an arena address, which does not move. */
export function fixedMemory(vm: Vm, address: number, length: number): Memory {
  return () => vm.u8.subarray(address, address + length);
}

/**
 * Closes a descriptor. Java keeps 0 to 2 open, on `/dev/null`, so that nothing else gets these numbers.
 *
 * @throws a system error (see `errnoOf`)
 */
export function closeDescriptor(fd: number): void {
  forgetDescriptor(fd);
  closeSync(fd);
}
