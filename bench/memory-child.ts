/**
 * The process that `memory.ts` starts: makes many instances of one program and prints what they weigh, as JSON.
 *
 *   FILE ENGINE ARGUMENTS-FILE COUNT
 *
 * Weighed is what the kernel says is resident for this process and, beside it, the page tables, which it does not
 * count there but which are memory all the same. Garbage is collected before every weighing.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { sharedArena } from '../src/host/code-arena.js';
import { type Engine, type Instance, Program } from '../src/pvm/index.js';

/** Memory of this process, bytes. */
export interface Weight {
  readonly resident: number;
  readonly pageTables: number;
}

/** What was weighed. Sizes are per instance where they are about instances. */
export interface Weighed {
  /** Machine-code bytes in the arena before and after the instances were made; equal where they share one compilation. */
  readonly codeBefore: number;
  readonly codeAfter: number;
  readonly before: Weight;
  readonly made: Weight;
  readonly disposed: Weight;
  readonly madeAgain: Weight;
  readonly dropped: Weight;
}

const [file, engine, argumentsFile, count] = process.argv.slice(2) as [string, Engine, string, string];
const collect = globalThis.gc as () => void;
const program = Program.load(new Uint8Array(readFileSync(file)));
const args = new Uint8Array(readFileSync(argumentsFile));

/** Collects until finalizers have had their turns, then reads the scales. */
async function weigh(): Promise<Weight> {
  for (let i = 0; i < 4; i++) {
    collect();
    await sleep(5);
  }
  const status = readFileSync('/proc/self/status', 'utf8');
  const field = (name: string) => Number(status.match(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm'))?.[1] ?? 0) * 1024;
  return { resident: field('VmRSS'), pageTables: field('VmPTE') };
}

function make(): Instance[] {
  return Array.from({ length: Number(count) }, () => program.instantiate({ engine, args }));
}

const codeBytes = () => (engine === 'recompiler' ? sharedArena().used : 0);

// A first set, so that nothing is counted that is made once: the compilation, the kernel's file of initial memory, and
// room that V8 and the allocator keep.
for (const instance of make()) instance.dispose();
const before = await weigh();
const codeBefore = codeBytes();
let instances = make();
const made = await weigh();
const codeAfter = codeBytes();
for (const instance of instances) instance.dispose();
instances = [];
const disposed = await weigh();
instances = make();
const madeAgain = await weigh();
instances = [];
const dropped = await weigh();

const weighed: Weighed = { codeBefore, codeAfter, before, made, disposed, madeAgain, dropped };
process.stdout.write(JSON.stringify(weighed));
