/**
 * Which classes run with assertions: `-ea`, `-da`, `-esa` and their arguments, decided as HotSpot does. The class's own
 * name decides first, then its package and the packages around it, then the default; the last option wins.
 */
import type { JavaClass } from './java-class.js';
import type { VmOptions } from './vm.js';

/** What decides; see `VmOptions`. `what`: null for all, `a.b.C` for a class, `a.b...` for a package and those below. */
export type AssertionOptions = Pick<VmOptions, 'systemAssertions' | 'assertions'>;

/** Whether a class that is initialized now gets assertions. */
export function assertionStatus(options: AssertionOptions, cls: JavaClass): boolean {
  const newestFirst = options.assertions.filter((a) => a.what !== null).reverse();
  const name = cls.externalName;
  const own = newestFirst.find((a) => a.what === name);
  if (own !== undefined) return own.on;
  let end = Math.max(name.lastIndexOf('.'), 0);
  do {
    const around = `${name.slice(0, end)}...`;
    const hit = newestFirst.find((a) => a.what === around);
    if (hit !== undefined) return hit.on;
    end = name.lastIndexOf('.', end - 1);
  } while (end > 0);
  if (cls.loader.isBoot) return options.systemAssertions;
  return options.assertions.findLast((a) => a.what === null)?.on ?? false;
}
