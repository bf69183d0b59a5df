/** Calls from TypeScript: conversions both ways, overloads, fields, objects, exceptions. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type JavaArgument, JavaObject, type Jvm } from '../../../src/jvm/index.js';
import { createJvm, javaError, jvmError, skip } from './api-world.js';

const S = 'api.Specimen';

describe('calls from TypeScript', { skip }, () => {
  let jvm: Jvm;
  before(async () => {
    jvm = await createJvm();
  });
  after(() => jvm.dispose());

  test('primitives and strings', async () => {
    const rows: [string, JavaArgument, unknown][] = [
      ['not', true, false],
      ['ofByte', 127, -128],
      ['ofShort', -1, 0],
      ['ofChar', 'a', 'b'],
      ['ofInt', 2 ** 31 - 1, -(2 ** 31)],
      ['ofLong', 2n ** 63n - 1n, -(2n ** 63n)],
      ['ofLong', 2 ** 40, 2n ** 40n + 1n],
      ['ofFloat', 1, Math.fround(1 / 3)],
      ['ofDouble', 1, 1 / 3],
      ['ofDouble', -0, -0],
      ['ofDouble', Number.NaN, Number.NaN],
      ['ofDouble', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
      ['ofString', 'grüße 𝄞 \0', 'grüße 𝄞 \0!'],
      ['ofString', null, 'null!'],
      ['nothing', [], undefined],
    ];
    for (const [method, argument, expected] of rows) {
      const args = method === 'nothing' ? [] : [argument];
      assert.deepEqual(await jvm.call(S, method, ...args), expected, `${method}(${String(argument)})`);
    }
  });

  test('boxes, where a type leaves it open', async () => {
    const rows: [JavaArgument, string, unknown][] = [
      [1, 'java.lang.Integer', 1],
      [-0, 'java.lang.Double', -0],
      [1.5, 'java.lang.Double', 1.5],
      [2 ** 31, 'java.lang.Double', 2 ** 31],
      [5n, 'java.lang.Long', 5n],
      [true, 'java.lang.Boolean', true],
      ['s', 'java.lang.String', 's'],
      [null, 'null', null],
      [undefined, 'null', null],
      [Int32Array.of(1, -2), '[I', Int32Array.of(1, -2)],
      [['a', 'b'], '[Ljava.lang.String;', ['a', 'b']],
      [['a', 1, null], '[Ljava.lang.Object;', ['a', 1, null]],
    ];
    for (const [value, className, back] of rows) {
      assert.equal(await jvm.call(S, 'classOf', value), className);
      assert.deepEqual(await jvm.call(S, 'same', value), back);
    }
    const big = (await jvm.call(S, 'same', 2n ** 70n)) as JavaObject;
    assert.equal(big.className, 'java.math.BigInteger');
    assert.equal(await big.text(), String(2n ** 70n));
    assert.equal(await jvm.call(S, 'notSo', true), false);
  });

  test('arrays are copied', async () => {
    const rows: [string, JavaArgument, unknown][] = [
      ['bytes', Uint8Array.of(0, 255), Uint8Array.of(0, 255)],
      ['bytes', Int8Array.of(-1), Uint8Array.of(255)],
      ['bytes', Buffer.from('hi'), Uint8Array.of(104, 105)],
      ['bytes', [1, -1], Uint8Array.of(1, 255)],
      ['booleans', [true, false], [true, false]],
      ['shorts', Int16Array.of(-5), Int16Array.of(-5)],
      ['chars', Uint16Array.of(0xffff), Uint16Array.of(0xffff)],
      ['chars', ['x', 'y'], Uint16Array.of(120, 121)],
      ['ints', [], new Int32Array(0)],
      ['longs', BigInt64Array.of(-(2n ** 63n)), BigInt64Array.of(-(2n ** 63n))],
      ['floats', Float32Array.of(1.5), Float32Array.of(1.5)],
      ['doubles', [1, 2.5], Float64Array.of(1, 2.5)],
      ['strings', ['a', null], ['a', null]],
      ['grid', [[1, 2], Int32Array.of(3)], [Int32Array.of(1, 2), Int32Array.of(3)]],
    ];
    for (const [method, argument, expected] of rows) assert.deepEqual(await jvm.call(S, method, argument), expected);
    const cyclic = (await jvm.call(S, 'cyclic')) as unknown[];
    assert.equal(cyclic[0], 1);
    assert.ok(cyclic[1] instanceof JavaObject);
  });

  test('kept arrays are Java’s own', async () => {
    const array = await jvm.toJava([3, 1, 2], 'int[]');
    await jvm.call('java.util.Arrays', 'sort', array);
    assert.deepEqual(array.value(), Int32Array.of(1, 2, 3));
    const text = await jvm.toJava('kept');
    assert.equal(text.className, 'java.lang.String');
    assert.equal(text.value(), 'kept');
    const list = await jvm.toJava(['a'], 'java.util.List');
    assert.equal(list.value(), list);
    await jvmError(jvm.toJava(1, 'int]'), 'BAD_DESCRIPTOR');
    await jvmError(jvm.toJava('x', 'int[]'), 'BAD_VALUE');
    await jvmError(jvm.toJava(null), 'BAD_VALUE');
  });

  test('overloads', async () => {
    const rows: [JavaArgument[], string][] = [
      [[1], 'int'],
      [[2 ** 31], 'double'],
      [[1n], 'long'],
      [[1.5], 'double'],
      [['x'], 'String'],
      [['long text'], 'String'],
      [[true], 'Object'],
      [[1, 2], 'int...2'],
      [[], 'int...0'],
      [[Int32Array.of(1)], 'int...1'],
      [[null], 'ambiguous'],
    ];
    for (const [args, expected] of rows) {
      if (expected === 'ambiguous') continue;
      assert.equal(
        await jvm.call(S, 'over', ...args),
        expected,
        JSON.stringify(args, (_, v) => String(v)),
      );
    }
    assert.equal(await jvm.call(S, 'over(char)', 'x'), 'char');
    assert.equal(await jvm.call(S, 'over(Object)', 'x'), 'Object');
    assert.equal(await jvm.call(S, 'over(java.lang.Object)', 1), 'Object');
    assert.equal(await jvm.call(S, 'over(J)Ljava/lang/String;', 1), 'long');
    assert.equal(await jvm.call(S, 'over(int...)', 1, 2, 3), 'int...3');
    assert.equal(await jvm.call(S, 'open', 'x'), 'public');
    assert.equal(await jvm.call(S, 'open(String)', 'x'), 'package');
    assert.equal(await jvm.call(S, 'secret'), 42);
    const message = await jvmError(jvm.call(S, 'either', 'a', 'b'), 'AMBIGUOUS');
    assert.match(message, /either\(java\.lang\.String, java\.lang\.Object\)/);
    assert.match(message, /either\(java\.lang\.Object, java\.lang\.String\)/);
    assert.equal(await jvm.call(S, 'either(String,Object)', 'a', 'b'), 'first');
    await jvmError(jvm.call(S, 'over', null), 'AMBIGUOUS');
  });

  test('wrong calls say what is wrong', async () => {
    await javaError(jvm.call('api.Absent', 'm'), 'java.lang.ClassNotFoundException');
    await javaError(jvm.call('api/Specimen', 'm'), 'java.lang.ClassNotFoundException');
    await javaError(jvm.call('', 'm'), 'java.lang.ClassNotFoundException');
    assert.match(await jvmError(jvm.call(S, 'absent'), 'NO_SUCH_MEMBER'), /api\.Specimen has no static method absent/);
    assert.match(await jvmError(jvm.call(S, 'describe'), 'NO_SUCH_MEMBER'), /its method describe is not static/);
    assert.match(
      await jvmError(jvm.call(S, 'ofInt', 'x'), 'NO_SUCH_MEMBER'),
      /takes \(the string "x"\)[\s\S]*ofInt\(int\)/,
    );
    for (const value of [2 ** 31, 1.5, -0, 1n, null, true, {}]) {
      await jvmError(jvm.call(S, 'ofInt', value as JavaArgument), 'NO_SUCH_MEMBER');
    }
    await jvmError(jvm.call(S, 'ofLong', 2n ** 63n), 'NO_SUCH_MEMBER');
    await jvmError(jvm.call(S, 'ofLong', 2 ** 60), 'NO_SUCH_MEMBER');
    await jvmError(jvm.call(S, 'ofInt(Q)V', 1), 'BAD_DESCRIPTOR');
    await jvmError(jvm.call(S, 'ofInt(I', 1), 'BAD_DESCRIPTOR');
    await jvmError(jvm.call(S, 'ofInt(', 1), 'BAD_DESCRIPTOR');
    assert.match(await jvmError(jvm.call(S, 'ofInt(J)J', 1n), 'NO_SUCH_MEMBER'), /ofInt\(int\)/);
    await jvmError(jvm.construct('java.util.List'), 'NO_SUCH_MEMBER');
    await jvmError(jvm.construct('java.util.AbstractList'), 'NO_SUCH_MEMBER');
    await jvmError(jvm.construct(S, true), 'NO_SUCH_MEMBER');
  });

  test('objects', async () => {
    const specimen = await jvm.construct(S, 5);
    assert.equal(specimen.className, S);
    assert.equal(String(specimen), '[api.Specimen]');
    assert.equal(await specimen.text(), 'Specimen[5]');
    assert.equal(await specimen.call('describe'), 'Specimen 5');
    assert.equal(await specimen.get('number'), 5);
    await specimen.set('number', 6);
    assert.equal(await specimen.call('describe'), 'Specimen 6');
    assert.deepEqual(await specimen.get('values'), Float64Array.of(1.5, 2.5));
    await specimen.set('values', [9]);
    assert.deepEqual(await specimen.get('values'), Float64Array.of(9));
    await specimen.set('text', null);
    assert.equal(await specimen.get('text'), null);
    await jvmError(specimen.set('number', 'x'), 'BAD_VALUE');
    await jvmError(specimen.set('constant', 1), 'BAD_VALUE');
    await jvmError(specimen.get('absent'), 'NO_SUCH_MEMBER');
    assert.match(await jvmError(specimen.get('counter'), 'NO_SUCH_MEMBER'), /is static/);
    const self = (await specimen.call('self')) as JavaObject;
    assert.ok(self.same(specimen));
    assert.ok(!(await jvm.construct(`${S}(String)`, null)).same(specimen));
    self.release();
    self.release();
    await jvmError(self.call('describe'), 'BAD_OBJECT');
    assert.equal(await specimen.call('describe'), 'Specimen 6');
    {
      using list = await jvm.construct('java.util.ArrayList', ['b', 'a']);
      assert.equal(await list.call('remove', 0), 'b');
      assert.deepEqual(await list.call('toArray'), ['a']);
    }
  });

  test('static fields', async () => {
    await jvm.setStatic(S, 'counter', 10);
    await jvm.call(S, 'nothing');
    assert.equal(await jvm.getStatic(S, 'counter'), 11);
    assert.equal(await jvm.getStatic(S, 'hidden'), 40n);
    assert.equal(await jvm.getStatic('api.Specimen$Nested', 'made'), 5);
    await jvm.setStatic(S, 'names', ['x', 'y']);
    assert.equal(((await jvm.getStatic(S, 'names')) as JavaObject).className, 'java.util.Arrays$ArrayList');
    assert.equal(await jvm.getStatic('java.lang.Integer', 'MAX_VALUE'), 2 ** 31 - 1);
    await jvmError(jvm.setStatic(S, 'FIXED', 'x'), 'BAD_VALUE');
    await jvmError(jvm.getStatic(S, 'absent'), 'NO_SUCH_MEMBER');
    await javaError(jvm.getStatic('api.Specimen$Broken', 'value'), 'java.lang.ExceptionInInitializerError');
    await javaError(jvm.getStatic('api.Specimen$Broken', 'value'), 'java.lang.NoClassDefFoundError');
  });

  test('exceptions', async () => {
    const error = await javaError(jvm.call(S, 'fail', 'broken'), 'java.lang.IllegalStateException');
    assert.equal(error.message, 'java.lang.IllegalStateException: broken');
    assert.equal(error.javaMessage, 'broken');
    const lines = error.javaStackTrace.trimEnd().split('\n');
    assert.equal(lines[0], 'java.lang.IllegalStateException: broken');
    assert.match(lines[1]!, /^\tat api\.Specimen\.fail\(Specimen\.java:\d+\)$/);
    assert.match(error.javaStackTrace, /Caused by: java\.io\.IOException: why/);
    const cause = (await error.exception.call('getCause')) as JavaObject;
    assert.equal(cause.className, 'java.io.IOException');
    const odd = await javaError(jvm.call(S, 'failOddly'), 'api.Specimen$1');
    assert.equal(odd.javaMessage, null);
    await javaError(jvm.call(S, 'deep', 0), 'java.lang.StackOverflowError');
    await javaError(jvm.construct('java.util.ArrayList(int)', -1), 'java.lang.IllegalArgumentException');
  });

  test('many calls at a time, and calls that wait for one another', async () => {
    const waiting = jvm.call(S, 'await');
    const sums = await Promise.all(Array.from({ length: 300 }, (_, i) => jvm.call<number>(S, 'ofInt', i)));
    assert.deepEqual(
      sums,
      Array.from({ length: 300 }, (_, i) => i + 1),
    );
    await jvm.call(S, 'release');
    assert.equal(await waiting, 'released');
    assert.equal(await jvm.call(S, 'hasLoader'), true);
  });

  test('objects outlive collections, and dropped ones do not', async () => {
    const list = await jvm.construct('java.util.ArrayList');
    for (let i = 0; i < 20; i++) await list.call('add', await jvm.construct(S, i));
    await jvm.call(S, 'allocate', 100_000);
    await jvm.call('java.lang.System', 'gc');
    const texts = await list.text();
    assert.equal(texts, `[${Array.from({ length: 20 }, (_, i) => `Specimen[${i}]`).join(', ')}]`);
    const object = await jvm.construct(S, 1);
    const weak = await jvm.construct('java.lang.ref.WeakReference', object);
    await jvm.call('java.lang.System', 'gc');
    assert.equal(((await weak.call('get')) as JavaObject).same(object), true);
    object.release();
    // The one that the comparison made is still there until JavaScript's collector finds it: ask for a fresh one.
    const other = await jvm.construct(S, 2);
    const second = await jvm.construct('java.lang.ref.WeakReference', other);
    other.release();
    await jvm.call('java.lang.System', 'gc');
    assert.equal(await second.call('get'), null);
  });

  test('Node’s event loop goes on while Java computes', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    await jvm.call(S, 'allocate', 300_000);
    clearInterval(timer);
    assert.ok(ticks > 0, 'no timer fired');
  });
});
