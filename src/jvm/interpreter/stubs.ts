/**
 * Entry code that is not a method's own: what a method leads to before it is decoded, what native and abstract methods
 * lead to for good, and the VM's own frames.
 *
 * Each stub is a few words of the interpreter's code in the arena. The two pseudo methods give the VM's frames something
 * to name, so that every frame on a stack has a method.
 */
import { ClassKind, INVOKE_LENGTH, MethodWord } from '../memory/layout.js';
import { JavaClass, Method } from '../runtime/java-class.js';
import type { Vm } from '../runtime/vm.js';
import { Opcode } from './opcodes.js';

/** Word indexes of stub code, and byte offsets of the pseudo methods. */
export interface Stubs {
  readonly decode: number;
  readonly native: number;
  readonly abstract: number;
  /** Pseudo natives of MethodHandle; one code for all, the method says which. */
  readonly handleIntrinsic: number;
  /** Where a frame of an activity waits while Java runs for it: a return goes on `INVOKE_LENGTH` words later. */
  readonly resume: number;
  /** Where a thread's first frame waits. */
  readonly base: number;
  readonly activityMethod: number;
  readonly baseMethod: number;
}

/** Makes the stubs; before the first class is linked. */
export function createStubs(vm: Vm): Stubs {
  const code = (op: Opcode, before = 0) => {
    const at = vm.arena.allocateMetadata((before + 1) * 4) >>> 2;
    vm.words[at + before] = op;
    return at;
  };
  const nowhere = new JavaClass({ name: '(vm)', loader: vm.bootLoader, kind: ClassKind.Instance });
  const pseudo = (name: string) => {
    const method = new Method(nowhere, name, '()V', 0x8, undefined, -1);
    method.id = vm.methods.push(method) - 1;
    method.pointer = vm.arena.allocateMetadata(MethodWord.Length * 4);
    vm.words[(method.pointer >>> 2) + MethodWord.Id] = method.id;
    return method.pointer;
  };
  return {
    decode: code(Opcode.Decode),
    native: code(Opcode.Native),
    abstract: code(Opcode.AbstractError),
    handleIntrinsic: code(Opcode.HandleIntrinsic),
    resume: code(Opcode.Resume, INVOKE_LENGTH),
    base: code(Opcode.ThreadExit, INVOKE_LENGTH),
    activityMethod: pseudo('(activity)'),
    baseMethod: pseudo('(base)'),
  };
}
