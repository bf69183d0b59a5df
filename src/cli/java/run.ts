/**
 * `scotty java`: from the plan of the command line to a running VM, its streams and its exit code.
 *
 * The arguments are Java's, so they are taken as they are, before the command-line library sees them.
 */
import { writeSync } from 'node:fs';
import { totalmem } from 'node:os';
import { type HelperTask, LaunchKind, type Program, startProgram } from '../../jvm/launcher.js';
import { findJavaHome, JavaHomeError, openBootLibrary, openClassPath } from '../../jvm/library/index.js';
import { LARGEST_HEAP } from '../../jvm/memory/arena.js';
import { NATIVES } from '../../jvm/natives/index.js';
import { createVm } from '../../jvm/runtime/bootstrap.js';
import type { VmOptions } from '../../jvm/runtime/vm.js';
import { helpExtraText, helpText } from './help.js';
import { findJarFault } from './jar-fault.js';
import { LaunchError } from './launch-error.js';
import { listNatives } from './natives.js';
import { optimizerRelease } from './optimizer.js';
import { type LaunchPlan, planLaunch } from './options.js';

/** `vm.initLevel` when the library is ready for a program. */
const SYSTEM_UP = 4;
const GIB = 1 << 30;
const MIB = 1 << 20;
/** What is used where nothing is asked for. */
const DEFAULT_HEAP = 1 * GIB;

/** Writes everything, waiting where a pipe is full. */
function writeAll(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(fd, bytes, done, bytes.length - done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

const KINDS: Readonly<Partial<Record<LaunchPlan['mode'], LaunchKind>>> = {
  class: LaunchKind.Class,
  jar: LaunchKind.Jar,
  module: LaunchKind.Module,
  source: LaunchKind.Source,
};

/** What of the library's own helpers has to print something first, or instead of a program. */
function tasksOf(plan: LaunchPlan): HelperTask[] {
  const tasks: HelperTask[] = [];
  const version = (to: 'stdout' | 'stderr') =>
    tasks.push({
      className: 'java/lang/VersionProps',
      method: to === 'stderr' ? 'print' : 'println',
      descriptor: '(Z)V',
      args: [1],
    });
  const helper = (method: string, descriptor: string, args: (string | number | null)[]) =>
    tasks.push({ className: 'sun/launcher/LauncherHelper', method, descriptor, args });
  if (plan.showVersion !== undefined) version(plan.showVersion);
  if (plan.mode === 'version') version(plan.outputTo);
  if (plan.showSettings !== undefined) {
    helper('showSettings', '(ZLjava/lang/String;JJJ)V', [
      1,
      `-XshowSettings:${plan.showSettings}`,
      plan.vm.initialHeap ?? 0,
      plan.vm.maxHeap ?? 0,
      plan.vm.stackSize ?? 0,
    ]);
  }
  if (plan.mode === 'list-modules') helper('listModules', '()V', []);
  if (plan.mode === 'describe-module') helper('describeModule', '(Ljava/lang/String;)V', [plan.target]);
  return tasks;
}

/** Options of the machine, completed by what this computer has. */
export function vmOptionsOf(plan: LaunchPlan): VmOptions {
  const java = findJavaHome(plan.javaHome);
  const byPercentage =
    plan.vm.maxHeapPercentage === undefined ? undefined : (totalmem() * plan.vm.maxHeapPercentage) / 100;
  const wanted = plan.vm.maxHeap ?? byPercentage ?? Math.min(totalmem() / 4, DEFAULT_HEAP);
  const maxHeap = Math.min(Math.max(Math.ceil(wanted / MIB), 4) * MIB, LARGEST_HEAP);
  return {
    library: openBootLibrary(java.home),
    javaHome: java.home,
    versionString: java.versionString,
    maxHeap,
    initialHeap: Math.min(plan.vm.initialHeap || 16 * MIB, maxHeap),
    stackSize: plan.vm.stackSize ?? 1 * MIB,
    properties: plan.properties,
    classPath: plan.classPath,
    streams: { write: writeAll, stdin: 0 },
    natives: NATIVES,
    verify: plan.vm.verify,
    verboseClass: plan.vm.verboseClass,
    verboseGc: plan.vm.verboseGc,
    systemAssertions: plan.vm.systemAssertions,
    assertions: plan.vm.assertions,
    vmArguments: plan.inputArguments,
    bootAppend: openClassPath(plan.vm.bootAppend, { release: java.version, onDamaged: () => {} }),
    tuning: plan.vm,
    stressCollection: Number(process.env.SCOTTY_STRESS_GC) || 0,
  };
}

/**
 * Runs `scotty java` and returns its exit code.
 *
 * @param given the arguments after `java`
 */
export async function runJava(given: readonly string[]): Promise<number> {
  let plan: LaunchPlan;
  try {
    plan = planLaunch(given);
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    for (const note of error.notes) writeAll(2, Buffer.from(`${note}\n`));
    writeAll(1, Buffer.from(error.out));
    writeAll(2, Buffer.from(error.error));
    return error.exitCode;
  }
  if ((plan.vm.maxHeap ?? 0) > LARGEST_HEAP) {
    plan.warnings.push(`Scotty warning: the heap is limited to ${LARGEST_HEAP / MIB} MiB, less than -Xmx asks for`);
  }
  for (const warning of plan.warnings) writeAll(2, Buffer.from(`${warning}\n`));
  const to = plan.outputTo === 'stdout' ? 1 : 2;
  if (plan.mode === 'help' || plan.mode === 'help-extra') {
    writeAll(to, Buffer.from(plan.mode === 'help' ? helpText() : helpExtraText()));
    return plan.exitCode;
  }
  const unfit = plan.mode === 'jar' ? findJarFault(plan.target) : undefined;
  if (unfit !== undefined) {
    writeAll(2, Buffer.from(`Error: ${unfit}\n`));
    return 1;
  }
  let options: VmOptions;
  try {
    options = vmOptionsOf(plan);
  } catch (error) {
    if (!(error instanceof JavaHomeError)) throw error;
    writeAll(2, Buffer.from(`scotty: ${error.message}\n`));
    return 1;
  }
  if (plan.mode === 'natives') {
    writeAll(1, Buffer.from(listNatives(options.library, NATIVES)));
    return 0;
  }
  const vm = createVm(options);
  if (process.env.SCOTTY_DEBUG) vm.onInternalError = (error) => console.error(error);
  const kind = KINDS[plan.mode];
  const program: Program | undefined =
    kind === undefined ? undefined : { kind, target: plan.target, args: plan.args, dryRun: plan.dryRun };
  startProgram(vm, program, tasksOf(plan));
  const releaseOptimizer = optimizerRelease(() => vm.initLevel === SYSTEM_UP);
  const until = () => {
    releaseOptimizer();
    return false;
  };
  const code = vm.scheduler.runSync({ signals: true, until });
  if (vm.startupFailure !== undefined) {
    writeAll(2, Buffer.from(`Error occurred during initialization of VM\n${vm.startupFailure}\n`));
  }
  return code ?? 1;
}
