/**
 * Work of the VM itself that may need Java to run in between: a native method that calls back, the resolution of a
 * constant that asks a class loader written in Java, class initialization, a wait for another thread.
 *
 * Such work is a generator. It yields a `Request`; the interpreter carries it out on the Java thread's own stack and
 * resumes the generator with the result (or throws into it what Java threw). The host's stack therefore never holds a
 * Java frame, and any thread can be suspended at any time: no thread is ever pinned by a native call.
 *
 * Rules for authors:
 * - Until the first `yield` references may be held as plain numbers: nothing is collected. Across a `yield` objects
 *   move: keep them in a `Handle` (`t.handle(ref)`), which lives until the activity ends, and read `handle.ref` anew.
 * - `yield` results: int, float, double, reference and boolean as number (boolean 0/1), long as bigint, void 0.
 * - Delegate with `yield*`.
 */
import type { Method } from './java-class.js';

/** A reference that the collector keeps up to date. */
export interface Handle {
  ref: number;
}

/** Argument of a call from TypeScript: int-like, float, double and reference as number, long as bigint or safe integer. */
export type JavaValue = number | bigint;

/** Run a Java method; resumes with its result. For virtual dispatch select the method first (`selectVirtual`). */
export interface CallRequest {
  readonly kind: 'call';
  readonly method: Method;
  /** Receiver first. A handle stands for the reference it holds when the call is made. */
  readonly args: readonly (JavaValue | Handle)[];
}

/** The thread has put itself on some queue (see scheduler.ts): run others until it is runnable again; resumes with 0. */
export interface BlockRequest {
  readonly kind: 'block';
}

/** Collect garbage now; resumes with 0. */
export interface CollectRequest {
  readonly kind: 'collect';
  /** All of the heap, as `System.gc()` asks for; otherwise as much as an allocation that failed needs. */
  readonly full: boolean;
}

/** Let other threads run; resumes with 0. */
export interface YieldRequest {
  readonly kind: 'yield';
}

export type Request = CallRequest | BlockRequest | CollectRequest | YieldRequest;

/** See the head of the file. */
export type Activity<T> = Generator<Request, T, JavaValue>;

/** Makes a call request; `yield call(method, …)`. */
export function call(method: Method, ...args: (JavaValue | Handle)[]): CallRequest {
  return { kind: 'call', method, args };
}

export const BLOCK: BlockRequest = { kind: 'block' };
export const COLLECT: CollectRequest = { kind: 'collect', full: true };
export const COLLECT_FOR_ALLOCATION: CollectRequest = { kind: 'collect', full: false };
export const YIELD: YieldRequest = { kind: 'yield' };
