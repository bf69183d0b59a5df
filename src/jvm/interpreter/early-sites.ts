/**
 * Instructions that only one thread may pass yet: those that need a class which that thread is initializing (JVMS 5.5).
 *
 * It has to go on, so they are quickened for it; any other thread must find them unresolved and wait there, so they are
 * made unresolved again before another thread runs.
 */
import { ClassState } from '../memory/layout.js';
import type { JavaClass } from '../runtime/java-class.js';
import type { JavaThread } from '../runtime/thread.js';
import type { Vm } from '../runtime/vm.js';
import { Opcode } from './opcodes.js';

/** Remembers the instruction at word `pc`, before it is quickened, when its class is still being initialized. */
export function noteEarlySite(t: JavaThread, cls: JavaClass, pc: number, index: number): void {
  if (cls.state !== ClassState.Initialized) t.vm.earlySites.push(pc, index);
}

/** Makes the remembered instructions unresolved again. */
export function undoEarlySites(vm: Vm): void {
  const { earlySites, words } = vm;
  for (let i = 0; i < earlySites.length; i += 2) {
    words[earlySites[i]!] = Opcode.Resolve;
    words[earlySites[i]! + 1] = earlySites[i + 1]!;
  }
  earlySites.length = 0;
}
