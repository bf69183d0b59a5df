/** The verifier on the whole of java.base, and against the machine's `java` on classes with one fault each. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { ClassFileError, Op, parseClass, type VerifierWorld, verifyClass } from '../../../src/jvm/classfile/index.js';
import { ClassWriter, u2 } from './class-writer.js';
import { baseClasses, compile, MissingClass, runTool, withFolder, worldOf } from './jdk.js';
import { SPECIMENS } from './specimens.js';

test('every class of java.base verifies', () => {
  for (const { name, bytes } of baseClasses()) {
    const classFile = parseClass(bytes, { trusted: true, source: name });
    try {
      verifyClass(classFile, worldOf(classFile));
    } catch (error) {
      assert.fail(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
});

test('java.base verifies by inference too, as far as its classes could be that old', () => {
  // What no old class can have: these are refused for their version, not for their types.
  const tooNew = /invokedynamic bytecode|Illegal type in constant pool/;
  let verified = 0;
  for (const { name, bytes } of baseClasses()) {
    const old = bytes.slice();
    old[7] = 49;
    const classFile = parseClass(old, { trusted: true, source: name });
    try {
      verifyClass(classFile, worldOf(classFile));
      verified++;
    } catch (error) {
      if (!(error instanceof Error) || !tooNew.test(error.message)) assert.fail(`${name}: ${error}`);
    }
  }
  assert.ok(verified > 4000, `${verified}`);
});

/** Defines each class in a loader of its own and prints what happens. */
const ORACLE = `
import java.nio.file.*;
public class Oracle extends ClassLoader {
  public static void main(String[] args) throws Exception {
    StringBuilder out = new StringBuilder();
    for (String name : Files.readAllLines(Path.of(args[0], "list"))) {
      byte[] bytes = Files.readAllBytes(Path.of(args[0], name + ".class"));
      String result = "accepted";
      try {
        Oracle loader = new Oracle();
        loader.defineClass(name, bytes, 0, bytes.length);
        Class.forName(name, true, loader);
      } catch (Throwable thrown) {
        result = thrown.getClass().getSimpleName() + ": " + thrown.getMessage();
      }
      out.append("=== ").append(name).append("\\n").append(result).append("\\n");
    }
    System.out.print(out);
  }
}`;

const verdicts = new Map<string, string>();

before(() => {
  withFolder((folder) => {
    compile(folder, { 'Oracle.java': ORACLE });
    const broken = join(folder, 'broken');
    mkdirSync(broken);
    for (const { name, bytes } of SPECIMENS) writeFileSync(join(broken, `${name}.class`), bytes);
    writeFileSync(join(broken, 'list'), SPECIMENS.map(({ name }) => name).join('\n'));
    for (const part of runTool('java', ['-cp', folder, 'Oracle', broken]).split('=== ').slice(1)) {
      const end = part.indexOf('\n');
      verdicts.set(part.slice(0, end), part.slice(end + 1).trimEnd());
    }
  });
});

function judge(name: string, bytes: Uint8Array): string {
  try {
    const classFile = parseClass(bytes, { source: name, maxMajor: 61 });
    verifyClass(classFile, worldOf(classFile));
    return 'accepted';
  } catch (error) {
    if (!(error instanceof ClassFileError)) throw error;
    return `${error.kind}: ${error.message}`.trimEnd();
  }
}

for (const { name, bytes } of SPECIMENS) {
  test(`a broken class is refused in the words of java: ${name}`, () => {
    // HotSpot gives an opcode that only its own interpreter uses that interpreter's name for it.
    const expected = verdicts.get(name)?.replace('fast_agetfield', '<illegal>');
    const actual = judge(name, bytes);
    assert.notEqual(actual, 'accepted');
    assert.equal(actual, expected);
  });
}

test('what the world throws passes through, and asking again starts over', () => {
  const writer = new ClassWriter('Asking');
  writer.addMethod({
    descriptor: '(La/B;)V',
    code: [Op.aload_0, Op.invokestatic, ...u2(writer.method('C', 'c', '(La/D;)V')), Op.return],
  });
  const classFile = parseClass(writer.bytes());
  const world = worldOf(classFile);
  assert.throws(() => verifyClass(classFile, world), MissingClass);
  const loaded: VerifierWorld = {
    ...world,
    isInterface: () => false,
    isAssignable: (from, to) => from === 'a/B' && to === 'a/D',
  };
  verifyClass(classFile, loaded);
  assert.throws(() => verifyClass(classFile, { ...loaded, isAssignable: () => false }), ClassFileError);
});

test('subroutines: two callers with different locals, nested calls, and one that never returns', () => {
  const accept = (spec: (writer: ClassWriter) => Parameters<ClassWriter['addMethod']>[0]) => {
    const writer = new ClassWriter('Subroutines');
    writer.major = 48;
    writer.addMethod(spec(writer));
    const classFile = parseClass(writer.bytes());
    verifyClass(classFile, worldOf(classFile));
  };
  // local 0 is an int for the first caller and a reference for the second; both use it afterwards.
  accept(() => ({
    code: [
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
    ],
  }));
  // A subroutine calls another.
  accept(() => ({
    code: [Op.jsr, 0, 4, Op.return, Op.astore_0, Op.jsr, 0, 5, Op.ret, 0, Op.astore_1, Op.ret, 1],
  }));
  // It throws its return address away.
  accept(() => ({ code: [Op.jsr, 0, 4, Op.nop, Op.pop, Op.return] }));
  // It is left by an exception, whose handler goes back to where it is called: that is no recursion.
  accept(() => ({
    code: [Op.jsr, 0, 6, Op.goto, 0xff, 0xfd, Op.astore_1, Op.nop, Op.ret, 1, Op.pop, Op.goto, 0xff, 0xf5],
    exceptions: [[6, 10, 10, 0]],
  }));
  // The handler is the only way to the second call.
  accept(() => ({
    code: [Op.jsr, 0, 4, Op.return, Op.astore_0, Op.nop, Op.return, Op.pop, Op.jsr, 0xff, 0xfc, Op.return],
    exceptions: [[4, 7, 7, 0]],
  }));
});
