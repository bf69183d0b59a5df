/**
 * Natives of jdk.internal.misc.Signal. Which signals are caught, and how, is the scheduler's business; here is what Java
 * wants.
 */
import { constants } from 'node:os';
import { dispatchSignal } from '../../../../runtime/java-threads.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import type { NativeTable } from '../../../registry.js';

/** What a signal does: the numbers Java's side uses. */
const enum Action {
  Refused = -1,
  Default = 0,
  Ignore = 1,
  Dispatch = 2,
}

/** Signals the VM needs itself (faults, thread dumps), and those that nobody can catch. */
const RESERVED: ReadonlySet<number> = new Set([
  constants.signals.SIGFPE,
  constants.signals.SIGILL,
  constants.signals.SIGSEGV,
  constants.signals.SIGQUIT,
]);
const UNCATCHABLE: ReadonlySet<number> = new Set([constants.signals.SIGKILL, constants.signals.SIGSTOP]);

function handle(t: JavaThread, signal: number, action: number): number {
  const { scheduler } = t.vm;
  const { handledSignals, ignoredSignals } = scheduler;
  if (RESERVED.has(signal) || UNCATCHABLE.has(signal)) return Action.Refused;
  const before = ignoredSignals.has(signal)
    ? Action.Ignore
    : handledSignals.has(signal)
      ? Action.Dispatch
      : Action.Default;
  if (action === Action.Default) handledSignals.delete(signal);
  else handledSignals.add(signal);
  if (action === Action.Ignore) ignoredSignals.add(signal);
  else ignoredSignals.delete(signal);
  scheduler.onSignal ??= (arrived) => dispatchSignal(t.vm, arrived);
  scheduler.signalsChanged();
  return before;
}

export const natives: NativeTable = {
  'findSignal0(Ljava/lang/String;)I': (t, name: number) => {
    const numbers: Readonly<Record<string, number>> = constants.signals;
    return numbers[`SIG${t.vm.strings.toJs(name)}`] ?? -1;
  },
  'handle0(IJ)J': handle,
  'raise0(I)V': (t, signal: number) => {
    if (t.vm.scheduler.handledSignals.has(signal)) t.vm.scheduler.signalArrived(signal);
    else process.kill(process.pid, signal);
  },
};
