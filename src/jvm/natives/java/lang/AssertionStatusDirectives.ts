/**
 * What `-ea`, `-da`, `-esa` and `-dsa` said, as the java.lang.AssertionStatusDirectives that
 * `ClassLoader.retrieveDirectives` returns. The class itself has no natives.
 */
import { bootClass } from '../../../runtime/class-loading.js';
import type { Vm } from '../../../runtime/vm.js';
import { newStringArray } from '../../arrays.js';

/**
 * Makes the directives object: classes and packages in the reverse of the order they were given, since Java looks for
 * the first that matches and the last given shall win.
 *
 * @throws NeedsCollection when the heap is full
 */
export function assertionStatusDirectives(vm: Vm): number {
  const owner = 'java/lang/AssertionStatusDirectives';
  const given = [...vm.options.assertions].reverse();
  // `-ea:pkg...` names a package with its subpackages, `-ea:...` the unnamed package of the current folder.
  const packages = given.filter(({ what }) => what?.endsWith('...'));
  const classes = given.filter(({ what }) => what !== null && !what.endsWith('...'));
  const object = vm.heap.allocateObject(bootClass(vm, owner));
  const put = (names: string, flags: string, list: typeof given, texts: (string | null)[]) => {
    vm.putReference(object, vm.offset(owner, names), newStringArray(vm, texts));
    const array = vm.heap.allocateArray(vm.known.booleanArray, list.length);
    list.forEach(({ on }, i) => vm.putByte(array >>> 0, 16 + i, on ? 1 : 0));
    vm.putReference(object, vm.offset(owner, flags), array);
  };
  put(
    'classes',
    'classEnabled',
    classes,
    classes.map(({ what }) => dots(what!)),
  );
  put(
    'packages',
    'packageEnabled',
    packages,
    packages.map(({ what }) => dots(what!).slice(0, -3) || null),
  );
  const all = given.find(({ what }) => what === null);
  vm.putByte(object >>> 0, vm.offset(owner, 'deflt'), all?.on === true ? 1 : 0);
  return object;
}

function dots(what: string): string {
  return what.replaceAll('/', '.');
}
