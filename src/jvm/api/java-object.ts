/**
 * `JavaObject`: a Java object in the hands of TypeScript.
 *
 * Java's collector moves objects, so a `JavaObject` holds a root cell, which the collector keeps up to date and which
 * keeps the object alive. The cell is given back by `release` (or `using`), or some time after JavaScript's collector
 * has found the `JavaObject` dropped.
 */
import { JvmError } from './errors.js';

/** A value that is handed to Java; the guide's table says what becomes of each. */
export type JavaArgument = JavaResult | JavaTypedArray | readonly JavaArgument[] | JavaCallback;

/** A function that stands for a method of Java, or for an interface with one method. */
// biome-ignore lint/suspicious/noExplicitAny: parameters are what the Java method's are converted to
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is one, too
export type JavaCallback = (...args: any[]) => JavaArgument | void | Promise<JavaArgument | void>;

/** A value that comes from Java. `undefined` is the result of a void method. */
export type JavaResult =
  | number
  | bigint
  | boolean
  | string
  | null
  | undefined
  | JavaObject
  | JavaTypedArray
  | JavaResult[];

/**
 * Arrays of primitives: `byte[]` (comes from Java as `Uint8Array`), `short[]`, `char[]`, `int[]`, `long[]`, `float[]`,
 * `double[]`.
 */
export type JavaTypedArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** What a JavaObject asks of its VM. */
export interface ObjectHost {
  /** @throws JvmError when the VM has ended */
  callMethod(object: JavaObject, name: string, args: readonly JavaArgument[]): Promise<JavaResult>;
  getField(object: JavaObject, name: string): Promise<JavaResult>;
  setField(object: JavaObject, name: string, value: JavaArgument): Promise<void>;
  textOf(object: JavaObject): Promise<string>;
  contentOf(object: JavaObject): JavaResult;
  isSame(a: number, b: number): boolean;
  releaseCell(cell: number): void;
}

interface Cell {
  readonly host: ObjectHost;
  address: number;
}

const dropped = new FinalizationRegistry<Cell>(giveBack);

function giveBack(cell: Cell): void {
  const { address } = cell;
  cell.address = 0;
  if (address !== 0) cell.host.releaseCell(address);
}

/** See the head of the file. */
export class JavaObject {
  /** Name of its class: `java.util.ArrayList`, `[I`. */
  readonly className: string;
  readonly #cell: Cell;

  /** @internal Objects come from calls. */
  constructor(host: ObjectHost, address: number, className: string) {
    this.className = className;
    this.#cell = { host, address };
    dropped.register(this, this.#cell, this.#cell);
  }

  /**
   * Calls a method on the object.
   *
   * @param name of the method; where several have it, the arguments decide, or a parameter list or descriptor after the
   *   name: `append(char)`, `append(C)Ljava/lang/StringBuilder;`
   * @throws JavaError what the method throws
   * @throws JvmError when there is no such method, or the arguments do not fit
   */
  call<T extends JavaResult = JavaResult>(name: string, ...args: JavaArgument[]): Promise<T> {
    return this.#cell.host.callMethod(this, name, args) as Promise<T>;
  }

  /** Reads an instance field, inherited and private ones included. */
  get<T extends JavaResult = JavaResult>(field: string): Promise<T> {
    return this.#cell.host.getField(this, field) as Promise<T>;
  }

  /** Writes an instance field. Final fields cannot be written. */
  set(field: string, value: JavaArgument): Promise<void> {
    return this.#cell.host.setField(this, field, value);
  }

  /** What Java's `toString()` says. */
  text(): Promise<string> {
    return this.#cell.host.textOf(this);
  }

  /** The object as JavaScript's value, as results of calls are converted; itself where nothing corresponds to it. */
  value<T extends JavaResult = JavaResult>(): T {
    return this.#cell.host.contentOf(this) as T;
  }

  /** Whether both are the same object of Java, as `==` says there. */
  same(other: JavaObject): boolean {
    const { host } = this.#cell;
    return host === other.#cell.host && host.isSame(this.#live(), other.#live());
  }

  /** Lets Java's collector have the object. It cannot be used afterwards; a second time nothing happens. */
  release(): void {
    dropped.unregister(this.#cell);
    giveBack(this.#cell);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  /** `[java.util.ArrayList]`: it is Java's `toString()` that takes a call, see `text`. */
  toString(): string {
    return `[${this.className}]`;
  }

  #live(): number {
    if (this.#cell.address === 0) throw new JvmError('BAD_OBJECT', `the object of ${this.className} has been released`);
    return this.#cell.address;
  }

  /** @internal The root cell of an object of `host`'s VM. */
  static cellOf(object: JavaObject, host: ObjectHost): number {
    if (object.#cell.host !== host)
      throw new JvmError('BAD_OBJECT', `the object of ${object.className} is another VM's`);
    return object.#live();
  }
}
