/**
 * One virtual machine: the parts of it, and the small accessors that natives and runtime functions share.
 *
 * The VM is a record of its parts; each part's work is in its own file and takes the `Vm` (or the running `JavaThread`)
 * as first argument.
 */

import type { Stubs } from '../interpreter/stubs.js';
import type { BootLibrary, ClassSource } from '../library/index.js';
import { Arena } from '../memory/arena.js';
import { Heap } from '../memory/heap.js';
import { CARD_SHIFT, Klass } from '../memory/layout.js';
import { NativeMemory } from '../memory/native-memory.js';
import { RootCells } from '../memory/root-cells.js';
import type { NativeTables } from '../natives/registry.js';
import type { Field, JavaClass, Method } from './java-class.js';
import { LoaderData } from './loaders.js';
import { Monitors } from './monitors.js';
import { Scheduler } from './scheduler.js';
import { Strings } from './strings.js';
import type { JavaThread } from './thread.js';
import { WellKnown } from './well-known.js';

/** Where standard streams lead. Synchronous: `write` takes all bytes before it returns. */
export interface HostStreams {
  /** Writes to standard output (1) or error (2). */
  write(fd: 1 | 2, bytes: Uint8Array): void;
  /** File descriptor of standard input, or a function that fills a buffer (0: end; -1: nothing yet). */
  readonly stdin: number | ((into: Uint8Array) => number);
}

/** What `-XX:` options change. */
export interface Tuning {
  /** Say in a NullPointerException's message what was null. */
  readonly codeDetails: boolean;
  /** `System.gc()` collects. */
  readonly explicitGc: boolean;
  /** Exit with code 3 at the first OutOfMemoryError. */
  readonly exitOnOutOfMemory: boolean;
  /** Throwables record the stack. */
  readonly stackTraces: boolean;
  /** Most frames they record; 0: all. */
  readonly maxStackTraceDepth: number;
}

/** What a VM is made with. */
export interface VmOptions {
  readonly library: BootLibrary;
  readonly javaHome: string;
  /** `JAVA_VERSION` of the library: `17.0.15`. */
  readonly versionString: string;
  /** Heap limit in bytes (`-Xmx`). */
  readonly maxHeap: number;
  readonly initialHeap: number;
  /** Stack of a thread in bytes (`-Xss`). */
  readonly stackSize: number;
  /** System properties given by the user, in order. */
  readonly properties: readonly (readonly [string, string])[];
  readonly classPath: string;
  /** Where the boot loader looks after the library (`-Xbootclasspath/a`). */
  readonly bootAppend?: readonly ClassSource[];
  readonly streams: HostStreams;
  readonly natives: NativeTables;
  readonly verify: 'remote' | 'all' | 'none';
  readonly verboseClass: boolean;
  readonly verboseGc: boolean;
  readonly systemAssertions: boolean;
  readonly assertions: readonly { readonly on: boolean; readonly what: string | null }[];
  /** Arguments of the VM, for `ManagementFactory` and `jdk.internal.misc.VM`. */
  readonly vmArguments: readonly string[];
  /** Settings that few programs need; what is absent is as in HotSpot. */
  readonly tuning?: Partial<Tuning>;
  /** For tests: Java code collects before every so manieth of its allocations, 1: before each; 0: only when needed. */
  readonly stressCollection: number;
}

/** See the head of the file. */
export class Vm {
  readonly options: VmOptions;
  readonly arena: Arena;
  /** The arena's views, at hand. */
  readonly words: Int32Array;
  readonly u8: Uint8Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly roots: RootCells;
  readonly heap: Heap;
  readonly nativeMemory: NativeMemory;
  /** All classes and methods, by the id in their structures. */
  readonly classes: JavaClass[] = [];
  readonly methods: Method[] = [];
  readonly bootLoader: LoaderData;
  readonly loaders: LoaderData[] = [];
  readonly strings: Strings;
  readonly known: WellKnown;
  readonly monitors: Monitors;
  readonly scheduler: Scheduler;
  /** Entry code that is not a method's own; made by interpreter/stubs.ts. */
  stubs!: Stubs;
  /** Runs a thread until its slice is over, it blocked or it ended: interpreter/interpreter.ts. */
  interpret!: (t: JavaThread) => void;
  /** Root cell of the OutOfMemoryError for when there is no room to make one. */
  lastResortError = 0;
  /**
   * Instructions quickened by the thread that is initializing the class they need, as pairs of word index and constant
   * pool index: another thread has to wait there, so they are undone before one runs.
   */
  readonly earlySites: number[] = [];
  /** What went wrong when the library could not be brought up. */
  startupFailure: string | undefined;
  /** Told of faults of our own that became an InternalError of Java, for tests and for finding them. */
  onInternalError: ((error: unknown) => void) | undefined;
  /** The thread that runs, or ran last. */
  current!: JavaThread;
  /** Set when System.exit or the end of the last non-daemon thread ended the VM. */
  exitCode: number | undefined;
  /** True from `initPhase1` on, 4 when the system is fully up (jdk.internal.misc.VM's levels). */
  initLevel = 0;
  private readonly offsets = new Map<string, number>();

  constructor(options: VmOptions) {
    this.options = options;
    this.arena = new Arena({ heap: options.maxHeap });
    this.words = this.arena.words;
    this.u8 = this.arena.u8;
    this.f32 = this.arena.f32;
    this.f64 = this.arena.f64;
    this.roots = new RootCells(this.arena);
    this.bootLoader = new LoaderData(0, 0);
    this.loaders.push(this.bootLoader);
    this.heap = new Heap(this);
    this.nativeMemory = new NativeMemory(this.arena);
    this.strings = new Strings(this);
    this.known = new WellKnown(this);
    this.monitors = new Monitors(this);
    this.scheduler = new Scheduler(this);
  }

  /** Class of an object. */
  classOf(ref: number): JavaClass {
    return this.classes[this.words[this.words[ref >>> 2]! >>> 2]!]!;
  }

  /** Class behind a klass pointer. */
  classAt(klass: number): JavaClass {
    return this.classes[this.words[klass >>> 2]!]!;
  }

  /** Method behind a method pointer. */
  methodAt(pointer: number): Method {
    return this.methods[this.words[pointer >>> 2]!]!;
  }

  /** The java.lang.Class object of a class. */
  mirrorOf(cls: JavaClass): number {
    return this.words[(cls.klass >>> 2) + Klass.Mirror]!;
  }

  /** The class whose java.lang.Class object this is. */
  classOfMirror(mirror: number): JavaClass {
    return this.classAt(this.words[(mirror + this.known.classKlassOffset) >>> 2]!);
  }

  /** Byte offset of a field of a boot class (instance: in the object; static: in the arena). Found once, then cached. */
  offset(className: string, fieldName: string): number {
    const key = `${className}.${fieldName}`;
    let offset = this.offsets.get(key);
    if (offset === undefined) {
      offset = this.known.findField(className, fieldName).offset;
      this.offsets.set(key, offset);
    }
    return offset;
  }

  /** Reads an int, boolean-as-word or reference field: `offset` in bytes. */
  getWord(object: number, offset: number): number {
    return this.words[(object + offset) >>> 2]!;
  }

  /** Writes an int field. Never a reference: those need `putReference`. */
  putWord(object: number, offset: number, value: number): void {
    this.words[(object + offset) >>> 2] = value;
  }

  /** Writes a reference field or element, with the collector's write barrier. */
  putReference(object: number, offset: number, value: number): void {
    const address = object + offset;
    this.words[address >>> 2] = value;
    this.u8[this.arena.cardTable + (address >>> CARD_SHIFT)] = 1;
  }

  /** Reads a long field as bigint. */
  getLong(object: number, offset: number): bigint {
    return this.arena.i64[(object + offset) >>> 3]!;
  }

  putLong(object: number, offset: number, value: bigint | number): void {
    this.arena.i64[(object + offset) >>> 3] = BigInt(value);
  }

  getByte(object: number, offset: number): number {
    return this.arena.i8[(object + offset) >>> 0]!;
  }

  putByte(object: number, offset: number, value: number): void {
    this.arena.u8[(object + offset) >>> 0] = value;
  }

  /** Length of an array. */
  arrayLength(array: number): number {
    return this.words[(array >>> 2) + 2]!;
  }

  /** Element of an int or reference array. */
  getElement(array: number, index: number): number {
    return this.words[(array >>> 2) + 4 + index]!;
  }

  putReferenceElement(array: number, index: number, value: number): void {
    this.putReference(array, 16 + (index << 2), value);
  }

  /** Bytes of a byte[] as a view: valid until the next safepoint. */
  bytesOf(array: number): Uint8Array {
    const start = (array >>> 0) + 16;
    return this.u8.subarray(start, start + this.arrayLength(array));
  }

  /** A field of a class, by name. For the VM's own use of the library; throws when it does not exist. */
  fieldOf(cls: JavaClass, name: string): Field {
    for (let c: JavaClass | null = cls; c !== null; c = c.superclass) {
      const found = c.fields.find((f) => f.name === name);
      if (found !== undefined) return found;
    }
    throw new Error(`${cls.externalName} has no field ${name}`);
  }

  /** A declared or inherited method of a class, by name and descriptor. Throws when it does not exist. */
  methodOf(cls: JavaClass, name: string, descriptor: string): Method {
    for (let c: JavaClass | null = cls; c !== null; c = c.superclass) {
      const found = c.methodTable.get(name + descriptor);
      if (found !== undefined) return found;
    }
    for (const i of cls.allInterfaces) {
      const found = i.methodTable.get(name + descriptor);
      if (found !== undefined) return found;
    }
    throw new Error(`${cls.externalName} has no method ${name}${descriptor}`);
  }
}
