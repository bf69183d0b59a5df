/**
 * Definition and linking of classes: layout, method tables, default methods, subtyping, lookups. Nothing of Java
 * runs: the classes are written here and defined by the boot loader, whose supertypes are loaded without asking
 * anybody.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { findJavaHome, openBootLibrary } from '../../../src/jvm/library/index.js';
import { ClassKind, ClassState, Klass, KlassFlag, MethodWord, ReferenceKind } from '../../../src/jvm/memory/layout.js';
import { canAccessMember, verifyClassAccess } from '../../../src/jvm/runtime/access.js';
import type { Activity } from '../../../src/jvm/runtime/activity.js';
import { createVm } from '../../../src/jvm/runtime/bootstrap.js';
import {
  arrayClassOf,
  bootClass,
  defineClass,
  findLoadedClass,
  primitiveClass,
} from '../../../src/jvm/runtime/class-loading.js';
import type { JavaClass, Method } from '../../../src/jvm/runtime/java-class.js';
import { linkBootClass } from '../../../src/jvm/runtime/linking.js';
import { ModuleData } from '../../../src/jvm/runtime/modules.js';
import {
  isSignaturePolymorphic,
  lookupField,
  lookupInterfaceMethod,
  lookupMethod,
  resolveField,
} from '../../../src/jvm/runtime/resolution.js';
import { abstractMethodError, selectInterface, selectVirtual } from '../../../src/jvm/runtime/selection.js';
import { isAssignable, isSubtype } from '../../../src/jvm/runtime/subtypes.js';
import { JavaThread } from '../../../src/jvm/runtime/thread.js';
import { ThrowNew } from '../../../src/jvm/runtime/throws.js';
import type { Vm } from '../../../src/jvm/runtime/vm.js';
import { ClassWriter, u2 } from '../classfile/class-writer.js';

const PUBLIC = 0x1;
const PRIVATE = 0x2;
const PROTECTED = 0x4;
const STATIC = 0x8;
const FINAL = 0x10;
const ABSTRACT = 0x400;
const INTERFACE = 0x600 | PUBLIC;
const RETURN = 0xb1;

let vm: Vm;
let t: JavaThread;

before(() => {
  const home = findJavaHome().home;
  vm = createVm({
    library: openBootLibrary(home),
    javaHome: home,
    maxHeap: 64 << 20,
    initialHeap: 16 << 20,
    stackSize: 1 << 20,
    properties: [],
    versionString: '17',
    classPath: '',
    streams: { write: () => {}, stdin: 0 },
    natives: {},
    verify: 'remote',
    verboseClass: false,
    verboseGc: false,
    systemAssertions: false,
    assertions: [],
    vmArguments: [],
    stressCollection: 0,
  });
  t = new JavaThread(vm, 1, 0, 0, vm.roots.create(0));
});

after(() => {
  vm.arena.dispose();
});

/** Runs an activity that must not need anything of Java. */
function run<T>(activity: Activity<T>): T {
  const step = activity.next();
  assert.ok(step.done, 'nothing of Java may be needed');
  return step.value;
}

interface Spec {
  flags?: number;
  extends?: string;
  implements?: string[];
  /** `flags name descriptor`. */
  fields?: [number, string, string][];
  methods?: [number, string, string?][];
  attributes?: { name: string; body: (w: ClassWriter) => number[] }[];
}

function define(name: string, spec: Spec = {}): JavaClass {
  const w = new ClassWriter(name);
  w.flags = spec.flags ?? 0x21;
  w.superName = spec.extends ?? 'java/lang/Object';
  w.interfaces = spec.implements ?? [];
  for (const [flags, field, descriptor] of spec.fields ?? []) w.addField(flags, field, descriptor);
  for (const [flags, method, descriptor = '()V'] of spec.methods ?? []) {
    w.addMethod({ flags, name: method, descriptor, ...((flags & ABSTRACT) === 0 ? { code: [RETURN] } : {}) });
  }
  for (const { name: attribute, body } of spec.attributes ?? []) w.attributes.push({ name: attribute, body: body(w) });
  return run(defineClass(t, vm.bootLoader, name, w.bytes()));
}

function method(cls: JavaClass, name: string, descriptor = '()V'): Method {
  const found = cls.methodTable.get(name + descriptor);
  assert.ok(found, `${cls.name} declares ${name}`);
  return found;
}

function thrown(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ThrowNew) return `${error.className}: ${error.text}`;
    throw error;
  }
  return 'nothing thrown';
}

function words(cls: JavaClass, index: number): number {
  return vm.words[(cls.klass >>> 2) + index]!;
}

describe('layout of fields', () => {
  it('places large fields first and fills what the superclass left', () => {
    const a = define('layout/A', {
      fields: [
        [0, 'b', 'B'],
        [0, 'l', 'J'],
        [0, 'i', 'I'],
      ],
    });
    const offsets = Object.fromEntries(a.fields.map((f) => [f.name, f.offset]));
    assert.deepEqual(offsets, { l: 8, i: 16, b: 20 });
    assert.equal(a.fieldsEnd, 21);
    assert.equal(words(a, Klass.InstanceBytes), 24);
    const b = define('layout/B', {
      extends: 'layout/A',
      fields: [
        [0, 'd', 'D'],
        [0, 's', 'S'],
        [0, 'o', 'Ljava/lang/Object;'],
        [0, 'z', 'Z'],
      ],
    });
    const more = Object.fromEntries(b.fields.map((f) => [f.name, f.offset]));
    assert.equal(more.d! % 8, 0);
    assert.deepEqual([more.s, more.z, more.d, more.o], [22, 21, 24, 32]);
    assert.deepEqual(b.referenceOffsets, [32]);
  });

  it('never overlaps fields and aligns each, whatever their kinds', () => {
    const kinds = ['B', 'Z', 'C', 'S', 'I', 'F', 'J', 'D', 'Ljava/lang/String;', '[I'];
    const size = (d: string) => ({ B: 1, Z: 1, C: 2, S: 2, J: 8, D: 8 })[d[0]!] ?? 4;
    let seed = 1;
    const random = (n: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return (seed >>> 8) % n;
    };
    let above = 'java/lang/Object';
    for (let round = 0; round < 40; round++) {
      const fields = Array.from({ length: random(7) }, (_, i): [number, string, string] => [
        0,
        `f${i}`,
        kinds[random(kinds.length)]!,
      ]);
      const name = `layout/Random${round}`;
      const cls = define(name, { extends: above, fields });
      above = round % 8 === 7 ? 'java/lang/Object' : name;
      const taken = new Map<number, string>();
      for (let c: JavaClass | null = cls; c !== null; c = c.superclass) {
        for (const field of c.fields) {
          if (field.isStatic) continue;
          const bytes = size(field.descriptor);
          assert.equal(field.offset % bytes, 0, `${c.name}.${field.name} is aligned`);
          assert.ok(field.offset >= 8 && field.offset + bytes <= cls.fieldsEnd);
          for (let i = 0; i < bytes; i++) {
            assert.equal(taken.get(field.offset + i), undefined, `${c.name}.${field.name} overlaps`);
            taken.set(field.offset + i, field.name);
          }
        }
      }
    }
  });

  it('keeps static fields in metadata and lists those that hold references', () => {
    const cls = define('layout/Statics', {
      fields: [
        [STATIC, 'i', 'I'],
        [STATIC, 'l', 'J'],
        [STATIC, 'o', '[I'],
      ],
    });
    const [i, l, o] = cls.fields;
    assert.equal(l!.offset % 8, 0);
    assert.equal(new Set([i!.offset, l!.offset, o!.offset]).size, 3);
    assert.deepEqual(cls.staticReferences, [o!.offset]);
  });

  it('leaves referent and discovered to the collector', () => {
    const weak = bootClass(vm, 'java/lang/ref/WeakReference');
    const reference = bootClass(vm, 'java/lang/ref/Reference');
    const excluded = reference.fields
      .filter((f) => f.name === 'referent' || f.name === 'discovered')
      .map((f) => f.offset);
    assert.equal(excluded.length, 2);
    for (const offset of excluded) assert.ok(!weak.referenceOffsets.includes(offset));
    assert.equal(words(weak, Klass.ReferenceKind), ReferenceKind.Weak);
    assert.equal(words(bootClass(vm, 'java/lang/ref/Finalizer'), Klass.ReferenceKind), ReferenceKind.Final);
    assert.equal(words(bootClass(vm, 'jdk/internal/ref/Cleaner'), Klass.ReferenceKind), ReferenceKind.Phantom);
  });
});

describe('method tables', () => {
  it('overrides by name and descriptor, and gives new methods new slots', () => {
    const a = define('vt/A', {
      methods: [
        [PUBLIC, 'm'],
        [PUBLIC, 'n'],
        [PRIVATE, 'p'],
        [PUBLIC | STATIC, 's'],
      ],
    });
    const b = define('vt/B', {
      extends: 'vt/A',
      methods: [
        [PUBLIC, 'n'],
        [PUBLIC, 'm', '(I)V'],
        [PUBLIC, 'p'],
      ],
    });
    assert.equal(method(b, 'n').vtableIndex, method(a, 'n').vtableIndex);
    assert.equal(selectVirtual(b, method(a, 'n')), method(b, 'n'));
    assert.equal(selectVirtual(b, method(a, 'm')), method(a, 'm'));
    assert.equal(method(a, 's').vtableIndex, -1);
    assert.equal(method(a, 'p').vtableIndex, -1);
    assert.ok(method(b, 'p').vtableIndex >= a.vtable.length);
    for (let i = 0; i < b.vtable.length; i++) assert.equal(words(b, Klass.Vtable + i), b.vtable[i]!.pointer);
    assert.equal(words(b, Klass.VtableLength), b.vtable.length);
  });

  it('keeps package-private methods of different packages apart', () => {
    const a = define('pp1/A', { methods: [[0, 'm']] });
    const b = define('pp2/B', { extends: 'pp1/A', methods: [[PUBLIC, 'm']] });
    const c = define('pp1/C', { extends: 'pp2/B', methods: [[PUBLIC, 'm']] });
    assert.equal(selectVirtual(b, method(a, 'm')), method(a, 'm'));
    assert.equal(selectVirtual(b, method(b, 'm')), method(b, 'm'));
    assert.equal(selectVirtual(c, method(a, 'm')), method(c, 'm'));
    assert.equal(selectVirtual(c, method(b, 'm')), method(c, 'm'));
    const d = define('pp3/D', { extends: 'pp1/C', methods: [[PUBLIC, 'm']] });
    assert.equal(selectVirtual(d, method(a, 'm')), method(d, 'm'));
    assert.equal(selectVirtual(d, method(b, 'm')), method(d, 'm'));
  });

  it('refuses to override a final method, with and without a slot', () => {
    define('fin/A', { methods: [[PUBLIC | FINAL, 'm']] });
    const text = 'java/lang/IncompatibleClassChangeError: class fin.B overrides final method fin.A.m()V';
    assert.equal(
      thrown(() => define('fin/B', { extends: 'fin/A', methods: [[PUBLIC, 'm']] })),
      text,
    );
    assert.equal(
      thrown(() => define('fin/B2', { extends: 'fin/A', methods: [[PUBLIC, 'm', '(I)V']] })),
      'nothing thrown',
    );
  });

  it('has default methods in the table, the most specific one', () => {
    const i = define('def/I', {
      flags: INTERFACE,
      methods: [
        [PUBLIC, 'm'],
        [PUBLIC | ABSTRACT, 'a'],
      ],
    });
    const j = define('def/J', { flags: INTERFACE, implements: ['def/I'], methods: [[PUBLIC, 'm']] });
    const x = define('def/X', { implements: ['def/I'] });
    const y = define('def/Y', { extends: 'def/X', implements: ['def/J'] });
    assert.equal(selectInterface(x, method(i, 'm')), method(i, 'm'));
    assert.equal(selectInterface(y, method(i, 'm')), method(j, 'm'));
    assert.equal(y.vtable[x.mirandas.get('m()V')!], method(j, 'm'));
    assert.ok(i.declaresDefaults && i.hasDefaults && !x.declaresDefaults);
    const z = define('def/Z', { extends: 'def/Y', methods: [[PUBLIC, 'm']] });
    assert.equal(selectInterface(z, method(i, 'm')), method(z, 'm'));
    assert.equal(
      thrown(() => selectInterface(y, method(i, 'a'))),
      'java/lang/AbstractMethodError: Receiver class def.Y does not define or inherit an implementation of the resolved ' +
        "method 'abstract void a()' of interface def.I.",
    );
  });

  it("prefers a class's method to a default, even an abstract one", () => {
    const i = define('win/I', { flags: INTERFACE, methods: [[PUBLIC, 'm']] });
    const a = define('win/A', { flags: 0x21 | ABSTRACT, methods: [[PUBLIC | ABSTRACT, 'm']] });
    const b = define('win/B', { extends: 'win/A', implements: ['win/I'] });
    assert.equal(lookupMethod(b, 'm', '()V'), method(a, 'm'));
    assert.match(
      thrown(() => selectInterface(b, method(i, 'm'))),
      /^java\/lang\/AbstractMethodError/,
    );
  });

  it('reports a choice between defaults when it is called, not when the class is linked', () => {
    const i = define('two/I', { flags: INTERFACE, methods: [[PUBLIC, 'm']] });
    define('two/J', { flags: INTERFACE, methods: [[PUBLIC, 'm']] });
    const c = define('two/C', { implements: ['two/I', 'two/J'] });
    const text = 'java/lang/IncompatibleClassChangeError: Conflicting default methods: two/I.m two/J.m';
    assert.equal(
      thrown(() => selectInterface(c, method(i, 'm'))),
      'java/lang/AbstractMethodError: Receiver class two.C does not define or inherit an implementation of the resolved ' +
        "method 'void m()' of interface two.I.",
    );
    const selected = c.vtable[c.mirandas.get('m()V')!]!;
    assert.equal(
      thrown(() => {
        throw abstractMethodError(c, selected);
      }),
      text,
    );
    assert.equal(vm.words[(selected.pointer >>> 2) + MethodWord.Code], vm.stubs.abstract);
  });

  it('needs the interface to be implemented', () => {
    const i = define('imp/I', { flags: INTERFACE, methods: [[PUBLIC | ABSTRACT, 'm']] });
    const c = define('imp/C', { methods: [[PUBLIC, 'm']] });
    assert.equal(
      thrown(() => selectInterface(c, method(i, 'm'))),
      'java/lang/IncompatibleClassChangeError: Class imp.C does not implement the requested interface imp.I',
    );
  });
});

describe('structures', () => {
  it('describe methods for calls', () => {
    const cls = define('st/M', {
      methods: [
        [PUBLIC, 'm', '(IJ[DLjava/lang/String;)V'],
        [PUBLIC | STATIC, 's', '(D)V'],
      ],
    });
    const m = method(cls, 'm', '(IJ[DLjava/lang/String;)V');
    assert.deepEqual([m.parameterKinds, m.returnKind, m.argumentSlots], ['IJLL', 'V', 6]);
    const w = m.pointer >>> 2;
    assert.equal(vm.methodAt(m.pointer), m);
    assert.equal(vm.words[w + MethodWord.MaxLocals], 4);
    assert.equal(vm.words[w + MethodWord.FrameDelta], 2 * (6 - 4) - 4);
    assert.equal(vm.words[w + MethodWord.Code], vm.stubs.decode);
    assert.equal(vm.words[w + MethodWord.Holder], cls.klass);
    assert.equal(method(cls, 's', '(D)V').argumentSlots, 2);
  });

  it('mark finalizers, cloneables and what new may not allocate', () => {
    const flags = (cls: JavaClass) => words(cls, Klass.Flags);
    const empty = define('st/Empty', { methods: [[PROTECTED, 'finalize']] });
    assert.equal(flags(empty) & KlassFlag.HasFinalizer, 0);
    const w = new ClassWriter('st/Finalized').addMethod({ flags: PROTECTED, name: 'finalize', code: [0, RETURN] });
    const finalized = run(defineClass(t, vm.bootLoader, 'st/Finalized', w.bytes()));
    assert.notEqual(flags(finalized) & KlassFlag.HasFinalizer, 0);
    const below = define('st/Below', { extends: 'st/Finalized' });
    assert.notEqual(flags(below) & KlassFlag.HasFinalizer, 0);
    assert.equal(
      flags(define('st/Off', { extends: 'st/Below', methods: [[PROTECTED, 'finalize']] })) & KlassFlag.HasFinalizer,
      0,
    );
    assert.notEqual(flags(define('st/Clone', { implements: ['java/lang/Cloneable'] })) & KlassFlag.Cloneable, 0);
    assert.notEqual(flags(bootClass(vm, 'java/lang/Class')) & KlassFlag.SlowNew, 0);
    assert.notEqual(flags(bootClass(vm, 'java/lang/Number')) & KlassFlag.SlowNew, 0);
    assert.equal(flags(bootClass(vm, 'java/lang/Object')) & KlassFlag.SlowNew, 0);
  });

  it('give every class a mirror that leads back to it', () => {
    for (const cls of vm.classes) {
      assert.notEqual(vm.mirrorOf(cls), 0, cls.name);
      assert.equal(vm.classOfMirror(vm.mirrorOf(cls)), cls);
      assert.equal(vm.classOf(vm.mirrorOf(cls)), vm.known.class_);
    }
    const array = arrayClassOf(vm, bootClass(vm, 'java/lang/String'));
    const component = vm.getWord(vm.mirrorOf(array), vm.offset('java/lang/Class', 'componentType'));
    assert.equal(vm.classOfMirror(component), bootClass(vm, 'java/lang/String'));
  });

  it('apply primitive constants when a class is defined', () => {
    const w = new ClassWriter('st/Constants');
    const value = (index: number) => [{ name: 'ConstantValue', body: u2(index) }];
    w.addField(STATIC | FINAL, 'I', 'I', value(w.int(-5)));
    w.addField(STATIC | FINAL, 'B', 'B', value(w.int(300)));
    w.addField(STATIC | FINAL, 'J', 'J', value(w.long(1, 2)));
    const cls = run(defineClass(t, vm.bootLoader, null, w.bytes()));
    const [i, b, j] = cls.fields.map((f) => f.offset);
    assert.equal(vm.words[i! >>> 2], -5);
    assert.equal(vm.arena.i8[b!], 44);
    assert.equal(vm.arena.i64[j! >>> 3], 0x100000002n);
  });

  it('carry the VM annotations of the library', () => {
    const forName = method(bootClass(vm, 'java/lang/Class'), 'forName', '(Ljava/lang/String;)Ljava/lang/Class;');
    assert.ok(forName.callerSensitive);
  });

  it('link with their supertypes', () => {
    define('st/L1');
    const cls = define('st/L2', { extends: 'st/L1', implements: ['java/lang/Runnable'] });
    linkBootClass(vm, cls);
    assert.deepEqual([cls.state, cls.superclass!.state], [ClassState.Linked, ClassState.Linked]);
    assert.equal(words(cls, Klass.State), ClassState.Linked);
    assert.equal(cls.resolved.length, cls.pool.length);
  });
});

describe('subtypes', () => {
  it('agree with the definition for classes, interfaces and arrays', () => {
    const names = [
      'java/lang/Object',
      'java/lang/Cloneable',
      'java/io/Serializable',
      'java/lang/Number',
      'java/lang/Integer',
      'java/lang/Comparable',
      'java/util/LinkedHashMap',
      'java/util/Map',
      'java/util/HashMap',
      '[I',
      '[J',
      '[[I',
      '[Ljava/lang/Object;',
      '[Ljava/lang/Integer;',
      '[Ljava/lang/Number;',
      '[[Ljava/lang/Object;',
      '[Ljava/util/Map;',
      '[Ljava/util/HashMap;',
      '[Ljava/lang/Cloneable;',
    ];
    const classes = names.map((name) => bootClass(vm, name));
    const direct = (cls: JavaClass): JavaClass[] => {
      const above = [...(cls.superclass ? [cls.superclass] : []), ...cls.interfaces];
      if (cls.kind === ClassKind.ReferenceArray)
        for (const up of direct(cls.element!)) above.push(arrayClassOf(vm, up));
      return above;
    };
    const reaches = (from: JavaClass, to: JavaClass): boolean =>
      from === to || direct(from).some((up) => reaches(up, to));
    // Twice: the second time answers come from the cache.
    for (let i = 0; i < 2; i++) {
      for (const from of classes) {
        for (const to of classes) {
          assert.equal(isSubtype(vm, from.klass, to.klass), reaches(from, to), `${from.name} < ${to.name}`);
          assert.equal(isAssignable(from, to), reaches(from, to));
        }
      }
    }
    assert.ok(!isAssignable(primitiveClass(vm, 'int'), bootClass(vm, 'java/lang/Object')));
  });

  it('hold below the display', () => {
    let above = define('deep/C0');
    const chain = [above];
    for (let i = 1; i < 14; i++) {
      above = define(`deep/C${i}`, { extends: above.name });
      chain.push(above);
    }
    for (let i = 0; i < 14; i++) {
      for (let j = 0; j < 14; j++) assert.equal(isSubtype(vm, chain[i]!.klass, chain[j]!.klass), j <= i);
    }
  });
});

describe('lookup', () => {
  it('finds fields in the class, its interfaces, then its superclass', () => {
    define('lf/I', { flags: INTERFACE, fields: [[PUBLIC | STATIC | FINAL, 'f', 'I']] });
    define('lf/A', {
      fields: [
        [PUBLIC, 'f', 'I'],
        [PUBLIC, 'g', 'I'],
      ],
    });
    const b = define('lf/B', { extends: 'lf/A', implements: ['lf/I'] });
    assert.equal(lookupField(b, 'f', 'I')!.holder.name, 'lf/I');
    assert.equal(lookupField(b, 'g', 'I')!.holder.name, 'lf/A');
    assert.equal(lookupField(b, 'g', 'J'), undefined);
    assert.equal(lookupField(bootClass(vm, 'java/lang/Class'), 'klass', 'I'), undefined);
  });

  it("finds Object's public methods through interfaces, and polymorphic methods by name", () => {
    const list = bootClass(vm, 'java/util/List');
    assert.equal(lookupInterfaceMethod(list, 'toString', '()Ljava/lang/String;')!.holder.name, 'java/lang/Object');
    assert.equal(lookupInterfaceMethod(list, 'finalize', '()V'), undefined);
    assert.equal(lookupInterfaceMethod(list, 'iterator', '()Ljava/util/Iterator;')!.holder, list);
    const handle = bootClass(vm, 'java/lang/invoke/MethodHandle');
    const exact = lookupMethod(handle, 'invokeExact', '(IJ)V');
    assert.ok(exact !== undefined && isSignaturePolymorphic(exact));
    assert.ok(!isSignaturePolymorphic(lookupMethod(handle, 'type', '()Ljava/lang/invoke/MethodType;')!));
  });

  it('records a failure and throws the same again', () => {
    const w = new ClassWriter('lf/Fails');
    const index = w.field('lf/Missing', 'f', 'I');
    const other = w.field('java/lang/Object', 'f', 'I');
    const cls = run(defineClass(t, vm.bootLoader, null, w.bytes()));
    const use = { static: true, put: false, method: undefined };
    for (let i = 0; i < 2; i++) {
      assert.equal(
        thrown(() => run(resolveField(t, cls, index, use))),
        'java/lang/NoClassDefFoundError: lf/Missing',
      );
      assert.equal(
        thrown(() => run(resolveField(t, cls, other, use))),
        'java/lang/NoSuchFieldError: f',
      );
    }
  });

  it('checks how a field is used, each time', () => {
    const w = new ClassWriter('lf/Uses')
      .addField(PRIVATE | FINAL, 'f', 'I')
      .addMethod({ name: 'm', flags: PUBLIC, code: [RETURN] });
    const index = w.field('lf/Uses', 'f', 'I');
    const cls = run(defineClass(t, vm.bootLoader, null, w.bytes()));
    const m = method(cls, 'm');
    assert.equal(run(resolveField(t, cls, index, { static: false, put: false, method: m })), cls.fields[0]);
    assert.equal(
      thrown(() => run(resolveField(t, cls, index, { static: true, put: false, method: m }))),
      'java/lang/IncompatibleClassChangeError: Expected static field lf.Uses.f',
    );
    assert.equal(
      thrown(() => run(resolveField(t, cls, index, { static: false, put: true, method: m }))),
      'java/lang/IllegalAccessError: Update to non-static final field lf.Uses.f attempted from a different method (m) ' +
        'than the initializer method <init> ',
    );
  });
});

describe('access', () => {
  const access = (from: JavaClass, holder: JavaClass, flags: number, named = holder) =>
    run(canAccessMember(t, from, { holder, flags, named }));

  it('goes by package, inheritance and nest', () => {
    const a = define('ac1/A');
    const b = define('ac1/B');
    const c = define('ac2/C', { extends: 'ac1/A' });
    const d = define('ac2/D', { extends: 'ac2/C' });
    assert.ok(access(b, a, 0) && !access(c, a, 0));
    assert.ok(access(a, a, PRIVATE) && !access(b, a, PRIVATE));
    assert.ok(access(c, a, PROTECTED, c) && access(c, a, PROTECTED, d) && access(c, a, PROTECTED | STATIC, b));
    assert.ok(access(b, a, PROTECTED));
    assert.equal(verifyClassAccess(vm, c, a), 'ok');
    const hidden = define('ac1/Hidden', { flags: 0x20 });
    assert.equal(verifyClassAccess(vm, c, hidden), 'denied');
    assert.equal(verifyClassAccess(vm, b, hidden), 'ok');
    const names = (list: string[]) => (w: ClassWriter) => [
      ...u2(list.length),
      ...list.flatMap((name) => u2(w.class(name))),
    ];
    const host = define('ne/Host', { attributes: [{ name: 'NestMembers', body: names(['ne/Host$In']) }] });
    const inner = define('ne/Host$In', { attributes: [{ name: 'NestHost', body: (w) => u2(w.class('ne/Host')) }] });
    const liar = define('ne/Host$Liar', { attributes: [{ name: 'NestHost', body: (w) => u2(w.class('ne/Host')) }] });
    assert.ok(access(host, inner, PRIVATE) && access(inner, host, PRIVATE));
    assert.ok(!access(liar, host, PRIVATE) && !access(host, liar, PRIVATE));
  });

  it('of modules goes by what they read and export', () => {
    const module = (name: string | null) => new ModuleData(0, name, vm.bootLoader, false, null, null);
    const [a, b, base, unnamed, other] = [module('a'), module('b'), module('java.base'), module(null), module(null)];
    assert.ok(!a!.canRead(b!) && a!.canRead(base!) && unnamed!.canRead(a!) && !a!.canRead(unnamed!));
    a!.reads.add(b!);
    assert.ok(a!.canRead(b!));
    a!.readsAllUnnamed = true;
    assert.ok(a!.canRead(unnamed!));
    assert.ok(!b!.isExportedTo('p', a!));
    b!.export('p', a!);
    assert.ok(b!.isExportedTo('p', a!) && !b!.isExportedTo('p', unnamed!));
    b!.export('p', 'unnamed');
    assert.ok(b!.isExportedTo('p', other!) && !b!.isExportedTo('q', a!));
    b!.export('q', 'all');
    assert.ok(b!.isExportedTo('q', base!));
  });
});

describe('loading', () => {
  it('finds arrays of classes that are loaded, and makes none', () => {
    assert.equal(findLoadedClass(vm.bootLoader, '[[[Llo/Missing;'), undefined);
    const cls = define('lo/C');
    assert.equal(findLoadedClass(vm.bootLoader, '[Llo/C;'), undefined);
    const array = bootClass(vm, '[[Llo/C;');
    assert.equal(findLoadedClass(vm.bootLoader, '[[Llo/C;'), array);
    assert.equal(array.element!.element, cls);
    assert.equal(array.dimensions, 2);
  });

  it('names what is wrong with a definition', () => {
    const bytes = (name: string, superName = 'java/lang/Object') => {
      const w = new ClassWriter(name);
      w.superName = superName;
      return w.bytes();
    };
    const attempt = (name: string, file: Uint8Array) => thrown(() => run(defineClass(t, vm.bootLoader, name, file)));
    assert.equal(attempt('lo/X', bytes('lo/Y')), 'java/lang/NoClassDefFoundError: lo/X (wrong name: lo/Y)');
    assert.equal(attempt('lo/Self', bytes('lo/Self', 'lo/Self')), 'java/lang/ClassCircularityError: lo/Self');
    assert.equal(attempt('lo/Orphan', bytes('lo/Orphan', 'lo/Nobody')), 'java/lang/NoClassDefFoundError: lo/Nobody');
    assert.match(attempt('lo/Z', new Uint8Array(8)), /^java\/lang\/ClassFormatError: Incompatible magic value 0/);
    assert.equal(attempt('lo/Twice', bytes('lo/Twice')), 'nothing thrown');
    assert.match(
      attempt('lo/Twice', bytes('lo/Twice')),
      /^java\/lang\/LinkageError: loader 'bootstrap' attempted duplicate class definition for lo\.Twice\. \(lo\.Twice is in /,
    );
  });
});
