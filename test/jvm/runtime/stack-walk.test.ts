/** Walking frames laid out by hand: order, what is left out, bytecode indexes, lines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../../../src/jvm/memory/layout.js';
import { type JavaClass, Method } from '../../../src/jvm/runtime/java-class.js';
import { captureStack, forEachFrame, lineNumberOf, NATIVE_BCI } from '../../../src/jvm/runtime/stack-walk.js';
import type { JavaThread } from '../../../src/jvm/runtime/thread.js';

const STATIC = 0x8;
const NATIVE = 0x100;
/** Method pointers of the VM's own frames. */
const ACTIVITY = 0x7000;
const BASE = 0x7100;
const FRAME_WORDS = 32;

/** A method whose code words 0, 10, 20… stand for bytecodes 0, 1, 2… */
function method(id: number, name: string, flags = STATIC): Method {
  const made = new Method({ externalName: 'Test' } as JavaClass, name, '()V', flags, undefined, id);
  made.id = id;
  made.pointer = 0x8000 + id * 64;
  if ((flags & NATIVE) === 0) {
    made.codeStart = 5000 + id * 1000;
    made.bciOfPc = Uint16Array.from({ length: 100 }, (_, i) => Math.floor(i / 10));
  }
  return made;
}

/** A thread with these frames, oldest first. */
function threadWith(frames: readonly { pointer: number; pc: number }[], methods: readonly Method[]): JavaThread {
  const words = new Int32Array(4096);
  let fp = 4000;
  let caller = 0;
  for (const { pointer, pc } of frames) {
    words[fp + Frame.Caller] = caller << 2;
    words[fp + Frame.Method] = pointer;
    words[fp + Frame.Pc] = pc;
    caller = fp;
    fp -= FRAME_WORDS;
  }
  const vm = {
    words,
    stubs: { activityMethod: ACTIVITY, baseMethod: BASE },
    methodAt: (pointer: number) => methods.find((m) => m.pointer === pointer)!,
  };
  return { vm, fp: caller } as unknown as JavaThread;
}

const main = method(0, 'main');
const hidden = method(1, 'lambda');
hidden.hiddenFrame = true;
const inner = method(2, 'inner');
const native = method(3, 'sleep', STATIC | NATIVE);
const ALL = [main, hidden, inner, native];

function thread(): JavaThread {
  return threadWith(
    [
      { pointer: BASE, pc: 1 },
      { pointer: main.pointer, pc: main.codeStart + 20 },
      { pointer: ACTIVITY, pc: 1 },
      { pointer: hidden.pointer, pc: hidden.codeStart },
      { pointer: inner.pointer, pc: inner.codeStart + 70 },
      { pointer: native.pointer, pc: 1 },
    ],
    ALL,
  );
}

test('frames come youngest first, without those of the VM', () => {
  const seen: string[] = [];
  forEachFrame(thread(), (m, bci) => {
    seen.push(`${m.name}@${bci}`);
  });
  assert.deepEqual(seen, [`sleep@${NATIVE_BCI}`, 'inner@7', 'lambda@0', 'main@2']);
});

test('a visitor that answers true ends the walk', () => {
  let count = 0;
  forEachFrame(thread(), () => ++count === 2);
  assert.equal(count, 2);
});

test('a trace leaves out hidden frames and is no longer than asked', () => {
  assert.deepEqual(
    captureStack(thread()).map(({ methodId, bci }) => [methodId, bci]),
    [
      [3, NATIVE_BCI],
      [2, 7],
      [0, 2],
    ],
  );
  assert.equal(captureStack(thread(), 2).length, 2);
  assert.equal(captureStack(thread(), 0).length, 0);
});

test('the line is that of the last entry at or before the bytecode, whatever their order', () => {
  const lines = Int32Array.from([0, 10, 8, 12, 3, 11, 8, 99]);
  const counted = { isNative: false, code: { lineNumbers: lines } } as unknown as Method;
  assert.deepEqual(
    [0, 2, 3, 7, 8, 50].map((bci) => lineNumberOf(counted, bci)),
    [10, 10, 11, 11, 12, 99],
  );
  assert.equal(lineNumberOf(native, NATIVE_BCI), -2);
  assert.equal(lineNumberOf(main, 0), -1);
});
