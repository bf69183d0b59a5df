/** Natives of sun.management.VMManagementImpl: what the management beans say about the VM. */
import { availableParallelism } from 'node:os';
import { ClassState } from '../../../memory/layout.js';
import { newStringArray } from '../../arrays.js';
import type { NativeTable } from '../../registry.js';

const OWNER = 'sun/management/VMManagementImpl';

export const natives: NativeTable = {
  'getVersion0()Ljava/lang/String;': (t) => t.vm.strings.fromJs('3.0'),
  'initOptionalSupportFields()V': (t) => {
    for (const field of ['currentThreadCpuTimeSupport', 'otherThreadCpuTimeSupport']) {
      t.vm.putByte(0, t.vm.offset(OWNER, field), 1);
    }
  },
  'isThreadContentionMonitoringEnabled()Z': () => false,
  'isThreadCpuTimeEnabled()Z': () => true,
  'isThreadAllocatedMemoryEnabled()Z': () => false,
  'getTotalClassCount()J': (t) => t.vm.classes.length,
  // Classes are never unloaded.
  'getUnloadedClassCount()J': () => 0,
  'getInitializedClassCount()J': (t) => t.vm.classes.filter((cls) => cls.state === ClassState.Initialized).length,
  'getVerboseClass()Z': (t) => t.vm.options.verboseClass,
  'getVerboseGC()Z': (t) => t.vm.options.verboseGc,
  'getProcessId()I': () => process.pid,
  'getVmArguments0()[Ljava/lang/String;': (t) =>
    t.vm.options.vmArguments.length === 0 ? 0 : newStringArray(t.vm, t.vm.options.vmArguments),
  'getStartupTime()J': () => Math.floor(performance.timeOrigin),
  'getUptime0()J': () => Math.floor(performance.now()),
  'getAvailableProcessors()I': () => availableParallelism(),
  'getTotalThreadCount()J': (t) => t.vm.scheduler.startedCount,
  'getLiveThreadCount()I': (t) => t.vm.scheduler.threads.length,
  'getPeakThreadCount()I': (t) => t.vm.scheduler.peakCount,
  'getDaemonThreadCount()I': (t) => t.vm.scheduler.threads.filter((thread) => thread.daemon).length,
};
