/** The parser on the whole of java.base, and on single details of the format. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Acc,
  ClassFileError,
  decodeModifiedUtf8,
  parseClass,
  parseClassSignature,
  parseFieldSignature,
  parseMethodDescriptor,
  parseMethodSignature,
  typeParametersText,
  typeText,
  walkCode,
} from '../../../src/jvm/classfile/index.js';
import { ClassWriter, u4 } from './class-writer.js';
import { baseClasses, libraryClass } from './jdk.js';

const isFormatError = (error: unknown) => error instanceof ClassFileError && error.kind === 'ClassFormatError';

test('every class of java.base passes all format checks, and everything in it can be read', () => {
  let methods = 0;
  let instructions = 0;
  for (const { name, bytes } of baseClasses()) {
    const classFile = parseClass(bytes, { source: name });
    assert.equal(classFile.name, name);
    if (classFile.signature !== undefined) parseClassSignature(classFile.signature);
    for (const field of classFile.fields) {
      if (field.signature !== undefined) parseFieldSignature(field.signature);
      field.hasAnnotation('Lx;');
    }
    for (const method of classFile.methods) {
      methods++;
      parseMethodDescriptor(method.descriptor);
      if (method.signature !== undefined) parseMethodSignature(method.signature);
      method.hasAnnotation('Lx;');
      if (method.code === undefined) continue;
      walkCode(method.code.bytes, () => instructions++);
    }
    void [classFile.innerClasses, classFile.record, classFile.enclosingMethod, classFile.permittedSubclasses];
  }
  assert.ok(methods > 40_000, `${methods} methods`);
  assert.ok(instructions > 1_000_000, `${instructions} instructions`);
});

test('what java/lang/String says of itself', () => {
  const string = libraryClass('java/lang/String');
  assert.equal(string.superName, 'java/lang/Object');
  assert.equal(string.sourceFile, 'String.java');
  assert.ok(string.interfaces.includes('java/lang/CharSequence'));
  assert.equal(string.accessFlags & Acc.Final, Acc.Final);
  const charAt = string.findMethod('charAt', '(I)C');
  assert.ok(charAt?.code !== undefined);
  assert.equal(charAt.code.maxLocals >= 2, true);
  assert.ok(charAt.code.lineNumbers.length > 0);
  const intrinsic = string.methods.find((method) =>
    method.hasAnnotation('Ljdk/internal/vm/annotation/IntrinsicCandidate;'),
  );
  assert.ok(intrinsic !== undefined);
  const object = libraryClass('java/lang/Object');
  assert.equal(object.superName, null);
  const wait = object.findMethod('wait', '(JI)V');
  assert.deepEqual(wait?.exceptions, ['java/lang/InterruptedException']);
});

test('constants of every kind', () => {
  const writer = new ClassWriter('Constants');
  const int = writer.int(-5);
  const long = writer.long(-1, 2);
  const text = writer.string('grüße');
  const member = writer.interfaceMethod('A', 'm', '(J)V');
  const { pool } = parseClass(writer.bytes());
  assert.equal(pool.int(int), -5);
  assert.equal(pool.longHigh(long), -1);
  assert.equal(pool.longLow(long), 2);
  assert.equal(pool.stringValue(text), 'grüße');
  assert.deepEqual(pool.memberRef(member), {
    classIndex: writer.class('A'),
    className: 'A',
    name: 'm',
    descriptor: '(J)V',
    isInterface: true,
  });
  for (const index of [-1, 0, long + 1, 60_000, Number.NaN]) {
    assert.throws(() => pool.utf8(index), isFormatError);
    assert.throws(() => pool.className(index), isFormatError);
    assert.throws(() => pool.memberRef(index), isFormatError);
    assert.throws(() => pool.longHigh(index), isFormatError);
  }
  assert.throws(() => pool.int(text), isFormatError);
});

test('modified UTF-8: NUL in two bytes, surrogates alone, long text, and what is no UTF-8', () => {
  const decode = (...bytes: number[]) => decodeModifiedUtf8(Uint8Array.from(bytes), 0, bytes.length);
  assert.equal(decode(0xc0, 0x80), '\0');
  assert.equal(decode(0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80), '😀');
  assert.equal(decode(0xed, 0xa0, 0xbd), '\ud83d');
  assert.equal(decode(0x61, 0xc3, 0xa9, 0x62), 'aéb');
  const long = new Uint8Array(50_000).fill(0x78);
  assert.equal(decodeModifiedUtf8(long, 0, long.length), 'x'.repeat(50_000));
  for (const bytes of [
    [0],
    [0x80],
    [0x61, 0x80],
    [0xff],
    [0xf0, 0x90, 0x80, 0x80],
    [0xc3],
    [0xe1, 0x80],
    [0xc3, 0x61],
  ]) {
    assert.throws(() => decode(...bytes), isFormatError, bytes.join());
  }
});

test('descriptors', () => {
  assert.deepEqual(parseMethodDescriptor('(I[[JLjava/lang/String;D)[I'), {
    parameters: ['I', '[[J', 'Ljava/lang/String;', 'D'],
    returnType: '[I',
    argumentSlots: 5,
  });
  const bad = [
    '',
    '()',
    'I',
    '(V)V',
    '()VV',
    '(L;)V',
    '(La.b;)V',
    '(La//b;)V',
    '(L/a;)V',
    '([)V',
    '(I',
    `(${'['.repeat(256)}I)V`,
  ];
  for (const text of bad) assert.throws(() => parseMethodDescriptor(text), isFormatError, text);
});

test('generic signatures', () => {
  const list = parseClassSignature('<K::Ljava/lang/Comparable<TK;>;V:Ljava/lang/Object;>La/B<+TK;*-[I>.C<TV;>;Ld/E;');
  assert.equal(typeParametersText(list.typeParameters), '<K extends java.lang.Comparable<K>, V>');
  assert.equal(typeText(list.superclass), 'a.B<? extends K, ?, ? super int[]>.C<V>');
  assert.deepEqual(list.interfaces.map(typeText), ['d.E']);
  const method = parseMethodSignature('<T:Ljava/lang/Exception;>(TT;[JI)TT;^TT;^Ljava/io/IOException;');
  assert.deepEqual(method.parameters.map(typeText), ['T', 'long[]', 'int']);
  assert.deepEqual(method.exceptions.map(typeText), ['T', 'java.io.IOException']);
  for (const text of ['', 'L', 'La', 'TT', 'La<>;', 'La<*;', 'X', 'II', `${'['.repeat(5000)}I`, 'La<'.repeat(5000)]) {
    assert.throws(() => parseFieldSignature(text), isFormatError, text.slice(0, 20));
  }
});

test('unknown attributes are kept', () => {
  const writer = new ClassWriter('Unknown');
  writer.attributes.push({ name: 'org.example.Mark', body: u4(7) });
  const [attribute] = parseClass(writer.bytes()).attributes;
  assert.equal(attribute.name, 'org.example.Mark');
  assert.equal(attribute.length, 4);
});

test('every truncation of a class is a format error', () => {
  const bytes = baseClasses().find(({ name }) => name === 'java/lang/Integer')?.bytes;
  assert.ok(bytes !== undefined);
  for (let length = 0; length < bytes.length; length += length < 2000 ? 1 : 37) {
    assert.throws(() => parseClass(bytes.subarray(0, length)), isFormatError, `${length} bytes`);
  }
});
