/**
 * Host calls: what a guest's `ecalli` reaches in TypeScript.
 *
 * A host is a plain object from numbers (or, for programs that name their imports, names) to functions. A function
 * gets the calling instance: registers, gas, and memory that enforces page permissions. It may end the run, and it
 * may be asynchronous. Calls cost little because nothing is made for one: the instance itself is the argument.
 */
import type { Instance } from './instance.js';

/** How a host function may end the run; `undefined` lets it go on. */
export type HostOutcome = undefined | 'halt' | 'panic' | 'out-of-gas';

/** A host function. Returning a promise suspends the run until it settles. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is the common case
export type HostFunction = (instance: Instance, id: number) => HostOutcome | void | Promise<HostOutcome | void>;

/** Host functions by `ecalli` index or import name. */
export type Host = Readonly<Record<string | number, HostFunction>>;

/** Host functions by index; indices beyond any real table would make a sparse array, so those go into a map. */
export class HostTable {
  private readonly small: (HostFunction | undefined)[] = [];
  private readonly large = new Map<number, HostFunction>();

  /**
   * @param imports names of host functions by index
   * @throws RangeError where a key is neither an index nor one of the program's imports
   */
  constructor(host: Host, imports: readonly string[]) {
    for (const [key, handler] of Object.entries(host)) {
      const named = imports.indexOf(key);
      const id = named >= 0 ? named : /^\d+$/.test(key) ? Number(key) : -1;
      if (id < 0 || id > 0xffffffff) {
        const known = imports.length > 0 ? `; the program imports ${imports.join(', ')}` : '';
        throw new RangeError(`host function '${key}' is neither an index nor an import of the program${known}`);
      }
      if (typeof handler !== 'function') throw new TypeError(`host function '${key}' is not a function`);
      if (id < 1024) {
        while (this.small.length <= id) this.small.push(undefined);
        this.small[id] = handler;
      } else this.large.set(id, handler);
    }
  }

  get(id: number): HostFunction | undefined {
    return id < this.small.length ? this.small[id] : this.large.get(id);
  }
}
