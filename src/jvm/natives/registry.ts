/**
 * The table of native methods: Java's class, name and descriptor to the function that does it.
 *
 * One file a Java class exports `natives: NativeTable`; `index.ts` beside this file lists the files. A method that is in
 * no table throws UnsatisfiedLinkError with its name when it is called.
 */
import type { Activity } from '../runtime/activity.js';
import type { JavaThread } from '../runtime/thread.js';

/** What a native returns: int, float, double and reference as number, long as bigint or safe integer, boolean as either. */
// biome-ignore lint/suspicious/noConfusingVoidType: natives without a result are plain functions that return nothing
export type NativeResult = number | bigint | boolean | undefined | void;

/**
 * A native method. After the thread come the receiver (a reference; not for static methods, which get no class) and the
 * arguments: int-like, float and double as numbers, references as pointers, long as a number (rounded beyond 2^53).
 * It runs to its end without a collection, or is an activity (see activity.ts).
 */
// biome-ignore lint/suspicious/noExplicitAny: arguments are as many as the descriptor says
export type NativeFunction = (t: JavaThread, ...args: any[]) => NativeResult | Activity<NativeResult>;

/** A native with longs as bigint, for where all 64 bits matter. */
export interface ExactNative {
  readonly exact: NativeFunction;
}

export type NativeEntry = NativeFunction | ExactNative;

/** `name + descriptor` → function, of one class. */
export type NativeTable = Readonly<Record<string, NativeEntry>>;

/** Tables by internal class name. */
export type NativeTables = Readonly<Record<string, NativeTable>>;

/** A linked native method. */
export interface NativeMethod {
  readonly run: NativeFunction;
  /** Longs are delivered as bigint. */
  readonly exact: boolean;
}
