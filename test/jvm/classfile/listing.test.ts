/** Listings against the JDK's own disassembler. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ListingOptions, listClass, parseClass } from '../../../src/jvm/classfile/index.js';
import { baseClasses, compile, runTool, withFolder } from './jdk.js';

const SOURCE = `
import java.util.*;
import java.util.function.*;
public abstract class T<K extends Comparable<K>, V> extends AbstractList<K> implements Runnable, java.io.Serializable {
  static final int C = 42; static final long L = 1L << 40; static final float F = 1.5f, F2 = 1e-10f, F3 = 3.4e38f;
  static final double D = Math.PI, D2 = 1e7, D3 = 0.001, D4 = 1e-4, D5 = 100; static final String S = "a\\"b\\n\\u00e9\\u0001'";
  protected volatile Map<String, ? extends V> m; transient K[] ks;
  enum E { A, B { void f() {} }; void f() {} }
  record R(int a, String b) {}
  @Deprecated public <T extends Exception> void gen(T t, List<? super V> l, int... xs) throws T, java.io.IOException {
    try { System.out.println(t); } catch (RuntimeException e) { throw e; } finally { synchronized (this) { ks = null; } }
  }
  public void run() { Function<String, Integer> f = String::length; Runnable r = () -> System.out.println(this); r.run(); }
  static int sw(int i) { switch (i) { case 1: return 2; case 2: return 3; case -100: return 4; default: return 5; } }
  static int ts(int i) { switch (i) { case 1: return 2; case 2: return 3; case 3: return 4; default: return 5; } }
  static double arith(long a, int b, double d, float f) {
    long[][] x = new long[3][4]; int[] y = new int[b]; y[0] += 1000000; b += 1000; b++;
    Object o = x; if (o instanceof long[][] q) a += q[1][2];
    return a * b + d + f + (a > 3 ? 1e300 : -1e-300) + 2.5e8f + 1e-5f + 16777216f;
  }
  abstract int abs(); native synchronized void nat();
  interface FI extends Runnable, Cloneable { int z(); default void q() {} static void st() {} private void pr() {} }
  @interface Ann { int v() default 3; }
}`;

const modes: [string, ListingOptions][] = [
  ['-p', { private: true }],
  ['-c', { private: true, code: true }],
  ['-l', { private: true, lines: true }],
];

/** Lists the files in `folder` both ways. */
function compare(folder: string, files: readonly string[]): void {
  for (const [flag, options] of modes) {
    const expected = runTool('javap', ['-p', flag, ...files.map((file) => join(folder, file))]);
    const actual = files.map((file) => {
      const classFile = parseClass(readFileSync(join(folder, file)), { trusted: true });
      return `${listClass(classFile, options).join('\n')}\n`;
    });
    // Before JDK 19 Float.toString does not always find the shortest digits.
    const lines = (text: string) => text.split('\n').filter((line) => !/ \/\/ float /.test(line));
    assert.deepEqual(lines(actual.join('')), lines(expected), flag);
  }
}

test('members and code are listed as the JDK lists them: a class of everything', () => {
  withFolder((folder) => {
    compile(folder, { 'T.java': SOURCE }, ['-g']);
    compare(
      folder,
      readdirSync(folder).filter((file) => file.endsWith('.class')),
    );
  });
});

test('members and code are listed as the JDK lists them: a sample of java.base', () => {
  withFolder((folder) => {
    const classes = baseClasses()
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .filter((_, i) => i % 40 === 7);
    const files = classes.map(({ name, bytes }) => {
      const file = `${name.replaceAll('/', '.')}.class`;
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, file), bytes);
      return file;
    });
    compare(folder, files);
  });
});
