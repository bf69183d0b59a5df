/** Natives of java.lang.StrictMath. */
import type { NativeEntry, NativeTable } from '../../registry.js';
import * as strict from './strict-math.js';

/** A native of a function of one argument. */
function unary(compute: (x: number) => number): NativeEntry {
  return (_t, x: number) => compute(x);
}

export const natives: NativeTable = {
  'sin(D)D': unary(strict.sin),
  'cos(D)D': unary(strict.cos),
  'tan(D)D': unary(strict.tan),
  'asin(D)D': unary(strict.asin),
  'acos(D)D': unary(strict.acos),
  'atan(D)D': unary(strict.atan),
  'log(D)D': unary(strict.log),
  'log10(D)D': unary(strict.log10),
  'sqrt(D)D': unary(strict.sqrt),
  'sinh(D)D': unary(strict.sinh),
  'cosh(D)D': unary(strict.cosh),
  'tanh(D)D': unary(strict.tanh),
  'expm1(D)D': unary(strict.expm1),
  'log1p(D)D': unary(strict.log1p),
  'atan2(DD)D': (_t, y: number, x: number) => strict.atan2(y, x),
  'IEEEremainder(DD)D': (_t, x: number, p: number) => strict.remainder(x, p),
};
