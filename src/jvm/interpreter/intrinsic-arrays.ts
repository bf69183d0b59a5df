/**
 * `System.arraycopy` for the usual case: two arrays of one class, ranges in bounds. Everything else is the native's.
 */
import { ClassKind, Context, Klass, ObjectWord } from '../memory/layout.js';
import type { Vm } from '../runtime/vm.js';

/** Copies and returns true, or returns false when the native has to look at it. */
export function intrinsicArraycopy(vm: Vm, from: number, at: number, to: number, toAt: number, count: number): boolean {
  const M = vm.words;
  if (from === 0 || to === 0 || M[from >>> 2] !== M[to >>> 2] || (at | toAt | count) < 0) return false;
  if (at + count > M[(from >>> 2) + ObjectWord.Length]! || toAt + count > M[(to >>> 2) + ObjectWord.Length]!) {
    return false;
  }
  const k = M[from >>> 2]! >>> 2;
  const kind = M[k + Klass.Kind]!;
  if (kind < ClassKind.ReferenceArray) return false;
  const shift = M[k + Klass.InstanceBytes]!;
  if (shift >= 2) {
    const words = count << (shift - 2);
    const source = (from >>> 2) + ObjectWord.Elements + (at << (shift - 2));
    const target = (to >>> 2) + ObjectWord.Elements + (toAt << (shift - 2));
    // A loop beats copyWithin below a few dozen elements.
    if (words > 48) M.copyWithin(target, source, source + words);
    else if (target <= source) for (let i = 0; i < words; i++) M[target + i] = M[source + i]!;
    else for (let i = words - 1; i >= 0; i--) M[target + i] = M[source + i]!;
    if (kind === ClassKind.ReferenceArray && count > 0) {
      const cards = M[Context.CardTable]!;
      const last = cards + (((target + words - 1) * 4) >>> 9);
      for (let card = cards + ((target * 4) >>> 9); card <= last; card++) vm.u8[card] = 1;
    }
    return true;
  }
  const bytes = vm.u8;
  const length = count << shift;
  const source = (from >>> 0) + 16 + (at << shift);
  const target = (to >>> 0) + 16 + (toAt << shift);
  if (length > 48) bytes.copyWithin(target, source, source + length);
  else if (target <= source) for (let i = 0; i < length; i++) bytes[target + i] = bytes[source + i]!;
  else for (let i = length - 1; i >= 0; i--) bytes[target + i] = bytes[source + i]!;
  return true;
}
