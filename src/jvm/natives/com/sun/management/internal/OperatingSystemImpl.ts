/** Natives of com.sun.management.internal.OperatingSystemImpl: the machine and this process. */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import type { NativeTable } from '../../../../registry.js';

/** A figure of /proc/meminfo in bytes, 0 when it is not there. */
function memoryInfo(name: string): number {
  const text = readFileSync('/proc/meminfo', 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
}

/** Clock ticks in all and idle, of all processors together. */
function systemTicks(): { total: number; idle: number } {
  let total = 0;
  let idle = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.irq + times.idle;
  }
  return { total, idle };
}

let lastSystem = systemTicks();
let lastProcess = process.cpuUsage();
let lastTime = performance.now();

export const natives: NativeTable = {
  'initialize0()V': () => {},
  'getCommittedVirtualMemorySize0()J': () => Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[0]) * 4096,
  'getFreeMemorySize0()J': () => freemem(),
  'getTotalMemorySize0()J': () => totalmem(),
  'getFreeSwapSpaceSize0()J': () => memoryInfo('SwapFree'),
  'getTotalSwapSpaceSize0()J': () => memoryInfo('SwapTotal'),
  'getMaxFileDescriptorCount0()J': () =>
    Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? -1),
  'getOpenFileDescriptorCount0()J': () => readdirSync('/proc/self/fd').length,
  'getProcessCpuTime0()J': () => {
    const { user, system } = process.cpuUsage();
    return (user + system) * 1000;
  },
  /** Share of the machine's processors this process has used since the last call. */
  'getProcessCpuLoad0()D': () => {
    const now = performance.now();
    const { user, system } = process.cpuUsage(lastProcess);
    const share = (user + system) / 1000 / Math.max(1, (now - lastTime) * availableParallelism());
    lastProcess = process.cpuUsage();
    lastTime = now;
    return Math.min(1, share);
  },
  'getCpuLoad0()D': () => {
    const now = systemTicks();
    const total = now.total - lastSystem.total;
    const busy = total - (now.idle - lastSystem.idle);
    lastSystem = now;
    return total <= 0 ? 0 : busy / total;
  },
  'getHostConfiguredCpuCount0()I': () => cpus().length,
  'getHostOnlineCpuCount0()I': () => cpus().length,
  'getHostTotalCpuTicks0()J': () => systemTicks().total,
};
