/**
 * The Java threads on which calls from TypeScript run.
 *
 * Each call has a thread to itself while it runs, so calls do not wait for one another, and one that blocks in Java
 * blocks nothing else. Threads are kept for later calls, up to a limit: beyond it, calls wait for a thread.
 */
import type { Activity } from '../runtime/activity.js';
import { newThrowable } from '../runtime/exceptions.js';
import { attachVmThread, runOn } from '../runtime/java-threads.js';
import type { JavaThread } from '../runtime/thread.js';
import { NeedsCollection, ThrowNew, ThrowRef } from '../runtime/throws.js';
import type { Vm } from '../runtime/vm.js';
import { JvmError } from './errors.js';

/** Makes JavaScript's error of an exception, on the thread that it left. */
export type ErrorMaker = (t: JavaThread, exception: number) => Activity<Error>;

interface Job {
  readonly run: (t: JavaThread) => Activity<void>;
  readonly fail: (error: Error) => void;
  readonly done: () => void;
}

/** What a job has come to. */
type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** Runs an activity to its end and catches what it throws, Java's exceptions as `makeError` makes them. */
export function* settle<T>(
  t: JavaThread,
  body: (t: JavaThread) => Activity<T>,
  makeError: ErrorMaker,
): Activity<Outcome<T>> {
  try {
    return { value: yield* body(t) };
  } catch (error) {
    if (error instanceof ThrowRef) return { error: yield* makeError(t, error.ref) };
    const thrown =
      error instanceof NeedsCollection ? new ThrowNew('java/lang/OutOfMemoryError', 'Java heap space') : error;
    if (!(thrown instanceof ThrowNew)) return { error };
    try {
      return { error: yield* makeError(t, yield* newThrowable(t, thrown)) };
    } catch (second) {
      if (!(second instanceof ThrowRef)) throw second;
      return { error: yield* makeError(t, second.ref) };
    }
  }
}

/** See the head of the file. */
export class CallThreads {
  /** Calls that have not ended. */
  pending = 0;
  private readonly vm: Vm;
  private readonly most: number;
  private readonly makeError: ErrorMaker;
  private readonly prepare: (t: JavaThread) => Activity<void>;
  private readonly idle: JavaThread[] = [];
  private readonly waiting: Job[] = [];
  private readonly active = new Set<Job>();
  private count = 0;
  private named = 0;

  /**
   * @param most threads at a time
   * @param prepare is run on each new thread, and must not throw
   */
  constructor(vm: Vm, most: number, prepare: (t: JavaThread) => Activity<void>, makeError: ErrorMaker) {
    this.vm = vm;
    this.most = most;
    this.prepare = prepare;
    this.makeError = makeError;
  }

  /** Runs an activity on a thread; rejects with what it throws. */
  run<T>(body: (t: JavaThread) => Activity<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let outcome: Outcome<T> | undefined;
      const { makeError } = this;
      this.waiting.push({
        *run(t) {
          outcome = yield* settle(t, body, makeError);
        },
        fail: reject,
        done: () => {
          if (outcome === undefined) reject(new JvmError('BROKEN', 'an exception could not be described'));
          else if ('error' in outcome) reject(outcome.error);
          else resolve(outcome.value);
        },
      });
      // Before the loop is woken: it asks whether anything is pending.
      this.pending++;
      this.vm.scheduler.defer(() => this.dispatch());
    });
  }

  /** Rejects everything that has not ended. */
  failAll(error: Error): void {
    const jobs = [...this.active, ...this.waiting.splice(0)];
    this.active.clear();
    this.pending = 0;
    for (const job of jobs) job.fail(error);
  }

  /** Gives waiting jobs to idle threads, and makes threads. Called between turns. */
  private dispatch(): void {
    while (this.waiting.length > 0) {
      const t = this.idle.pop();
      if (t !== undefined) this.start(t, this.waiting.shift()!);
      else if (this.count < this.most && this.attach()) continue;
      else return;
    }
  }

  /** Makes a thread, which takes a job when it is ready; false when no thread can be made now. */
  private attach(): boolean {
    const job = this.waiting[0]!;
    try {
      const t = attachVmThread(
        this.vm,
        { name: `TypeScript-${this.named}`, group: 'main', daemon: true },
        (exception) => {
          if (exception === 0) return runOn(t, this.prepare, () => this.start(t, job));
          this.count--;
          this.finish(job, () => job.fail(new JvmError('BROKEN', 'a thread for the call could not be made')));
        },
      );
    } catch (error) {
      // As long as there are other threads, the job can wait for one of them.
      if (this.count > 0) return false;
      this.waiting.shift();
      this.pending--;
      const why = error instanceof Error ? error.message : String(error);
      job.fail(new JvmError('BROKEN', `no thread can be made for the call: ${why}`, { cause: error }));
      return true;
    }
    this.named++;
    this.count++;
    this.waiting.shift();
    this.active.add(job);
    return true;
  }

  private start(t: JavaThread, job: Job): void {
    this.active.add(job);
    runOn(t, job.run, () => {
      this.idle.push(t);
      this.finish(job, job.done);
      this.dispatch();
    });
  }

  private finish(job: Job, report: () => void): void {
    if (!this.active.delete(job)) return;
    this.pending--;
    report();
  }
}
