/**
 * System calls by their declaration, bound on first use.
 *
 * A result of -1 becomes the error's number, negated, as the kernel itself returns it: callers look at one value.
 */
import { type CArgument, libc } from './libc.js';

/** Makes a function of a C declaration: `'int dup(int fd)'`. Errors are returned as minus their number. */
export function cFunction<A extends CArgument[]>(declaration: string): (...args: A) => number {
  let bound: ((...args: CArgument[]) => number) | undefined;
  return (...args) => {
    bound ??= libc().declare(declaration);
    const result = bound(...args);
    return result === -1 ? -libc().errno() : result;
  };
}
