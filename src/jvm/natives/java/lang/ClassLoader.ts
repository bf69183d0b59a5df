/**
 * Natives of java.lang.ClassLoader: defining classes from bytes, and finding those that are there.
 */
import type { Activity } from '../../../runtime/activity.js';
import { allocating } from '../../../runtime/allocating.js';
import {
  bootClass,
  defineClass,
  findBootClass,
  findLoadedClass,
  loaderDataOf,
} from '../../../runtime/class-loading.js';
import { initializeClass } from '../../../runtime/initialization.js';
import type { JavaClass } from '../../../runtime/java-class.js';
import { linkClass } from '../../../runtime/linking.js';
import type { LoaderData } from '../../../runtime/loaders.js';
import type { JavaThread } from '../../../runtime/thread.js';
import { nullPointer, ThrowNew } from '../../../runtime/throws.js';
import type { NativeTable } from '../../registry.js';

/** Flags of `defineClass0`, from MethodHandles.Lookup. */
const NEST_MATE = 0x1;
const HIDDEN = 0x2;
const STRONG = 0x4;
const VM_ANNOTATIONS = 0x8;

/** Internal name of a name as Java writes it, or null. */
function internalName(t: JavaThread, nameRef: number): string | null {
  const name = t.vm.strings.toJsOrNull(nameRef);
  return name === null ? null : name.replaceAll('.', '/');
}

/** Names with slashes or of arrays name nothing that can be found. */
function isLegal(name: string): boolean {
  return !name.includes('/') && name.length > 0;
}

function keep(t: JavaThread, ref: number): number {
  return ref === 0 ? 0 : t.vm.roots.create(ref);
}

interface Request {
  readonly loader: LoaderData;
  readonly name: string | null;
  readonly bytes: Uint8Array;
  readonly protectionDomain: number;
  readonly source: number;
}

function* define(t: JavaThread, request: Request): Activity<number> {
  const { vm } = t;
  const protectionDomainCell = keep(t, request.protectionDomain);
  const source = vm.strings.toJsOrNull(request.source);
  const cls = yield* defineClass(t, request.loader, request.name, request.bytes, {
    protectionDomainCell,
    ...(source === null ? {} : { source }),
  });
  return vm.mirrorOf(cls);
}

/** The bytes of a byte[] from `offset` on, as they are now. */
function arrayBytes(t: JavaThread, array: number, offset: number, length: number): Uint8Array {
  const { vm } = t;
  if (array === 0) throw nullPointer();
  if (length < 0) throw new ThrowNew('java/lang/ArrayIndexOutOfBoundsException');
  if (offset < 0 || offset + length > vm.arrayLength(array)) {
    throw new ThrowNew('java/lang/ArrayIndexOutOfBoundsException');
  }
  return vm.bytesOf(array).subarray(offset, offset + length);
}

function* defineHidden(
  t: JavaThread,
  lookup: JavaClass,
  request: Request,
  how: { flags: number; initialize: boolean; classData: number },
): Activity<number> {
  const { vm } = t;
  const { flags } = how;
  const protectionDomainCell = keep(t, request.protectionDomain);
  let cls: JavaClass;
  if ((flags & HIDDEN) === 0) {
    if ((flags & NEST_MATE) !== 0) {
      throw new ThrowNew('java/lang/IllegalArgumentException', 'dynamic nestmate is only applicable to hidden classes');
    }
    if (how.classData !== 0) {
      throw new ThrowNew('java/lang/IllegalArgumentException', 'classData is only applicable for hidden classes');
    }
    cls = yield* defineClass(t, request.loader, request.name, request.bytes, { protectionDomainCell });
  } else {
    cls = yield* defineClass(t, request.loader, request.name, request.bytes, {
      protectionDomainCell,
      source: '__JVM_LookupDefineClass__',
      hidden: {
        lookup,
        nestMate: (flags & NEST_MATE) !== 0,
        strong: (flags & STRONG) !== 0,
        classDataCell: keep(t, how.classData),
        vmAnnotations: (flags & VM_ANNOTATIONS) !== 0,
      },
    });
    yield* linkClass(t, cls);
  }
  if (how.initialize) yield* initializeClass(t, cls);
  else yield* linkClass(t, cls);
  return vm.mirrorOf(cls);
}

export const natives: NativeTable = {
  'registerNatives()V': () => {},

  'defineClass0(Ljava/lang/ClassLoader;Ljava/lang/Class;Ljava/lang/String;[BIILjava/security/ProtectionDomain;ZILjava/lang/Object;)Ljava/lang/Class;':
    (
      t,
      loader: number,
      lookup: number,
      name: number,
      bytes: number,
      offset: number,
      length: number,
      protectionDomain: number,
      initialize: number,
      flags: number,
      classData: number,
    ) => {
      if (lookup === 0) throw new ThrowNew('java/lang/IllegalArgumentException', 'Lookup class is null');
      return defineHidden(
        t,
        t.vm.classOfMirror(lookup),
        {
          loader: loaderDataOf(t.vm, loader),
          name: internalName(t, name),
          bytes: arrayBytes(t, bytes, offset, length),
          protectionDomain,
          source: 0,
        },
        { flags, initialize: initialize !== 0, classData },
      );
    },

  'defineClass1(Ljava/lang/ClassLoader;Ljava/lang/String;[BIILjava/security/ProtectionDomain;Ljava/lang/String;)Ljava/lang/Class;':
    (
      t,
      loader: number,
      name: number,
      bytes: number,
      offset: number,
      length: number,
      protectionDomain: number,
      source: number,
    ) =>
      define(t, {
        loader: loaderDataOf(t.vm, loader),
        name: internalName(t, name),
        bytes: arrayBytes(t, bytes, offset, length),
        protectionDomain,
        source,
      }),

  'defineClass2(Ljava/lang/ClassLoader;Ljava/lang/String;Ljava/nio/ByteBuffer;IILjava/security/ProtectionDomain;Ljava/lang/String;)Ljava/lang/Class;':
    (
      t,
      loader: number,
      name: number,
      buffer: number,
      offset: number,
      length: number,
      protectionDomain: number,
      source: number,
    ) => {
      const { vm } = t;
      const address = Number(vm.getLong(buffer >>> 0, vm.offset('java/nio/Buffer', 'address'))) + offset;
      return define(t, {
        loader: loaderDataOf(vm, loader),
        name: internalName(t, name),
        bytes: vm.u8.subarray(address, address + length),
        protectionDomain,
        source,
      });
    },

  'findBootstrapClass(Ljava/lang/String;)Ljava/lang/Class;': (t, name: number) => {
    const { vm } = t;
    const text = vm.strings.toJs(name);
    if (!isLegal(text)) return 0;
    const cls = findBootClass(vm, text.replaceAll('.', '/'));
    return cls === undefined ? 0 : vm.mirrorOf(cls);
  },

  'findLoadedClass0(Ljava/lang/String;)Ljava/lang/Class;': (t, self: number, name: number) => {
    const { vm } = t;
    if (name === 0) return 0;
    const text = vm.strings.toJs(name);
    if (!isLegal(text)) return 0;
    const cls = findLoadedClass(loaderDataOf(vm, self), text.replaceAll('.', '/'));
    return cls === undefined ? 0 : vm.mirrorOf(cls);
  },

  'retrieveDirectives()Ljava/lang/AssertionStatusDirectives;': function* (t): Activity<number> {
    const { vm } = t;
    const cls = bootClass(vm, 'java/lang/AssertionStatusDirectives');
    yield* initializeClass(t, cls);
    const { assertions } = vm.options;
    // Loaders test the most specific first and the VM the last given, so the order is reversed.
    const named = assertions.filter((a) => a.what !== null).reverse();
    const classes = named.filter((a) => !a.what!.endsWith('...'));
    const packages = named.filter((a) => a.what!.endsWith('...'));
    const result = t.handle(yield* allocating(() => vm.heap.allocateObject(cls)));
    const fill = function* (field: string, list: readonly { on: boolean; what: string | null }[]): Activity<void> {
      const names = t.handle(yield* allocating(() => vm.heap.allocateArray(vm.known.stringArray, list.length)));
      const enabled = t.handle(yield* allocating(() => vm.heap.allocateArray(vm.known.booleanArray, list.length)));
      for (let i = 0; i < list.length; i++) {
        const what = list[i]!.what!.replace(/\.\.\.$/, '').replaceAll('/', '.');
        const text = yield* allocating(() => vm.strings.fromJs(what));
        vm.putReferenceElement(names.ref, i, text);
        vm.putByte((enabled.ref >>> 0) + 16, i, Number(list[i]!.on));
      }
      const offset = (name: string) => vm.offset('java/lang/AssertionStatusDirectives', name);
      vm.putReference(result.ref, offset(field), names.ref);
      vm.putReference(result.ref, offset(field === 'classes' ? 'classEnabled' : 'packageEnabled'), enabled.ref);
    };
    yield* fill('classes', classes);
    yield* fill('packages', packages);
    const all = assertions.filter((a) => a.what === null);
    const deflt = all.length > 0 && all[all.length - 1]!.on;
    vm.putByte(result.ref >>> 0, vm.offset('java/lang/AssertionStatusDirectives', 'deflt'), Number(deflt));
    return result.ref;
  },
};
