/**
 * Executes every instruction once before any Java runs.
 *
 * V8 compiles the interpreter's loop as a whole, which takes it half a second, and leaves out what it has never seen executed:
 * the first such instruction throws the machine code away. So each instruction runs here once, in all its outcomes, on
 * a thread, a frame and objects made for it. What an instruction computes does not matter, only that it was there.
 */
import {
  ClassKind,
  Context,
  Frame,
  INVOKE_LENGTH,
  Klass,
  MethodCache,
  MethodWord,
  ObjectWord,
} from '../memory/layout.js';
import { handleOffsets } from '../runtime/member-names.js';
import { JavaThread, ThreadState } from '../runtime/thread.js';
import type { Vm } from '../runtime/vm.js';
import { Opcode } from './opcodes.js';
import { rehearse } from './slow-paths.js';

/** Words of the scratch memory, and what lies where in it. */
const enum Scratch {
  Words = 512,
  /** A frame pointer, with room below for operands and above for locals. */
  Caller = 240,
  Frame = 200,
  Method = 300,
  Code = 340,
  Static = 360,
  Handles = 380,
}

/** Slots of an operand stack, from the top; each is a low and a high word, the high one 0 where not given. */
type Slots = readonly (number | readonly [number, number])[];

interface Step {
  readonly op: Opcode;
  readonly operands: readonly number[];
  readonly stack: Slots;
}

/** Set when this process's interpreter has been warmed up: V8's feedback is the function's, not a VM's. */
let done = false;

/** See the head of the file. Once the stubs and the well-known classes are there; a second VM in a process has nothing to do. */
export function warmUp(vm: Vm): void {
  if (done) return;
  done = true;
  const { words } = vm;
  const base = vm.arena.allocateMetadata(Scratch.Words * 4) >>> 2;
  const thread = new JavaThread(vm, 1, base * 4, (base + Scratch.Words) * 4, 0);
  const steps = allSteps(vm, base);
  const end = base + Scratch.Code + 16;
  words[end] = Opcode.ThreadExit;
  words[end + INVOKE_LENGTH] = Opcode.ThreadExit;
  const fp = base + Scratch.Frame;
  const caller = base + Scratch.Caller;
  // Twice: V8 collects feedback from the moment it has seen the function busy.
  let next = 0;
  const prepare = (t: JavaThread): void => {
    t.state = ThreadState.Runnable;
    if (next === 2 * steps.length) {
      t.finished = true;
      return;
    }
    const { op, operands, stack } = steps[next++ % steps.length] as Step;
    const pc = base + Scratch.Code;
    words.fill(Opcode.ThreadExit, pc, end + 1);
    words[pc] = op;
    for (const [i, operand] of operands.entries()) words[pc + 1 + i] = operand;
    const sp = fp + Frame.FirstOperand - 2 * stack.length + 2;
    for (const [i, slot] of stack.entries()) {
      words[sp + 2 * i] = typeof slot === 'number' ? slot : slot[0];
      words[sp + 2 * i + 1] = typeof slot === 'number' ? 0 : slot[1];
    }
    words[fp + Frame.Caller] = caller << 2;
    words[fp + Frame.Pc] = pc;
    words[caller + Frame.Pc] = end;
    t.fp = fp;
    t.sp = sp;
  };
  const limit = words[Context.StackLimit]!;
  words[Context.StackLimit] = 0;
  rehearse(prepare);
  try {
    prepare(thread);
    vm.interpret(thread);
  } finally {
    rehearse(undefined);
    words[Context.StackLimit] = limit;
  }
}

/** Values that take every comparison of two ints, and of one with 0, to all its outcomes. */
const PAIRS: readonly (readonly [number, number])[] = [
  [1, 2],
  [2, 1],
  [1, 1],
  [0, 0],
  [-1, 1],
  [1, -1],
  [0x7fffffff, 0x7fffffff],
];

function allSteps(vm: Vm, base: number): Step[] {
  const { words, heap, known } = vm;
  const steps: Step[] = [];
  const end = base + Scratch.Code + 16;
  const method = base + Scratch.Method;
  words[method + MethodWord.FrameDelta] = -8;
  words[method + MethodWord.FrameWords] = 8;
  words[method + MethodWord.Code] = end;
  words[method + MethodWord.VtableIndex] = -1;
  const bytes = heap.allocateArray(known.byteArray, 64);
  const booleans = heap.allocateArray(known.booleanArray, 64);
  const object = bytes;
  const klass = words[object >>> 2]!;
  const step = (op: Opcode, operands: readonly number[], ...stack: Slots): void => {
    steps.push({ op, operands, stack });
  };
  /** Distances of two locals; `withLocals` gives them values by a step of stores before. */
  const first = 8;
  const second = 16;
  const local = (distance: number, low: number, high = 0): void => {
    step(Opcode.StoreD, [distance], [low, high] as const, [low, high] as const);
  };
  const range = (from: Opcode, to: Opcode, run: (op: Opcode) => void): void => {
    for (let op = from; op <= to; op++) run(op);
  };
  for (let i = 0; i < 40; i++) step(Opcode.Nop, []);
  step(Opcode.ConstW, [5]);
  step(Opcode.ConstD, [5, 0]);
  step(Opcode.ConstRoot, [base + Scratch.Static]);
  for (const op of [Opcode.LoadW, Opcode.LoadD]) step(op, [first]);
  for (const op of [Opcode.StoreW, Opcode.StoreD]) step(op, [first], 1, 1);
  step(Opcode.Iinc, [first, 1]);
  range(Opcode.ArrayLoadW, Opcode.ArrayLoadS, (op) => {
    step(op, [], 1, object);
    step(op, [], -1, object);
    step(op, [], 1, 0);
  });
  for (const op of [Opcode.ArrayStoreW, Opcode.ArrayStoreB, Opcode.ArrayStoreS]) {
    for (const target of [bytes, booleans, 0]) step(op, [], 1, 1, target);
    step(op, [], 1, -1, bytes);
  }
  step(Opcode.ArrayStoreA, [], 0, 1, bytes);
  step(Opcode.ArrayStoreA, [], object, 1, bytes);
  step(Opcode.ArrayStoreA, [], object, -1, bytes);
  step(Opcode.ArrayStoreA, [], object, 1, heap.allocateArray(known.objectArray, 4));
  step(Opcode.ArrayStoreD, [], 1, 1, 1, bytes);
  for (const target of [bytes, 0]) step(Opcode.ArrayLength, [], target);
  range(Opcode.Pop, Opcode.Swap, (op) => step(op, [], 1, 2, 3, 4));
  for (const [a, b] of PAIRS) {
    range(Opcode.Iadd, Opcode.Lxor, (op) => step(op, [], a, [a, a], b, [b, b]));
    step(Opcode.Ladd, [], a, [-1, a], b, [b, b]);
  }
  for (const shift of [0, 5, 32, 40]) range(Opcode.Lshl, Opcode.Lushr, (op) => step(op, [], shift, [7, -7], [7, -7]));
  // Quotients of numbers beyond a double's precision.
  for (const op of [Opcode.Lmul, Opcode.Ldiv, Opcode.Lrem]) {
    step(op, [], 0, [7, 0x7fff0000], 0, [-7, 0x7fffffff]);
    step(op, [], 0, [7, 0], 0, [100, 0]);
  }
  const doubles: readonly (readonly [number, number])[] = [
    [0, 0x3ff80000],
    [0, 0x40080000],
    [0, 0],
    [0, 0x7ff80000],
    [0, 0x43f00000],
    [0, 0xc3f00000 | 0],
    [0, 0xc0080000 | 0],
  ];
  for (const d of doubles) {
    for (const e of doubles) range(Opcode.Fadd, Opcode.Dcmpg, (op) => step(op, [], d[1], d, e[1], e));
  }
  const lcmp: readonly (readonly [number, number])[] = [
    [1, 1],
    [2, 1],
    [-1, 1],
    [0, 2],
  ];
  for (const d of lcmp) for (const e of lcmp) step(Opcode.Lcmp, [], 0, d, 0, e);
  for (const [a, b] of PAIRS) range(Opcode.Goto, Opcode.IfIcmpleBack, (op) => step(op, [end], a, b));
  for (const key of [-1, 0, 1, 5]) {
    step(Opcode.TableSwitch, [0, 1, end, end, end], key);
    step(Opcode.LookupSwitch, [3, end, 0, end, 1, end, 4, end], key);
  }
  step(Opcode.Jsr, [end, end]);
  local(first, end);
  step(Opcode.Ret, [first]);
  range(Opcode.ReturnV, Opcode.ReturnD, (op) => step(op, [first], 1, 1));
  step(Opcode.LoadReturnW, [first, second]);
  range(Opcode.GetFieldW, Opcode.GetFieldS, (op) => {
    for (const target of [object, 0]) step(op, [4], target);
  });
  range(Opcode.PutFieldW, Opcode.PutFieldS, (op) => {
    for (const target of [object, 0]) step(op, [op < Opcode.PutFieldB ? 4 : 16], 1, target, target);
  });
  const places = [base + Scratch.Static, base + Scratch.Static, 0, 0, 0];
  for (const [i, shift] of [0, 0, 2, 1, 1].entries()) {
    places[i] = (base + Scratch.Static) << shift;
    step((Opcode.GetStaticW + i) as Opcode, [places[i]!]);
  }
  step(Opcode.PutStaticW, [places[0]!], 1);
  step(Opcode.PutStaticD, [places[0]!], 1, 1);
  for (const op of [Opcode.PutStaticB, Opcode.PutStaticZ]) step(op, [places[2]!], 1);
  step(Opcode.PutStaticS, [places[3]!], 1);
  step(Opcode.InvokeStatic, [method], 1);
  for (const receiver of [object, 0]) {
    step(Opcode.InvokeSpecial, [method, 0], receiver);
    step(Opcode.InvokeInterface, [method, 0, klass, method], receiver);
    step(Opcode.InvokeInterface, [method, 0, 0, method], receiver);
    // A vtable entry far outside the class structure: the word after the scratch method.
    step(Opcode.InvokeVirtual, [method - (klass >>> 2) + MethodWord.Length], receiver);
  }
  words[method + MethodWord.Length] = method << 2;
  step(Opcode.InvokeAdapter, [method, 0], 1);
  step(Opcode.InvokeAdapter, [method, base + Scratch.Static], 1);
  methodHandles(vm, base, method, object, step);
  step(Opcode.New, [klass, 24]);
  step(Opcode.New, [klass, 0x7ffffff0]);
  for (const length of [3, -1]) step(Opcode.NewArray, [klass, 0], length);
  const stringKlass = known.string.klass;
  for (const op of [Opcode.CheckCast, Opcode.InstanceOf]) {
    for (const target of [klass, known.object.klass, stringKlass]) step(op, [target], object);
    step(op, [klass], 0);
  }
  for (const op of [Opcode.MonitorEnter, Opcode.MonitorExit]) {
    for (const target of [object, object, 0]) step(op, [], target);
  }
  step(Opcode.MonitorExit, [], object);
  // Objects.checkIndex and the like: any number will do, 0 declines.
  for (const id of [0, 1, 2]) step(Opcode.Intrinsic, [id, 0, method, 0], 1, 1, 1, 1);
  for (const [a, b] of PAIRS) {
    local(first, a, a);
    local(second, b, b);
    for (let op: Opcode = Opcode.LoadWLoadW; op < Opcode.Count; op++) {
      if (ARRAY_FUSIONS.has(op) || op === Opcode.LoadReturnW) continue;
      step(op, fusedOperands(op, first, second, a, b, end), a, [b, b], a, [b, b]);
      if (a !== b) step(op, fusedOperands(op, second, first, b, a, end), a, [b, b], a, [b, b]);
    }
  }
  for (const target of [object, 0]) {
    for (const index of [1, -1]) {
      local(first, target);
      local(second, index);
      for (const op of ARRAY_FUSIONS) {
        step(op, [first, op === Opcode.LoadGetFieldW || op === Opcode.LoadGetFieldD ? Opcode.GetFieldW : second, 4]);
      }
    }
  }
  words[(object >>> 2) + ObjectWord.Mark] = 0;
  return steps;
}

/** Calls through method handles: a handle, a form, a member and a resolved name in the scratch memory. */
function methodHandles(
  vm: Vm,
  base: number,
  method: number,
  object: number,
  step: (op: Opcode, operands: readonly number[], ...stack: Slots) => void,
): void {
  const { words } = vm;
  const at = handleOffsets(vm);
  const place = (i: number) => (base + Scratch.Handles + 24 * i) << 2;
  words[(place(0) + at.form) >>> 2] = place(1);
  words[(place(1) + at.vmentry) >>> 2] = place(2);
  words[(place(2) + at.method) >>> 2] = place(3);
  words[(place(3) + at.vmtarget) >>> 2] = method << 2;
  words[method + MethodWord.Holder] = place(4);
  words[(place(4) >>> 2) + Klass.Kind] = ClassKind.Interface;
  for (const handle of [place(0), 0]) step(Opcode.InvokeBasic, [0], handle);
  const klass = words[object >>> 2]!;
  const entry = MethodCache.Word + MethodCache.EntryWords * (((klass >>> 3) ^ method) & MethodCache.Mask);
  words[entry] = klass;
  words[entry + 1] = method;
  words[entry + 2] = method;
  for (const receiver of [object, place(2), 0]) {
    for (let kind = 0; kind < 4; kind++) step(Opcode.LinkTo, [kind, 2], place(2), receiver);
  }
}

/** Fused instructions whose first local is an object. */
const ARRAY_FUSIONS: ReadonlySet<Opcode> = new Set([
  Opcode.LoadGetFieldW,
  Opcode.LoadGetFieldD,
  Opcode.LoadLoadArrayLoadW,
  Opcode.LoadLoadArrayLoadD,
  Opcode.LoadLoadArrayLoadB,
  Opcode.LoadLoadArrayLoadC,
  Opcode.LoadArrayLength,
]);

function between(op: Opcode, from: Opcode, to: Opcode): boolean {
  return op >= from && op <= to;
}

/** Operands of a fused instruction: two locals, or a local and a value, or one of them, and a target. */
function fusedOperands(op: Opcode, x: number, y: number, a: number, b: number, target: number): number[] {
  if (op === Opcode.IincGoto || op === Opcode.IincGotoBack) return [x, 1, target];
  if (between(op, Opcode.ConstIfIcmpeq, Opcode.ConstIfIcmple)) return [b, target];
  if (between(op, Opcode.LoadIfIcmpeq, Opcode.LoadIfIcmple)) return [x, target];
  if (op === Opcode.LoadIfeq || op === Opcode.LoadIfne) return [x, target];
  if (between(op, Opcode.LoadConstIfIcmpge, Opcode.LoadConstIfIcmpeq)) return [x, b, target];
  if (between(op, Opcode.LoadConstIfIcmpgt, Opcode.LoadConstIfIcmpltBack)) return [x, a === 0 ? b : a, target];
  if (op === Opcode.LoadWConstW || op === Opcode.ConstStore) return [x, b];
  return [x, y, target];
}
