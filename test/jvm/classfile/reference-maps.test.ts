/** Reference maps against StackMapTable on all of java.base, and on code with subroutines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ClassFile,
  MethodReferenceMaps,
  Op,
  parseClass,
  referenceMapAt,
  walkCode,
} from '../../../src/jvm/classfile/index.js';
import { decodeStackMaps, type StackFrame } from '../../../src/jvm/classfile/stack-maps.js';
import { TYPE_MASK, Type, TypeTable } from '../../../src/jvm/classfile/verification-types.js';
import { ClassWriter, u2 } from './class-writer.js';
import { baseClasses, worldOf } from './jdk.js';

/** The frames of a method's StackMapTable. */
function framesOf(classFile: ClassFile, method: ClassFile['methods'][number]): StackFrame[] {
  const { code } = method;
  const body = code?.stackMapTable;
  if (code === undefined || body === undefined) return [];
  const types = new TypeTable(worldOf(classFile));
  const starts = new Uint8Array(code.bytes.length);
  walkCode(code.bytes, (at) => {
    starts[at] = 1;
  });
  const locals = new Int32Array(code.maxLocals);
  let localsSize = 0;
  const put = (type: number) => {
    locals[localsSize++] = type;
    if (type === Type.Long || type === Type.Double) locals[localsSize++] = type + 1;
  };
  if (!method.isStatic) put(method.name === '<init>' ? Type.UninitializedThis : types.object);
  for (const item of method.descriptor
    .slice(1)
    .match(/^[^)]*/)?.[0]
    .match(/\[*(L[^;]*;|.)/g) ?? []) {
    put(types.ofDescriptor(item));
  }
  const initial = { offset: 0, locals, localsSize, stack: new Int32Array(0), thisUninitialized: false };
  return decodeStackMaps(body, initial, {
    pool: classFile.pool,
    types,
    code: code.bytes,
    starts,
    maxLocals: code.maxLocals,
    maxStack: code.maxStack,
    badOffset: (offset) => new Error(`no instruction at ${offset}`),
    inMethod: '',
  });
}

const isReference = (type: number) => (type & TYPE_MASK) >= Type.Null && (type & TYPE_MASK) <= Type.Object;

test('maps agree with every frame of java.base', () => {
  let frames = 0;
  for (const { name, bytes } of baseClasses()) {
    const classFile = parseClass(bytes, { trusted: true, source: name });
    for (const method of classFile.methods) {
      const { code } = method;
      if (code === undefined) continue;
      const maps = new MethodReferenceMaps(code, classFile.pool, method.descriptor, method.isStatic);
      for (const frame of framesOf(classFile, method)) {
        frames++;
        const map = maps.at(frame.offset);
        const where = `${name}.${method.name} @${frame.offset}`;
        assert.equal(map.depth, frame.stack.length, where);
        // A local may still hold a reference that the frame has dropped, never the other way round.
        for (let i = 0; i < frame.localsSize; i++) {
          const type = frame.locals[i];
          if (type === Type.Top) continue;
          assert.equal(map.localRefs.includes(i), isReference(type), `${where} local ${i}`);
        }
        const expected = Array.from(frame.stack.keys()).filter((i) => isReference(frame.stack[i]));
        assert.deepEqual(map.stackRefs, expected, where);
      }
    }
  }
  assert.ok(frames > 50_000, `${frames} frames`);
});

function mapsOf(
  spec: (writer: ClassWriter) => Parameters<ClassWriter['addMethod']>[0],
  major = 61,
): MethodReferenceMaps {
  const writer = new ClassWriter('Maps');
  writer.major = major;
  writer.addMethod(spec(writer));
  const { pool, methods } = parseClass(writer.bytes(), { trusted: true });
  const [method] = methods;
  assert.ok(method.code !== undefined);
  return new MethodReferenceMaps(method.code, pool, method.descriptor, method.isStatic);
}

test('before, between and after: arguments, results, longs', () => {
  const maps = mapsOf((w) => ({
    flags: 1,
    descriptor: '(JLjava/lang/String;)V',
    maxLocals: 5,
    code: [
      Op.aload_0,
      Op.lload_1,
      Op.aload_3,
      Op.invokevirtual,
      ...u2(w.method('A', 'a', '(JLjava/lang/String;)[I')),
      Op.astore,
      4,
      Op.return,
    ],
  }));
  assert.deepEqual(maps.at(0), { depth: 0, localRefs: [0, 3], stackRefs: [] });
  assert.deepEqual(maps.at(2), { depth: 3, localRefs: [0, 3], stackRefs: [0] });
  assert.deepEqual(maps.at(3), { depth: 4, localRefs: [0, 3], stackRefs: [0, 3] });
  assert.deepEqual(maps.at(6), { depth: 1, localRefs: [0, 3], stackRefs: [0] });
  assert.deepEqual(maps.at(8), { depth: 0, localRefs: [0, 3, 4], stackRefs: [] });
  assert.equal(maps.stackDepth(3), 4);
});

test('the forms of dup', () => {
  // [ref, int, int] and each form on top of it.
  const forms: [number, number[]][] = [
    [Op.dup, [0]],
    [Op.dup_x1, [0]],
    [Op.dup_x2, [1]],
    [Op.dup2, [0]],
    [Op.dup2_x1, [2]],
    [Op.swap, [0]],
  ];
  for (const [op, refs] of forms) {
    const maps = mapsOf(() => ({ maxStack: 6, code: [Op.aconst_null, Op.iconst_0, Op.iconst_1, op, Op.return] }));
    assert.deepEqual(maps.stackRefs(4), refs, String(op));
  }
  const maps = mapsOf(() => ({
    maxStack: 6,
    code: [Op.aconst_null, Op.iconst_0, Op.iconst_1, Op.aconst_null, Op.dup2_x2, Op.return],
  }));
  assert.deepEqual(maps.stackRefs(5), [1, 2, 5]);
});

test('paths that disagree leave no reference', () => {
  const maps = mapsOf(() => ({
    code: [Op.iconst_0, Op.ifeq, 0, 8, Op.aconst_null, Op.astore_0, Op.goto, 0, 5, Op.iconst_0, Op.istore_0, Op.return],
  }));
  assert.deepEqual(maps.localRefs(11), []);
  assert.deepEqual(maps.localRefs(6), [0]);
});

test('a handler sees the locals of every instruction it guards', () => {
  const maps = mapsOf(() => ({
    code: [Op.aconst_null, Op.astore_0, Op.nop, Op.iconst_0, Op.istore_0, Op.nop, Op.return, Op.athrow],
    exceptions: [[2, 6, 7, 0]],
  }));
  assert.deepEqual(maps.at(7), { depth: 1, localRefs: [], stackRefs: [0] });
});

test('inside a subroutine the frame tells who called', () => {
  const code = [
    Op.iconst_0,
    Op.istore_0,
    Op.jsr,
    0,
    13,
    Op.iload_0,
    Op.pop,
    Op.aconst_null,
    Op.astore_0,
    Op.jsr,
    0,
    6,
    Op.aload_0,
    Op.pop,
    Op.return,
    Op.astore_1,
    Op.nop,
    Op.ret,
    1,
  ];
  const maps = mapsOf(() => ({ code }), 48);
  const calledFrom = (address: number) => ({ local: () => address, stack: () => address });
  assert.deepEqual(maps.at(15, calledFrom(5)), { depth: 1, localRefs: [], stackRefs: [] });
  assert.deepEqual(maps.at(15, calledFrom(12)), { depth: 1, localRefs: [0], stackRefs: [] });
  assert.deepEqual(maps.localRefs(17, calledFrom(12)), [0]);
  assert.deepEqual(maps.localRefs(17, calledFrom(5)), []);
  assert.deepEqual(maps.localRefs(5), []);
  assert.deepEqual(maps.localRefs(12), [0]);
  assert.equal(maps.stackDepth(15), 1);
  assert.throws(() => maps.at(15), /depends on the frame/);
  assert.throws(() => maps.at(15, calledFrom(99)), /agrees/);
});

test('code no path reaches has no map', () => {
  const maps = mapsOf(() => ({ code: [Op.return, Op.nop, Op.return] }));
  assert.equal(maps.isReachable(0), true);
  assert.throws(() => mapsOf(() => ({ code: [Op.goto, 0, 4, Op.nop, Op.return] })).at(3), /No path/);
});

test('one map on its own', () => {
  const writer = new ClassWriter('One');
  writer.addMethod({ descriptor: '(Ljava/lang/Object;)V', code: [Op.return] });
  const { pool, methods } = parseClass(writer.bytes());
  const [method] = methods;
  assert.ok(method.code !== undefined);
  assert.deepEqual(referenceMapAt(method.code, pool, method, 0).localRefs, [0]);
});
