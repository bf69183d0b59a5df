/**
 * What happens to a guest between two runs. Actions are plain data: drawn at random while fuzzing, applied to both
 * guests alike.
 */
import type { ExitResult, Instance } from '../../../src/pvm/instance.js';
import { Field, STRIDE } from '../../../src/pvm/isa/decode.js';
import { PAGE_SIZE, REGISTER_COUNT } from '../../../src/pvm/layout.js';
import { Access } from '../../../src/pvm/program/image.js';
import type { Program } from '../../../src/pvm/program.js';
import type { HostBehaviour } from './case.js';
import { pointer, randomGas, randomValue } from './generator.js';
import type { Random } from './random.js';

/** Changes to make before a guest runs on. */
export interface Action {
  readonly registers: readonly (readonly [number, bigint])[];
  readonly map: readonly (readonly [number, Access])[];
  readonly gas: bigint | undefined;
  readonly pc: number | undefined;
  /** Freeze and restore both guests. */
  readonly restore: boolean;
  /** Move the guest under test to the other engine. */
  readonly move: boolean;
}

/** Draws what to do after an exit; undefined ends the case. */
export function drawAction(
  random: Random,
  program: Program,
  spots: readonly number[],
  exit: ExitResult,
  gas: bigint,
): Action | undefined {
  const map: [number, Access][] = [];
  let pc: number | undefined;
  let refill: bigint | undefined;
  switch (exit.kind) {
    case 'halt':
    case 'panic':
      if (random.chance(0.2)) return undefined;
      pc = randomPc(random, program);
      break;
    case 'out-of-gas':
      if (random.chance(0.1)) return undefined;
      if (random.chance(0.9)) refill = gas + BigInt(randomGas(random));
      if (random.chance(0.15)) pc = randomPc(random, program);
      break;
    case 'page-fault': {
      const kind = random.below(10);
      if (kind < 5) map.push([exit.address, random.chance(0.8) ? Access.Write : Access.Read]);
      else if (kind < 9) pc = pcBehind(program, exit.pc);
      break;
    }
  }
  if (gas < 3n && refill === undefined && random.chance(0.7)) refill = BigInt(randomGas(random));
  if (random.chance(0.03)) refill = BigInt(randomGas(random));
  if (random.chance(0.05)) {
    const page = Math.floor(pointer(random, spots) / PAGE_SIZE) * PAGE_SIZE;
    if (page >= 0x10000) map.push([page, random.pick([Access.None, Access.Read, Access.Write])]);
  }
  const registers: [number, bigint][] = [];
  while (random.chance(0.2)) registers.push([random.below(REGISTER_COUNT), randomValue(random, spots)]);
  return { registers, map, gas: refill, pc, restore: random.chance(0.015), move: random.chance(0.15) };
}

/** Applies the part of an action that is the same for every guest. */
export function applyAction(action: Action, instance: Instance): void {
  for (const [address, access] of action.map) instance.memory.map(address, PAGE_SIZE, access);
  for (const [register, value] of action.registers) instance.setRegister(register, value);
  if (action.gas !== undefined) instance.gas = action.gas;
  if (action.pc !== undefined) instance.pc = action.pc;
}

/** A place to run on at: mostly an instruction, sometimes just a byte, sometimes outside. */
function randomPc(random: Random, program: Program): number {
  const { stream, count, codeLength } = program.decoded;
  if (random.chance(0.93)) return stream[random.below(count) * STRIDE + Field.Pc] as number;
  return random.chance(0.9) ? random.below(codeLength + 2) : random.u32();
}

function pcBehind(program: Program, pc: number): number {
  const { stream, count, indexOfPc } = program.decoded;
  const next = Math.min((indexOfPc[pc] ?? 0) + 1, count - 1);
  return stream[next * STRIDE + Field.Pc] as number;
}

/** What a host function of a kind does. Depends on the guest's state alone, so that all guests get the same. */
export function behave(
  kind: HostBehaviour,
  instance: Instance,
  id: number,
): 'panic' | 'out-of-gas' | 'halt' | undefined {
  const at = instance.getRegister32(8);
  const page = Math.max(0x10000, Math.floor(at / PAGE_SIZE) * PAGE_SIZE);
  switch (kind) {
    case 'none':
      return undefined;
    case 'registers':
      instance.setRegister(7, instance.getRegister(7) * 3n + BigInt(id));
      instance.setRegister32(12, instance.getRegister32(9) ^ id);
      return undefined;
    case 'write':
      if (instance.memory.isAccessible(at, 8, Access.Write)) instance.memory.writeU64(at, instance.getRegister(7));
      else instance.setRegister(7, instance.memory.isAccessible(at, 1, Access.Read) ? 1n : 2n);
      return undefined;
    case 'gas':
      instance.gas = instance.gas > 10n ? instance.gas - 10n : 0n;
      return undefined;
    case 'map':
      instance.memory.map(page, PAGE_SIZE, id % 2 === 0 ? Access.Write : Access.Read);
      return undefined;
    case 'unmap':
      instance.memory.unmap(page, PAGE_SIZE);
      return undefined;
    case 'pc':
      instance.pc = instance.getRegister32(7) % 64;
      return undefined;
    default:
      return kind;
  }
}
