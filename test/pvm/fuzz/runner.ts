/**
 * Runs a case on two guests side by side — one interpreted from first to last, one recompiled that changes engines
 * now and then — and compares everything they are at every exit.
 */
import type { Difference } from '../../../src/pvm/conformance/difference.js';
import { hex } from '../../../src/pvm/conformance/difference.js';
import type { GasModel } from '../../../src/pvm/gas/index.js';
import type { Host } from '../../../src/pvm/host-calls.js';
import type { ExitResult, Instance } from '../../../src/pvm/instance.js';
import { REGISTER_COUNT } from '../../../src/pvm/layout.js';
import { CHUNK_SIZE, type GuestMemory } from '../../../src/pvm/memory/guest-memory.js';
import { type Engine, Program } from '../../../src/pvm/program.js';
import type { Snapshot } from '../../../src/pvm/snapshot.js';
import { assembleCase, type FuzzCase } from './case.js';
import { Random } from './random.js';
import { applyAction, behave, drawAction } from './script.js';

/** Once this much memory is mapped, no page that faulted is mapped any more. */
const MAX_MAPPED = 64;

/** Most bytes of one region that are compared: damaged headers ask for hundreds of megabytes. */
const MAX_COMPARED = 0x1000000;

/** What running a case came to. */
export interface Outcome {
  /** Gas the guest used: under `flat`, instructions executed (and one a fault). */
  used: bigint;
  /** Exits compared. */
  exits: number;
  /** Where the two guests parted. */
  difference: Difference | undefined;
  /** The guest before the run that showed the difference, where `capture` asked for it. */
  before: Snapshot | undefined;
}

export interface RunOptions {
  /** Counts exits by kind. */
  readonly kinds?: Map<string, number>;
  /** Run to take a snapshot before. */
  readonly capture?: number;
}

/** Runs a case under one gas model. */
export function runCase(fuzzCase: FuzzCase, gasModel: GasModel, options: RunOptions = {}): Outcome {
  const assembled = assembleCase(fuzzCase);
  const program = new Program(assembled.image);
  const start = { gasModel, gas: fuzzCase.gas, pc: assembled.pc, registers: fuzzCase.registers };
  const host = hostOf(fuzzCase);
  const random = new Random(fuzzCase.script);
  const reference = new Guest(program.instantiate({ ...start, engine: 'interpreter', host }));
  const tested = new Guest(program.instantiate({ ...start, engine: 'recompiler', host }));
  const outcome: Outcome = { used: 0n, exits: 0, difference: undefined, before: undefined };
  try {
    let mapped = 0;
    for (let i = 0; i < fuzzCase.exits; i++) {
      const before = reference.instance.gas;
      if (i === options.capture) outcome.before = reference.instance.snapshot();
      const expected = reference.run();
      const actual = tested.run();
      const used = before - reference.instance.gas;
      if (used > 0n) outcome.used += used;
      outcome.exits++;
      options.kinds?.set(expected.kind, (options.kinds.get(expected.kind) ?? 0) + 1);
      outcome.difference = compare(expected, actual, reference.instance, tested.instance);
      if (outcome.difference !== undefined) {
        const where = `${gasModel}, exit ${i}, ${tested.instance.engine}: ${outcome.difference.where}`;
        outcome.difference = { ...outcome.difference, where };
        break;
      }
      const action = drawAction(random, program, fuzzCase.spots, expected, reference.instance.gas);
      if (action === undefined) break;
      mapped += action.map.length;
      const wanted = mapped > MAX_MAPPED ? { ...action, map: [] } : action;
      for (const guest of [reference, tested]) {
        applyAction(wanted, guest.instance);
        if (action.restore) guest.restore(guest === tested && random.chance(0.5) ? 'recompiler' : 'interpreter', host);
      }
      if (action.move) tested.move();
      else if (tested.instance.engine === 'interpreter' && random.chance(0.5)) tested.move();
    }
    return outcome;
  } finally {
    reference.instance.dispose();
    tested.instance.dispose();
  }
}

/** An instance that may be replaced by a restored one. */
class Guest {
  constructor(public instance: Instance) {}

  /** Runs to an exit. What the instance throws is an answer too: the other one must say the same. */
  run(): ExitResult {
    return this.instance.run();
  }

  restore(engine: Engine, host: Host): void {
    const snapshot = structuredClone(this.instance.snapshot());
    const { program } = this.instance;
    this.instance.dispose();
    this.instance = program.restore(snapshot, { engine, host });
  }

  move(): void {
    this.instance.engine = this.instance.engine === 'interpreter' ? 'recompiler' : 'interpreter';
  }
}

function hostOf(fuzzCase: FuzzCase): Host {
  const host: Record<number, Host[number]> = {};
  for (const [id, kind] of fuzzCase.host) host[id] = (instance) => behave(kind, instance, id);
  return host;
}

/** The first thing two guests do not agree on. */
export function compare(
  expected: ExitResult,
  actual: ExitResult,
  reference: Instance,
  tested: Instance,
): Difference | undefined {
  const [left, right] = [describe(expected), describe(actual)];
  if (left !== right) return { where: 'exit', expected: left, actual: right };
  if (reference.pc !== tested.pc) return { where: 'pc', expected: `${reference.pc}`, actual: `${tested.pc}` };
  if (reference.gas !== tested.gas) return { where: 'gas', expected: `${reference.gas}`, actual: `${tested.gas}` };
  for (let i = 0; i < REGISTER_COUNT; i++) {
    const [want, got] = [reference.getRegister(i), tested.getRegister(i)];
    if (want !== got) return { where: `r${i}`, expected: hex(want), actual: hex(got) };
  }
  const { brk } = reference.memory;
  if (brk !== tested.memory.brk) return { where: 'brk', expected: hex(brk), actual: hex(tested.memory.brk) };
  const regions = reference.memory.regions();
  const [map, otherMap] = [JSON.stringify(regions), JSON.stringify(tested.memory.regions())];
  if (map !== otherMap) return { where: 'page access', expected: map, actual: otherMap };
  for (const { address, length } of regions) {
    const end = address + Math.min(length, MAX_COMPARED);
    for (let at = address; at < end; ) {
      const stop = Math.min(end, (Math.floor(at / CHUNK_SIZE) + 1) * CHUNK_SIZE);
      const want = bytesOf(reference.memory, at, stop - at);
      const got = bytesOf(tested.memory, at, stop - at);
      if (!want.equals(got)) {
        const i = want.findIndex((byte, k) => byte !== got[k]);
        return { where: `memory at ${hex(at + i)}`, expected: hex(want[i] as number), actual: hex(got[i] as number) };
      }
      at = stop;
    }
  }
  return undefined;
}

/** Bytes within one chunk, in place: copying them would take most of the fuzzer's time. */
function bytesOf(memory: GuestMemory, address: number, length: number): Buffer {
  const index = Math.floor(address / CHUNK_SIZE);
  const { view } = memory.touch(index);
  return Buffer.from(view.buffer as ArrayBuffer, view.byteOffset + address - index * CHUNK_SIZE, length);
}

function describe(exit: ExitResult): string {
  const { kind, pc } = exit;
  if (kind === 'page-fault') return `${kind} at ${hex(exit.address)}, pc ${pc}`;
  return kind === 'host-call' || kind === 'pending' ? `${kind} ${exit.id}, pc ${pc}` : `${kind}, pc ${pc}`;
}
