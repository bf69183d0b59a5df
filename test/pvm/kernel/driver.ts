/**
 * The program every VM of the fuzzer runs: a loop that asks for its next action by a protocol call and does it.
 *
 * The host answers the call with all 13 registers; r0 is the jump address of the action. Where the call is not answered —
 * the slot holds something else, or nothing — r0 still leads to `undriven`: once to the action its caller passed in r10,
 * then to a REPLY. So every run ends, whatever becomes of the capabilities. Actions have the same jump address in all
 * variants of the program, which differ in the slot they ask through and in the instructions in between.
 */
import { readCodeBlob } from '../../../src/pvm/program/code-blob.js';
import { Reader } from '../../../src/pvm/program/reader.js';
import { assemble } from '../../../src/pvm/toolchain/assembler.js';
import { type ModelCode, modelCode } from './model-guest.js';

/** Immediates of the `ecalli` actions. */
export const IMMEDIATES: readonly number[] = [
  ...Array.from({ length: 131 }, (_, i) => i),
  200,
  254,
  255,
  256,
  0x7fffffff,
  -0x80000000,
  -128,
  -1,
];

const ASK = 'jump @request';
/** Actions by name; `L` in them is a prefix for labels. */
const ACTIONS: Readonly<Record<string, string>> = {
  undriven: `branch_eq_imm r10, 0, @answer
    move_reg r0, r10
    load_imm r10, 0
    jump_ind r0
    answer: add_64 r7, r8, r9
    ecalli 0
    ${ASK}`,
  ask: ASK,
  // A dynamic operation, its operands in r11 and r12; from what a caller passes in r8 and r9; two in a row.
  ecall: `fallthrough\n.inst 3\n${ASK}`,
  ecallPassed: `move_reg r11, r8\nmove_reg r12, r9\n.inst 3\n${ASK}`,
  ecallTwice: `fallthrough\n.inst 3\nmove_reg r11, r5\nmove_reg r12, r6\n.inst 3\n${ASK}`,
  // Memory: the address in r1, the value in r3, the result in r2.
  load8: `load_ind_u8 r2, [r1]\n${ASK}`,
  load16: `load_ind_i16 r2, [r1 + 4]\n${ASK}`,
  load32: `load_ind_u32 r2, [r1 - 4]\n${ASK}`,
  load64: `load_ind_u64 r2, [r1]\n${ASK}`,
  store8: `store_ind_u8 r3, [r1]\n${ASK}`,
  store16: `store_ind_u16 r3, [r1 + 4]\n${ASK}`,
  store32: `store_ind_u32 r3, [r1 - 4]\n${ASK}`,
  store64: `store_ind_u64 r3, [r1]\n${ASK}`,
  storeImmediate: `store_imm_ind_u64 [r1], 0x12345678\n${ASK}`,
  copy: `load_ind_u64 r2, [r1]\nadd_imm_64 r2, r2, 1\nstore_ind_u64 r2, [r4]\nload_ind_u8 r3, [r4 + 8]\n${ASK}`,
  callThenStore: `ecalli 40\nstore_ind_u64 r7, [r1]\nload_ind_u64 r2, [r1]\n${ASK}`,
  // Calls without the host in between: as many as the low bits of r4 say; two callees in turns; a call and its answer passed on.
  callLoop: `and_imm r4, r4, 7\nor_imm r4, r4, 1\nfallthrough\nagain: ecalli 40\nadd_imm_64 r4, r4, -1\nbranch_ne_imm r4, 0, @again\n${ASK}`,
  callTwo: `ecalli 40\necalli 41\n${ASK}`,
  callOn: `ecalli 40\nadd_imm_64 r7, r7, 1\necalli 0\n${ASK}`,
  createCallDrop: `move_reg r2, r7
    ecalli 30
    move_reg r11, r5
    load_imm r7, 0
    load_imm r10, 0
    load_imm r12, 0
    ecalli 40
    move_reg r12, r6
    .inst 3
    ${ASK}`,
  // Ways out.
  trap: 'trap',
  trapLate: 'add_imm_64 r2, r2, 1\nadd_imm_64 r3, r3, 1\ntrap',
  unknown: `add_imm_64 r2, r2, 1\n.inst 255\n${ASK}`,
  badJump: 'load_imm r2, 3\njump_ind r2',
  halt: 'load_imm_64 r2, 0xffff0000\njump_ind r2',
  unlikely: `fallthrough\n.inst 2\n${ASK}`,
};

/** Names of the actions; an `ecalli` is named by its immediate. */
export const ACTION_NAMES: readonly string[] = [...Object.keys(ACTIONS), ...IMMEDIATES.map((n) => `ecalli ${n}`)];

/** The jump address of an action. */
export function actionAddress(name: string): bigint {
  const index = ACTION_NAMES.indexOf(name);
  if (index < 0) throw new Error(`no action is called ${name}`);
  return BigInt(2 * (index + 1));
}

/** The action behind a jump address, for messages. */
export function actionName(address: bigint): string {
  return ACTION_NAMES[Number(address / 2n) - 1] ?? `jump to ${address}`;
}

/** What a variant does before it asks, and the slot it asks through. */
const VARIANTS = [
  { slot: 5, prelude: '' },
  { slot: 7, prelude: 'add_imm_64 r2, r2, 0' },
  { slot: 5, prelude: 'fallthrough\nxor_imm r2, r2, 0\nmove_reg r3, r3' },
] as const;

/** Protocol numbers the driver asks by; others are calls an action makes. */
export const ASK_SLOTS: readonly number[] = [5, 7];
export const VARIANT_COUNT = VARIANTS.length;

function source({ slot, prelude }: (typeof VARIANTS)[number]): string {
  const labels = ACTION_NAMES.map((_, i) => `@a${i}`);
  const lines = [
    '.code',
    `.jumptable ${labels.join(', ')}`,
    'request:',
    prelude,
    'load_imm r0, @a0',
    `ecalli ${slot}`,
    'jump_ind r0',
  ];
  for (const [i, text] of Object.values(ACTIONS).entries()) {
    const [first = '', ...rest] = text.replaceAll('again', `again${i}`).split('\n');
    lines.push(`a${i}: ${first}`, ...rest);
  }
  const before = Object.keys(ACTIONS).length;
  for (const [i, n] of IMMEDIATES.entries()) lines.push(`a${before + i}: ecalli ${n}`, ASK);
  return lines.join('\n');
}

const assembled: ModelCode[] = [];

/** The program of a variant, as the `id`th CODE entry of a manifest. */
export function driverCode(variant: number, id: number): ModelCode {
  const known = VARIANTS[variant];
  if (known === undefined) throw new Error(`no variant ${variant}`);
  assembled[variant] ??= modelCode(0, readCodeBlob(new Reader(assemble(source(known)))));
  return { ...(assembled[variant] as ModelCode), id };
}
