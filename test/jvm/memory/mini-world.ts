/**
 * A world of a few hand-made classes around a real heap: what the collectors need of a VM and nothing else.
 *
 * Roots are cells that a test writes to; references into the heap that TypeScript holds are valid until the next collection,
 * as everywhere.
 */
import { Arena } from '../../../src/jvm/memory/arena.js';
import { Heap, type HeapOwner } from '../../../src/jvm/memory/heap.js';
import { ClassKind, Klass, ReferenceKind } from '../../../src/jvm/memory/layout.js';
import { RootCells } from '../../../src/jvm/memory/root-cells.js';
import type { Handle } from '../../../src/jvm/runtime/activity.js';
import { Field, JavaClass, type Method } from '../../../src/jvm/runtime/java-class.js';
import { LoaderData } from '../../../src/jvm/runtime/loaders.js';
import type { JavaThread } from '../../../src/jvm/runtime/thread.js';

const MIB = 1 << 20;

/** Byte offsets of the fields of every reference class here, and of SoftReference's statics. */
export const REFERENCE = { referent: 8, queue: 12, next: 16, discovered: 20, timestamp: 24 } as const;

/** An instance class: a word of data at 8 and references after it. */
export interface Shape {
  readonly cls: JavaClass;
  readonly references: number;
}

export class MiniWorld implements HeapOwner {
  readonly arena: Arena;
  readonly words: Int32Array;
  readonly classes: JavaClass[] = [];
  readonly roots: RootCells;
  readonly heap: Heap;
  readonly threads: JavaThread[] = [];
  readonly woken: unknown[] = [];
  readonly log: string[] = [];
  readonly stubs = { decode: 0 };
  readonly methods = new Map<number, Method>();
  /** Objects of monitors, as the table of a VM has them, and whether a thread uses them. */
  readonly monitorObjects: { object: number; used: boolean }[] = [];
  readonly options;
  readonly scheduler;
  readonly monitors;
  readonly handles: Handle[] = [];
  private readonly loader = new LoaderData(0, 0);
  /** Byte offset of SoftReference.clock. */
  readonly clock: number;
  readonly bytes: JavaClass;
  readonly ints: JavaClass;
  readonly longs: JavaClass;
  readonly objects: JavaClass;

  constructor(heapMiB: number, verboseGc = false) {
    this.arena = new Arena({ heap: heapMiB * MIB, metadata: 16 * MIB, stacks: 2 * MIB, native: 2 * MIB });
    this.words = this.arena.words;
    this.roots = new RootCells(this.arena);
    this.options = {
      initialHeap: MIB,
      verboseGc,
      stressCollection: 0,
      streams: { write: (_fd: 1 | 2, bytes: Uint8Array) => void this.log.push(Buffer.from(bytes).toString()) },
    };
    this.scheduler = {
      threads: this.threads,
      makeRunnable: (thread: JavaThread) => void this.woken.push(thread),
    };
    this.monitors = {
      forEachUsed: (visit: (monitor: { readonly object: number }) => void) => {
        for (const m of this.monitorObjects) if (m.used) visit(m);
      },
      forEachObject: (visit: (ref: number) => number) => {
        for (const m of this.monitorObjects) m.object = m.object === 0 ? 0 : visit(m.object);
      },
    };
    this.clock = this.arena.allocateMetadata(8);
    this.heap = new Heap(this);
    this.declareReferences();
    this.bytes = this.array('[B', ClassKind.PrimitiveArray, 0);
    this.ints = this.array('[I', ClassKind.PrimitiveArray, 2);
    this.longs = this.array('[J', ClassKind.PrimitiveArray, 3);
    this.objects = this.array('[Ljava/lang/Object;', ClassKind.ReferenceArray, 2);
  }

  /** A class whose instances hold a word and `references` references. */
  shape(name: string, references: number): Shape {
    const offsets = Array.from({ length: references }, (_, i) => 12 + 4 * i);
    return { cls: this.instanceClass(name, 12 + 4 * references, offsets, ReferenceKind.None), references };
  }

  /** A subclass of java.lang.ref.Reference. */
  referenceClass(name: string, kind: ReferenceKind): JavaClass {
    return this.instanceClass(name, 32, [REFERENCE.queue, REFERENCE.next], kind);
  }

  /** A static reference field: its byte offset. */
  addStatic(cls: JavaClass): number {
    const at = this.arena.allocateMetadata(8);
    cls.staticReferences = [...cls.staticReferences, at];
    return at;
  }

  methodAt(pointer: number): Method {
    return this.methods.get(pointer)!;
  }

  /** Stores a reference with the write barrier. */
  put(ref: number, offset: number, value: number): void {
    this.words[(ref + offset) >>> 2] = value;
    this.arena.u8[this.arena.cardTable + ((ref + offset) >>> 9)] = 1;
  }

  get(ref: number, offset: number): number {
    return this.words[(ref + offset) >>> 2]!;
  }

  /** What `new` does in the interpreter: collects when there is no room; 0 when that does not help. */
  allocate(cls: JavaClass): number {
    return this.retrying(cls.klass, this.words[(cls.klass >>> 2) + Klass.InstanceBytes]!);
  }

  /** What `newarray` does; 0 when there is no room. */
  allocateArray(cls: JavaClass, length: number): number {
    const ref = this.retrying(cls.klass, 16 + length * 2 ** this.words[(cls.klass >>> 2) + Klass.InstanceBytes]!);
    if (ref !== 0) this.words[(ref >>> 2) + 2] = length;
    return ref;
  }

  dispose(): void {
    this.arena.dispose();
  }

  private retrying(klass: number, bytes: number): number {
    const ref = this.heap.allocateBytes(klass, bytes);
    if (ref !== 0) return ref;
    this.heap.collect(false, 'Allocation Failure');
    return this.heap.allocateBytes(klass, bytes);
  }

  /** The library's classes by name and fields, which is how the collector finds the fields. */
  private declareReferences(): void {
    const declare = (name: string, fields: Readonly<Record<string, number>>) => {
      const cls = new JavaClass({ name: `java/lang/ref/${name}`, loader: this.loader, kind: ClassKind.Instance });
      cls.fields = Object.entries(fields).map(([field, offset], i) => {
        const made = new Field(cls, field, 'J', 0, i);
        made.offset = offset;
        return made;
      });
      this.classes.push(cls);
    };
    declare('Reference', REFERENCE);
    declare('SoftReference', { timestamp: REFERENCE.timestamp, clock: this.clock });
  }

  private instanceClass(name: string, bytes: number, offsets: readonly number[], kind: ReferenceKind): JavaClass {
    const cls = this.make(name, ClassKind.Instance);
    const at = cls.klass >>> 2;
    this.words[at + Klass.InstanceBytes] = (bytes + 7) & ~7;
    this.words[at + Klass.ReferenceKind] = kind;
    if (offsets.length > 0) {
      const map = this.arena.allocateMetadata(4 * (offsets.length + 1));
      this.words.set([offsets.length, ...offsets], map >>> 2);
      this.words[at + Klass.ReferenceMap] = map;
    }
    return cls;
  }

  private array(name: string, kind: ClassKind, shift: number): JavaClass {
    const cls = this.make(name, kind);
    this.words[(cls.klass >>> 2) + Klass.InstanceBytes] = shift;
    return cls;
  }

  private make(name: string, kind: ClassKind): JavaClass {
    const cls = new JavaClass({ name, loader: this.loader, kind });
    cls.klass = this.arena.allocateMetadata(Klass.Vtable * 4);
    cls.id = this.classes.push(cls) - 1;
    this.words[(cls.klass >>> 2) + Klass.Id] = cls.id;
    this.words[(cls.klass >>> 2) + Klass.Kind] = kind;
    return cls;
  }
}

/** A reproducible source of numbers (xorshift). */
export class Random {
  constructor(private state: number) {}

  /** A number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return (x >>> 0) % limit;
  }
}
