/**
 * Verification types (JVMS 4.10.1.2) as numbers, so that frames are typed arrays and comparing types is comparing
 * numbers: the tag in the low 4 bits, above it what the tag needs (a name's number, a bytecode index, a jsr site).
 */

/** Tags of verification types. */
export const enum Type {
  Top = 0,
  Int = 1,
  Float = 2,
  Long = 3,
  /** The second slot of a long. */
  Long2 = 4,
  Double = 5,
  Double2 = 6,
  Null = 7,
  UninitializedThis = 8,
  /** Payload: the bytecode index of `new`. */
  Uninitialized = 9,
  /** Payload: the number of a class or array name. */
  Object = 10,
  /** Payload: the number of a jsr instruction. Inference only. */
  Address = 11,
  /** What instructions ask for where any reference will do, uninitialised ones included; never a slot's type. */
  AnyReference = 12,
}

/** What separates tag and payload. */
export const TYPE_SHIFT = 4;
/** The tag's bits. */
export const TYPE_MASK = 15;

/** The classes a verifier asks about. Names are in internal form and never arrays. */
export interface VerifierWorld {
  /** Whether the class is an interface; loads it. */
  isInterface(name: string): boolean;
  /** The direct superclass, null for java/lang/Object. */
  superName(name: string): string | null;
  /** Whether class `from` is class `to` or one of its subclasses; asked only where `to` is no interface. */
  isAssignable(from: string, to: string): boolean;
  /**
   * Whether looking up the member from class `name` (a superclass of the one being verified) finds a protected one that is
   * declared in another run-time package than that of the class being verified.
   */
  isProtectedElsewhere(name: string, member: string, descriptor: string, isMethod: boolean): boolean;
}

/** The names of one class's verification, and the relations between types. */
export class TypeTable {
  private readonly names: string[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly fromDescriptors = new Map<string, number>();
  private readonly known = new Map<number, boolean>();
  readonly object = this.named('java/lang/Object');
  readonly throwable = this.named('java/lang/Throwable');
  readonly string = this.named('java/lang/String');

  constructor(readonly world: VerifierWorld) {}

  /** The type of a class or array by its name: `java/lang/String`, `[I`. */
  named(name: string): number {
    let number = this.numbers.get(name);
    if (number === undefined) {
      number = this.names.length;
      this.names.push(name);
      this.numbers.set(name, number);
    }
    return (number << TYPE_SHIFT) | Type.Object;
  }

  /** The name of an Object type. */
  name(type: number): string {
    return this.names[type >> TYPE_SHIFT];
  }

  /** The type of a field descriptor; small integers are Int; Top for `V`. */
  ofDescriptor(descriptor: string): number {
    switch (descriptor.charCodeAt(0)) {
      case 0x49: // I
      case 0x5a: // Z
      case 0x42: // B
      case 0x43: // C
      case 0x53: // S
        return Type.Int;
      case 0x4a: // J
        return Type.Long;
      case 0x46: // F
        return Type.Float;
      case 0x44: // D
        return Type.Double;
      case 0x56: // V
        return Type.Top;
      default: {
        let type = this.fromDescriptors.get(descriptor);
        if (type === undefined) {
          type = this.named(descriptor.charCodeAt(0) === 0x4c ? descriptor.slice(1, -1) : descriptor);
          this.fromDescriptors.set(descriptor, type);
        }
        return type;
      }
    }
  }

  isArray(type: number): boolean {
    return (type & TYPE_MASK) === Type.Object && this.name(type).charCodeAt(0) === 0x5b;
  }

  /** Whether the type is an array whose components are references. */
  isReferenceArray(type: number): boolean {
    if (!this.isArray(type)) return false;
    const component = this.name(type).charCodeAt(1);
    return component === 0x4c || component === 0x5b;
  }

  /** The component type of an array of references. */
  component(array: number): number {
    return this.ofDescriptor(this.name(array).slice(1));
  }

  /** Whether a value of type `from` may be used as `to` (JVMS 4.10.1.2, isAssignable). */
  isAssignable(from: number, to: number): boolean {
    if (from === to || to === Type.Top) return true;
    const tag = from & TYPE_MASK;
    if (to === Type.AnyReference) return tag >= Type.Null && tag <= Type.Object;
    if ((to & TYPE_MASK) !== Type.Object) return false;
    if (tag === Type.Null) return true;
    if (tag !== Type.Object) return false;
    const key = (from >> TYPE_SHIFT) * 0x4000000 + (to >> TYPE_SHIFT);
    let answer = this.known.get(key);
    if (answer === undefined) {
      answer = this.isReferenceAssignable(this.name(from), this.name(to));
      this.known.set(key, answer);
    }
    return answer;
  }

  private isReferenceAssignable(from: string, to: string): boolean {
    if (to === 'java/lang/Object' || from === to) return true;
    const fromArray = from.charCodeAt(0) === 0x5b;
    if (to.charCodeAt(0) === 0x5b) {
      if (!fromArray) return false;
      const inner = from.slice(1);
      const outer = to.slice(1);
      const innerReference = inner.charCodeAt(0) === 0x4c || inner.charCodeAt(0) === 0x5b;
      const outerReference = outer.charCodeAt(0) === 0x4c || outer.charCodeAt(0) === 0x5b;
      if (!innerReference || !outerReference) return false; // different primitives, or one of them
      return this.isAssignable(this.ofDescriptor(inner), this.ofDescriptor(outer));
    }
    if (fromArray) return to === 'java/lang/Cloneable' || to === 'java/io/Serializable';
    return this.world.isInterface(to) || this.world.isAssignable(from, to);
  }

  /** The type of a slot reached with both types; what has nothing in common is Top (JVMS 4.10.2.2). */
  merge(a: number, b: number): number {
    if (a === b) return a;
    const tagA = a & TYPE_MASK;
    const tagB = b & TYPE_MASK;
    if (tagA === Type.Null && tagB === Type.Object) return b;
    if (tagB === Type.Null && tagA === Type.Object) return a;
    if (tagA !== Type.Object || tagB !== Type.Object) return Type.Top;
    return this.named(this.mergeNames(this.name(a), this.name(b)));
  }

  private mergeNames(a: string, b: string): string {
    if (a === b) return a;
    const object = 'java/lang/Object';
    if (a === object || b === object) return object;
    const arrayA = a.charCodeAt(0) === 0x5b;
    const arrayB = b.charCodeAt(0) === 0x5b;
    if (arrayA && arrayB) {
      const inA = a.slice(1);
      const inB = b.slice(1);
      const reference = (text: string) => text.charCodeAt(0) === 0x4c || text.charCodeAt(0) === 0x5b;
      if (!reference(inA) || !reference(inB)) return object;
      const nameOf = (text: string) => (text.charCodeAt(0) === 0x4c ? text.slice(1, -1) : text);
      const merged = this.mergeNames(nameOf(inA), nameOf(inB));
      return merged.charCodeAt(0) === 0x5b ? `[${merged}` : `[L${merged};`;
    }
    if (arrayA || arrayB) return object;
    // Interfaces are treated like Object: the run-time checks invokeinterface.
    const { world } = this;
    if (world.isInterface(a) || world.isInterface(b)) return object;
    const ancestors = new Set<string>();
    for (let at: string | null = a; at !== null; at = world.superName(at)) ancestors.add(at);
    for (let at: string | null = b; at !== null; at = world.superName(at)) if (ancestors.has(at)) return at;
    return object;
  }

  /** The type as HotSpot prints it in the details of a VerifyError. */
  describe(type: number): string {
    switch (type & TYPE_MASK) {
      case Type.Top:
        return 'top';
      case Type.Int:
        return 'integer';
      case Type.Float:
        return 'float';
      case Type.Long:
        return 'long';
      case Type.Long2:
        return 'long_2nd';
      case Type.Double:
        return 'double';
      case Type.Double2:
        return 'double_2nd';
      case Type.Null:
        return 'null';
      case Type.UninitializedThis:
        return 'uninitializedThis';
      case Type.Uninitialized:
        return `uninitialized ${type >> TYPE_SHIFT}`;
      case Type.Object:
        return `'${this.name(type)}'`;
      case Type.AnyReference:
        return 'reference type';
      default:
        return 'returnAddress';
    }
  }
}
