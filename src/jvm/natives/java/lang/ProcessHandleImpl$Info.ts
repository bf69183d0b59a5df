/** Natives of java.lang.ProcessHandleImpl.Info. */
import type { Vm } from '../../../runtime/vm.js';
import { newStringArray } from '../../arrays.js';
import { processDetails, processStatus } from '../../processes.js';
import type { NativeTable } from '../../registry.js';

const OWNER = 'java/lang/ProcessHandleImpl$Info';

function putText(vm: Vm, self: number, field: string, text: string | undefined): void {
  if (text !== undefined) vm.putReference(self, vm.offset(OWNER, field), vm.strings.fromJs(text));
}

export const natives: NativeTable = {
  'initIDs()V': () => {},
  'info0(J)V': (t, self: number, pid: number) => {
    const { vm } = t;
    const status = processStatus(pid);
    if (status === undefined) return;
    const { command, commandLine, args, user } = processDetails(pid);
    putText(vm, self, 'command', command);
    putText(vm, self, 'commandLine', commandLine);
    putText(vm, self, 'user', user);
    if (args !== undefined) vm.putReference(self, vm.offset(OWNER, 'arguments'), newStringArray(vm, args));
    vm.putLong(self, vm.offset(OWNER, 'startTime'), status.startTime);
    vm.putLong(self, vm.offset(OWNER, 'totalTime'), Math.trunc(status.totalTime));
  },
};
