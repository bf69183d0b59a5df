/** Natives of java.lang.StrictMath. */
import type { NativeTable } from '../../registry.js';
import * as strict from './strict-math.js';

const ONE = [
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'log',
  'log10',
  'sqrt',
  'sinh',
  'cosh',
  'tanh',
  'expm1',
  'log1p',
] as const;

export const natives: NativeTable = {
  ...Object.fromEntries(
    ONE.map((name) => {
      const compute = strict[name];
      return [`${name}(D)D`, (_t, x: number) => compute(x)];
    }),
  ),
  'atan2(DD)D': (_t, y: number, x: number) => strict.atan2(y, x),
  'IEEEremainder(DD)D': (_t, x: number, p: number) => strict.remainder(x, p),
};
