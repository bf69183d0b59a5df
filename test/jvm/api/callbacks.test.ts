/** Interfaces of Java implemented in TypeScript. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { JavaError, type JavaObject, type Jvm } from '../../../src/jvm/index.js';
import { createJvm, javaError, jvmError, skip } from './api-world.js';

const S = 'api.Specimen';

describe('callbacks', { skip }, () => {
  let jvm: Jvm;
  before(async () => {
    jvm = await createJvm();
  });
  after(() => jvm.dispose());

  test('an object of an interface', async () => {
    const ran: string[] = [];
    const runnable = await jvm.implement('java.lang.Runnable', { run: () => void ran.push('run') });
    await runnable.call('run');
    const thread = await jvm.construct('java.lang.Thread', runnable);
    await thread.call('start');
    await thread.call('join');
    assert.deepEqual(ran, ['run', 'run']);
    assert.equal(await runnable.call('equals', runnable), true);
    assert.equal(await runnable.call('equals', null), false);
    assert.equal(typeof (await runnable.call('hashCode')), 'number');
    assert.match(await runnable.text(), /\$Proxy\d+@/);
  });

  test('several interfaces, overloads by descriptor, state, defaults', async () => {
    const object = await jvm.implement(['java.lang.CharSequence', 'java.lang.Comparable'], {
      length: () => 3,
      charAt: (index: number) => 'abc'[index]!,
      'compareTo(Ljava/lang/Object;)I': () => -7,
      toString: () => 'abc',
    });
    assert.equal(
      await jvm.call('java.lang.String', 'join(CharSequence,CharSequence[])', '-', [object, object]),
      'abc-abc',
    );
    assert.equal(await object.call('compareTo', 'x'), -7);
    // chars() is a default method that asks length() and charAt().
    const sum = await ((await object.call('chars')) as JavaObject).call('sum');
    assert.equal(sum, 97 + 98 + 99);
    await javaError(object.call('subSequence', 0, 1), 'java.lang.AbstractMethodError');
  });

  test('functions as arguments', async () => {
    assert.equal(await jvm.call(S, 'apply', (a: number, b: number) => a * b, 6, 7), 42);
    const sorted = (await jvm.call(S, 'sorted', ['b', 'c', 'a'], (a: string, b: string) =>
      a < b ? -1 : 1,
    )) as JavaObject;
    assert.equal(await sorted.text(), '[c, b, a]');
    await jvmError(
      jvm.call(S, 'ofString', () => 'x'),
      'NO_SUCH_MEMBER',
    );
  });

  test('promises suspend the calling thread alone', async () => {
    const order: string[] = [];
    const slow = jvm.call(
      S,
      'apply',
      async (a: number, b: number) => {
        await delay(50);
        order.push('slow');
        return a + b;
      },
      1,
      2,
    );
    const fast = jvm.call(S, 'ofInt', 1).then(() => order.push('fast'));
    assert.equal(await slow, 3);
    await fast;
    assert.deepEqual(order, ['fast', 'slow']);
  });

  test('a callback may call Java', async () => {
    const result = await jvm.call(
      S,
      'apply',
      async (a: number, b: number) => {
        return (await jvm.call<number>(S, 'apply', (x: number, y: number) => x - y, a, b)) * 10;
      },
      5,
      2,
    );
    assert.equal(result, 30);
  });

  test('what a function throws', async () => {
    const thrown = (fn: () => unknown) => jvm.call(S, 'caught', fn as () => void);
    assert.equal(
      await thrown(() => {
        throw new Error('from TypeScript');
      }),
      'java.lang.RuntimeException: from TypeScript',
    );
    assert.equal(await thrown(() => Promise.reject(new Error('later'))), 'java.lang.RuntimeException: later');
    assert.equal(
      await thrown(() => {
        throw 'no error';
      }),
      'java.lang.RuntimeException: no error',
    );
    const passed = await jvm.call(S, 'caught', async () => {
      await jvm.call(S, 'fail', 'through');
    });
    assert.equal(passed, 'java.lang.IllegalStateException: through');
    // Out again, it is the same exception.
    let inner: JavaError | undefined;
    const error = await javaError(
      jvm.call(S, 'get', async () => {
        try {
          return await jvm.call(S, 'fail', 'same');
        } catch (e) {
          inner = e as JavaError;
          throw e;
        }
      }),
      'java.lang.IllegalStateException',
    );
    assert.ok(inner instanceof JavaError && error.exception.same(inner.exception));
  });

  test('results that do not fit', async () => {
    const error = await javaError(
      jvm.call(S, 'apply', () => 'x', 1, 2),
      'java.lang.ClassCastException',
    );
    assert.match(error.message, /applyAsInt in TypeScript: the string "x" cannot become int/);
    await javaError(
      jvm.call(S, 'apply', () => undefined, 1, 2),
      'java.lang.ClassCastException',
    );
  });

  test('mistakes', async () => {
    assert.match(await jvmError(jvm.implement('java.lang.Runnable', { rum: () => 1 }), 'NO_SUCH_MEMBER'), /rum/);
    await jvmError(jvm.implement('java.lang.String', {}), 'BAD_VALUE');
    await javaError(jvm.implement('absent.Interface', {}), 'java.lang.ClassNotFoundException');
  });

  test('many callbacks across collections', async () => {
    let calls = 0;
    for (let i = 0; i < 200; i++) {
      const supplier = await jvm.implement('java.util.function.Supplier', { get: () => ++calls });
      assert.equal(await jvm.call(S, 'get', supplier), i + 1);
      supplier.release();
      if (i % 50 === 0) await jvm.call('java.lang.System', 'gc');
    }
    assert.equal(calls, 200);
  });
});
