/** Natives of java.lang.ProcessHandleImpl. */
import type { Activity } from '../../../runtime/activity.js';
import { pause } from '../../../runtime/blocking.js';
import type { JavaThread } from '../../../runtime/thread.js';
import { ThrowNew } from '../../../runtime/throws.js';
import type { Vm } from '../../../runtime/vm.js';
import { allProcesses, exitValue, isChild, type ProcessStatus, processStatus } from '../../processes.js';
import type { NativeTable } from '../../registry.js';

/** Milliseconds between two looks whether a child has ended: short at first, since most end soon. */
const FIRST_WAIT = 1;
const LONGEST_WAIT = 20;

/** What Java's code takes for "wait in another way". */
const NOT_A_CHILD = -2;

function* waitForExit(t: JavaThread, pid: number, reap: number): Activity<number> {
  if (!isChild(pid)) return NOT_A_CHILD;
  let wait = FIRST_WAIT;
  for (;;) {
    const value = exitValue(pid);
    if (value !== undefined) return reap === 0 ? 0 : value;
    yield* pause(t, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }
}

function isAlive(status: ProcessStatus | undefined): status is ProcessStatus {
  return status !== undefined && status.state !== 'Z' && status.state !== 'X';
}

function putLongs(vm: Vm, array: number, values: readonly number[]): void {
  if (array === 0) return;
  const capacity = Math.min(vm.arrayLength(array), values.length);
  for (let i = 0; i < capacity; i++) vm.putLong(array, 16 + 8 * i, Math.trunc(values[i]!));
}

export const natives: NativeTable = {
  'initNative()V': () => {},
  'getCurrentPid0()J': () => process.pid,
  'waitForProcessExit0(JZ)I': waitForExit,
  'parent0(JJ)J': (_t, pid: number, startTime: number) => {
    if (pid === process.pid) return process.ppid;
    const status = processStatus(pid);
    if (status === undefined || (startTime !== 0 && status.startTime !== startTime)) return -1;
    return status.parent;
  },
  'getProcessPids0(J[J[J[J)I': (t, pid: number, pids: number, parents: number, starts: number) => {
    const { vm } = t;
    if (pids === 0) throw new ThrowNew('java/lang/NullPointerException', 'pids');
    for (const other of [parents, starts]) {
      if (other !== 0 && vm.arrayLength(other) !== vm.arrayLength(pids)) {
        throw new ThrowNew('java/lang/IllegalArgumentException', 'array sizes not equal');
      }
    }
    const found = allProcesses()
      .map(processStatus)
      .filter((status): status is ProcessStatus => status !== undefined && (pid === 0 || status.parent === pid));
    putLongs(
      vm,
      pids,
      found.map((status) => status.pid),
    );
    putLongs(
      vm,
      parents,
      found.map((status) => status.parent),
    );
    putLongs(
      vm,
      starts,
      found.map((status) => status.startTime),
    );
    return found.length;
  },
  'destroy0(JJZ)Z': (_t, pid: number, startTime: number, forcibly: number) => {
    const status = processStatus(pid);
    if (status === undefined || (startTime !== 0 && status.startTime !== 0 && status.startTime !== startTime)) {
      return false;
    }
    try {
      return process.kill(pid, forcibly === 0 ? 'SIGTERM' : 'SIGKILL');
    } catch {
      return false;
    }
  },
  'isAlive0(J)J': (_t, pid: number) => {
    const status = processStatus(pid);
    return isAlive(status) ? status.startTime : -1;
  },
};
