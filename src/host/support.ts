/**
 * Whether emitted machine code can run in this process. Asked once, before anything native is touched: a platform
 * without it imports everything, runs the interpreter, and gets a reason when it asks for the compiler.
 *
 * The environment variable `SCOTTY_NO_NATIVE=1` takes native support away, for comparison and for tests.
 */

import { anonymousFile, mapLow } from './address-space.js';
import { HOST_PAGE_SIZE, libc, MapFlag, Prot } from './libc.js';

/** The answer of `nativeSupport`. */
export type NativeSupport =
  | { readonly available: true }
  | {
      readonly available: false;
      /** Why, as a sentence without a full stop. */
      readonly reason: string;
    };

let answer: NativeSupport | undefined;

/** Whether emitted code can run here, and if not why. The answer is found once per JavaScript thread. */
export function nativeSupport(): NativeSupport {
  answer ??= probe();
  return answer;
}

/** Throws an error that names `what` and the reason when emitted code cannot run here. */
export function requireNativeSupport(what: string): void {
  const support = nativeSupport();
  if (!support.available) throw new Error(`${what} is not available: ${support.reason}`);
}

function probe(): NativeSupport {
  const setting = process.env['SCOTTY_NO_NATIVE'];
  if (setting !== undefined && setting !== '' && setting !== '0') {
    return { available: false, reason: 'native code is switched off by SCOTTY_NO_NATIVE' };
  }
  if (process.platform !== 'linux') {
    return { available: false, reason: `native code needs Linux, this is ${process.platform}` };
  }
  if (process.arch !== 'x64') {
    return { available: false, reason: `native code needs an x86-64 processor, this is ${process.arch}` };
  }
  try {
    libc();
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
    return { available: false, reason: `native code needs the koffi package, which does not load: ${message}` };
  }
  try {
    mapOnePage();
  } catch (error) {
    return { available: false, reason: `this system gives no executable memory: ${(error as Error).message}` };
  }
  return { available: true };
}

/** Maps and unmaps a page the way the code arena will: hardened systems forbid it, and it is better known early. */
function mapOnePage(): void {
  const fd = anonymousFile('scotty-probe', HOST_PAGE_SIZE);
  try {
    const address = mapLow(HOST_PAGE_SIZE, Prot.Read | Prot.Exec, MapFlag.Shared, fd);
    libc().munmap(address, HOST_PAGE_SIZE);
  } finally {
    libc().close(fd);
  }
}
