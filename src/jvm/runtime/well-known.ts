/**
 * Classes and fields of the library that the VM itself uses all the time, found once at start-up.
 *
 * Less frequent fields go through `vm.offset(className, field)`, which looks up by name and caches.
 */
import { arrayClassOf, bootClass, primitiveClass } from './class-loading.js';
import type { Field, JavaClass } from './java-class.js';
import type { Vm } from './vm.js';

/** See the head of the file. Filled by `load`, before the first Java instruction runs. */
export class WellKnown {
  private readonly vm: Vm;
  object!: JavaClass;
  class_!: JavaClass;
  string!: JavaClass;
  throwable!: JavaClass;
  thread!: JavaClass;
  cloneable!: JavaClass;
  serializable!: JavaClass;
  byteArray!: JavaClass;
  booleanArray!: JavaClass;
  charArray!: JavaClass;
  shortArray!: JavaClass;
  intArray!: JavaClass;
  longArray!: JavaClass;
  floatArray!: JavaClass;
  doubleArray!: JavaClass;
  objectArray!: JavaClass;
  stringArray!: JavaClass;
  classArray!: JavaClass;
  /** Byte offsets. */
  classKlassOffset = 0;
  stringValue = 0;
  stringCoder = 0;
  throwableBacktrace = 0;
  throwableMessage = 0;

  constructor(vm: Vm) {
    this.vm = vm;
  }

  /** Primitive arrays come before everything (strings need them); call once java.lang.Object and Class are loaded. */
  load(): void {
    const { vm } = this;
    const prim = (name: string) => arrayClassOf(vm, primitiveClass(vm, name));
    this.object = bootClass(vm, 'java/lang/Object');
    this.class_ = bootClass(vm, 'java/lang/Class');
    this.classKlassOffset = this.findField('java/lang/Class', 'klass').offset;
    this.cloneable = bootClass(vm, 'java/lang/Cloneable');
    this.serializable = bootClass(vm, 'java/io/Serializable');
    this.byteArray = prim('byte');
    this.booleanArray = prim('boolean');
    this.charArray = prim('char');
    this.shortArray = prim('short');
    this.intArray = prim('int');
    this.longArray = prim('long');
    this.floatArray = prim('float');
    this.doubleArray = prim('double');
    this.string = bootClass(vm, 'java/lang/String');
    this.stringValue = this.findField('java/lang/String', 'value').offset;
    this.stringCoder = this.findField('java/lang/String', 'coder').offset;
    this.objectArray = arrayClassOf(vm, this.object);
    this.stringArray = arrayClassOf(vm, this.string);
    this.classArray = arrayClassOf(vm, this.class_);
    this.throwable = bootClass(vm, 'java/lang/Throwable');
    this.throwableBacktrace = this.findField('java/lang/Throwable', 'backtrace').offset;
    this.throwableMessage = this.findField('java/lang/Throwable', 'detailMessage').offset;
    this.thread = bootClass(vm, 'java/lang/Thread');
  }

  /** A field of a boot class, inherited ones included. Throws when this library has none of that name. */
  findField(className: string, fieldName: string): Field {
    return this.vm.fieldOf(bootClass(this.vm, className), fieldName);
  }
}
