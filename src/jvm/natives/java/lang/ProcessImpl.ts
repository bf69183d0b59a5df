/**
 * Natives of java.lang.ProcessImpl: starting a process. Node starts it; its standard streams are pipes of which Java gets
 * the other ends as descriptors, so that they are read and written like files.
 */
import { closeSync } from 'node:fs';
import { makePipe } from '../../../../host/index.js';
import { nullPointer, ThrowNew } from '../../../runtime/throws.js';
import type { Vm } from '../../../runtime/vm.js';
import { StartError, startChild } from '../../processes.js';
import type { NativeTable } from '../../registry.js';

/** The strings of a block of bytes, each ended by a zero. */
function stringsOf(vm: Vm, array: number): string[] {
  if (array === 0) return [];
  return Buffer.from(vm.bytesOf(array)).toString('utf8').replace(/\0$/, '').split('\0');
}

/** `NAME=value` as an object; a name may begin with `=`. */
function environmentOf(entries: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    entries.filter(Boolean).map((entry) => {
      const at = entry.indexOf('=', 1);
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}

/** Closes descriptors that are not -1. */
function closeAll(descriptors: readonly number[]): void {
  for (const fd of descriptors) if (fd !== -1) closeSync(fd);
}

export const natives: NativeTable = {
  'init()V': () => {},
  'forkAndExec(I[B[B[BI[BI[B[IZ)I': (
    t,
    _self: number,
    _mode: number,
    _helper: number,
    program: number,
    argBlock: number,
    argCount: number,
    environmentBlock: number,
    _environmentCount: number,
    folder: number,
    fds: number,
    mergeErrors: number,
  ) => {
    const { vm } = t;
    if (program === 0 || argBlock === 0 || fds === 0) throw nullPointer();
    /** Ends for the child, and ends that Java keeps; -1 where a given descriptor is used. */
    const theirs: [number, number, number] = [-1, -1, -1];
    const ours = [-1, -1, -1];
    const made: number[] = [];
    try {
      for (const i of [0, 1, 2] as const) {
        const given = vm.getElement(fds, i);
        if (i === 2 && mergeErrors !== 0) {
          theirs[2] = theirs[1];
        } else if (given !== -1) {
          theirs[i] = given;
        } else {
          const [read, write] = makePipe();
          theirs[i] = i === 0 ? read : write;
          ours[i] = i === 0 ? write : read;
          made.push(theirs[i]);
        }
      }
      const pid = startChild({
        command: stringsOf(vm, program)[0]!,
        args: argCount === 0 ? [] : stringsOf(vm, argBlock),
        environment: environmentBlock === 0 ? process.env : environmentOf(stringsOf(vm, environmentBlock)),
        folder: folder === 0 ? undefined : stringsOf(vm, folder)[0],
        descriptors: theirs,
      });
      for (const i of [0, 1, 2]) vm.words[(fds >>> 2) + 4 + i] = ours[i]!;
      return pid;
    } catch (error) {
      closeAll(ours);
      throw error instanceof StartError ? new ThrowNew('java/io/IOException', error.message) : error;
    } finally {
      closeAll(made);
    }
  },
};
