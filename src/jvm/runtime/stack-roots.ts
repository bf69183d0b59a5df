/**
 * The references on a thread's stack, exactly: from the reference maps of the methods whose frames are on it.
 *
 * A frame waits at an instruction, and the map before that instruction says which locals and operands are references. A
 * callee's first locals are the arguments its caller pushed, and the callee may have stored something else there since: such a
 * slot belongs to the callee. Maps are computed on first need for each (method, bytecode index) and kept, already turned into
 * distances from the frame pointer.
 */
import { type FrameReader, MethodReferenceMaps } from '../classfile/index.js';
import { Frame } from '../memory/layout.js';
import type { Method } from './java-class.js';

/** The frames of this class-file version and later have no subroutines: their maps depend on the instruction alone. */
const NO_SUBROUTINES = 51;

/** What walking needs of a VM. */
export interface StackOwner {
  readonly words: Int32Array;
  readonly stubs: { readonly decode: number };
  methodAt(pointer: number): Method;
}

/** Distances from the frame pointer, in words, of slots that hold references. */
interface SlotMap {
  readonly locals: Int32Array;
  /** From the bottom of the operand stack upwards: descending. */
  readonly operands: Int32Array;
}

/** Walks stacks for one VM. */
export class StackRoots {
  /** By method id, then bytecode index. */
  private readonly maps: (Map<number, SlotMap> | undefined)[] = [];

  constructor(private readonly owner: StackOwner) {}

  /**
   * Calls `visit` once for the word index of each slot that holds a reference (or null), from the frame at `fp` (word
   * index; 0: no frame) to the thread's first.
   */
  visit(fp: number, visit: (slot: number) => void): void {
    const { owner } = this;
    const { words } = owner;
    // Word index of the younger frame's local 0: slots up to there are not the older frame's any more.
    let taken = 0;
    for (let at = fp; at !== 0; at = words[at + Frame.Caller]! >>> 2) {
      const method = owner.methodAt(words[at + Frame.Method]!);
      if (method.info === undefined) {
        taken = at + Frame.FirstLocal;
      } else if (method.isNative || method.code === undefined) {
        taken = this.visitArguments(method, at, visit);
      } else {
        const map = this.mapAt(method, at, words[at + Frame.Pc]!);
        const { locals, operands } = map;
        for (let i = 0; i < locals.length; i++) visit(at + locals[i]!);
        for (let i = 0; i < operands.length; i++) {
          const slot = at + operands[i]!;
          if (slot <= taken) break;
          visit(slot);
        }
        taken = at + Frame.FirstLocal + 2 * method.code!.maxLocals;
      }
    }
  }

  /** Frame of a native method, or of an abstract one that was called in error: its arguments. Returns the word index of the first. */
  private visitArguments(method: Method, fp: number, visit: (slot: number) => void): number {
    const first = fp + Frame.FirstLocal + 2 * method.argumentSlots;
    let slot = first;
    if (!method.isStatic) {
      visit(slot);
      slot -= 2;
    }
    const kinds = method.parameterKinds;
    for (let i = 0; i < kinds.length; i++) {
      const kind = kinds.charCodeAt(i);
      if (kind === 0x4c) visit(slot);
      slot -= kind === 0x4a || kind === 0x44 ? 4 : 2;
    }
    return first;
  }

  private mapAt(method: Method, fp: number, pc: number): SlotMap {
    const bci = this.bciAt(method, pc);
    let ofMethod = this.maps[method.id];
    const known = ofMethod?.get(bci);
    if (known !== undefined) return known;
    const map = this.compute(method, bci, fp);
    if (method.holder.classFile!.major >= NO_SUBROUTINES) {
      if (ofMethod === undefined) {
        ofMethod = new Map();
        this.maps[method.id] = ofMethod;
      }
      ofMethod.set(bci, map);
    }
    return map;
  }

  private bciAt(method: Method, pc: number): number {
    // Not decoded yet: the frame was only just pushed.
    if (pc === this.owner.stubs.decode) return 0;
    const bci = method.bciOfPc?.[pc - method.codeStart];
    if (bci === undefined || bci < 0) throw new Error(`${method} waits at code word ${pc}, which is none of its own`);
    return bci;
  }

  private compute(method: Method, bci: number, fp: number): SlotMap {
    const code = method.code;
    if (code === undefined) throw new Error(`${method} has a frame but no code`);
    method.referenceMaps ??= new MethodReferenceMaps(code, method.holder.pool, method.descriptor, method.isStatic);
    const { localRefs, stackRefs } = method.referenceMaps.at(bci, this.frameReader(method, fp));
    return {
      locals: Int32Array.from(localRefs, (i) => 2 * (code.maxLocals - i) + Frame.FirstLocal),
      operands: Int32Array.from(stackRefs, (k) => Frame.FirstOperand - 2 * k),
    };
  }

  /** Return addresses of subroutines are code words in a frame; the maps know them as bytecode indexes. */
  private frameReader(method: Method, fp: number): FrameReader {
    const { words } = this.owner;
    const bci = (slot: number) => method.bciOfPc?.[words[slot]! - method.codeStart] ?? -1;
    return {
      local: (i) => bci(fp + 2 * (method.code!.maxLocals - i) + Frame.FirstLocal),
      stack: (k) => bci(fp + Frame.FirstOperand - 2 * k),
    };
  }
}
