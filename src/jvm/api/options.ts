/**
 * Options of `Jvm.create`, and what becomes of them: the options of the machine.
 */

import { existsSync, statSync } from 'node:fs';
import { totalmem } from 'node:os';
import { delimiter } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { findJavaHome, JarSource, openBootLibrary } from '../library/index.js';
import { LARGEST_HEAP } from '../memory/arena.js';
import type { NativeTables } from '../natives/registry.js';
import type { HostStreams, VmOptions } from '../runtime/vm.js';
import { JvmError } from './errors.js';

const KIB = 1 << 10;
const MIB = 1 << 20;
const GIB = 1 << 30;
/** Most an arena has room for, and what is used where nothing is asked for. */
const SMALLEST_HEAP = 4 * MIB;
const DEFAULT_HEAP = 1 * GIB;
const SMALLEST_STACK = 144 * KIB;
const LARGEST_STACK = 1 * GIB;

/** How a VM is made. */
export interface JvmOptions {
  /** Where classes are found: folders and jars, joined by the platform's separator or as a list. By default `.`. */
  readonly classPath?: string | readonly string[];
  /** The JDK or JRE whose class library is used; by default `JAVA_HOME`, the `java` on the PATH, the usual places. */
  readonly javaHome?: string;
  /**
   * Limit of the heap: bytes, or text like `512m`; 4 MiB to 1.5 GiB. By default a quarter of the memory, at
   * most 1 GiB.
   */
  readonly maxHeap?: number | string;
  /** Stack of each Java thread: bytes, or text like `512k`. By default 1 MiB. */
  readonly stackSize?: number | string;
  /** System properties. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Whether `assert` is on in classes that are not the library's. */
  readonly assertions?: boolean;
  /** What `System.in` reads; by default there is nothing to read. */
  readonly stdin?: Readable;
  /** Where `System.out` goes; by default `process.stdout`. */
  readonly stdout?: Writable;
  /** Where `System.err` goes; by default `process.stderr`. */
  readonly stderr?: Writable;
  /** Which classes are verified: `remote`, all but the library's (the default), `all` or `none`. */
  readonly verify?: 'remote' | 'all' | 'none';
  /** Most calls from TypeScript that run in Java at a time, each on a thread; others wait for one. By default 64. */
  readonly callThreads?: number;
}

/** A size as a number of bytes. */
function sizeOf(name: string, value: number | string, least: number, most: number): number {
  let bytes = typeof value === 'number' ? value : Number.NaN;
  if (typeof value === 'string') {
    const [, digits, unit] = /^(\d+)([kmg]?)$/i.exec(value) ?? [];
    if (digits !== undefined) bytes = Number(digits) * { '': 1, k: KIB, m: MIB, g: GIB }[unit!.toLowerCase()]!;
  }
  if (!(bytes >= least && bytes <= most)) {
    throw new JvmError('BAD_OPTION', `${name}: ${value} is no size from ${least / KIB}k to ${most / KIB}k`);
  }
  return bytes;
}

/**
 * Looks whether an entry of the class path is there and can be read: a call that later finds no class does not say why.
 *
 * @param release feature version of the Java that is run, for multi-release jars
 * @throws JvmError
 */
export function checkClassPathEntry(path: string, release: number): void {
  // `folder/*` stands for the jars in it.
  if (/(^|[\\/])\*$/.test(path)) return;
  if (!existsSync(path)) throw new JvmError('BAD_OPTION', `class path: ${path} does not exist`);
  if (statSync(path).isDirectory()) return;
  try {
    new JarSource(path, { release }).close();
  } catch (error) {
    throw new JvmError('BAD_OPTION', `class path: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * The options of the machine.
 *
 * @throws JvmError for an option that is wrong; JavaHomeError where there is no class library
 */
export function vmOptionsOf(options: JvmOptions, streams: HostStreams, natives: NativeTables): VmOptions {
  const { classPath = '.', properties = {}, maxHeap = Math.min(totalmem() / 4, DEFAULT_HEAP) } = options;
  const heap = Math.ceil(sizeOf('maxHeap', maxHeap, SMALLEST_HEAP, LARGEST_HEAP) / MIB) * MIB;
  const stackSize = sizeOf('stackSize', options.stackSize ?? MIB, SMALLEST_STACK, LARGEST_STACK);
  const { verify = 'remote', assertions = false } = options;
  if (!['remote', 'all', 'none'].includes(verify)) {
    throw new JvmError('BAD_OPTION', `verify: ${verify} is none of remote, all and none`);
  }
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value !== 'string') throw new JvmError('BAD_OPTION', `properties: the value of ${name} is no string`);
  }
  const java = findJavaHome(options.javaHome);
  const entries = typeof classPath === 'string' ? classPath.split(delimiter) : classPath;
  for (const entry of entries) checkClassPathEntry(entry === '' ? '.' : entry, java.version);
  return {
    library: openBootLibrary(java.home),
    javaHome: java.home,
    versionString: java.versionString,
    maxHeap: heap,
    initialHeap: Math.min(16 * MIB, heap),
    stackSize,
    properties: Object.entries(properties),
    classPath: entries.join(delimiter),
    streams,
    natives,
    verify,
    verboseClass: false,
    verboseGc: false,
    systemAssertions: false,
    assertions: assertions ? [{ on: true, what: null }] : [],
    vmArguments: assertions ? ['-ea'] : [],
    stressCollection: Number(process.env.SCOTTY_STRESS_GC) || 0,
  };
}
