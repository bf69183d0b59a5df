/**
 * The table of every form the assembler emits, and how each is written in Intel syntax.
 *
 * This is the other half of the encoder tests: the text expected here is put together from the operands alone, so an
 * error in the encoder cannot hide behind the same error in the test. A form's `text` names its parameters by position
 * (`$1` is the second argument of the method), because that is the order a caller sees.
 */

import {
  type Assembler,
  absolute,
  addr32,
  at,
  gs,
  indexed,
  type Label,
  type Mem,
  Rounding,
  type Width,
} from '../../src/x64/index.js';

/** A memory operand as the tests describe it, before it is an operand. */
export interface MemSpec {
  readonly base: number;
  readonly index: number;
  readonly scale: 1 | 2 | 4 | 8;
  readonly disp: number;
  readonly gs: boolean;
  readonly address32: boolean;
}

/**
 * What a parameter is. `r`, `m` and `i` have the width of the instruction (`w`); a number after the letter fixes it.
 * `f` is the source width of an extension; `s` and `n` are the register and memory operand of that width.
 */
export type Kind =
  | 'w'
  | 'f'
  | 'r'
  | 's'
  | 'r8'
  | 'r32'
  | 'r64'
  | 'x'
  | 'm'
  | 'n'
  | 'm8'
  | 'm32'
  | 'm64'
  | 'm128'
  | 'address'
  | 'i'
  | 'count'
  | 'cond'
  | 'alu'
  | 'shift'
  | 'unary'
  | 'round';

/** One method of the assembler. */
export interface Form {
  readonly method: keyof Assembler;
  /** The widths to try; one that the text does not depend on if the method takes none. */
  readonly widths: readonly Width[];
  readonly params: readonly Kind[];
  readonly text: string;
}

/** An argument: what the assembler gets (memory operands: made when it is called) and how it is written. */
export interface Argument {
  readonly value: number | MemSpec;
  readonly text: string;
}

const NAMES64 = 'rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15'.split(' ');
const NAMES32 = 'eax ecx edx ebx esp ebp esi edi r8d r9d r10d r11d r12d r13d r14d r15d'.split(' ');
const NAMES16 = 'ax cx dx bx sp bp si di r8w r9w r10w r11w r12w r13w r14w r15w'.split(' ');
const NAMES8 = 'al cl dl bl spl bpl sil dil r8b r9b r10b r11b r12b r13b r14b r15b'.split(' ');

/** Condition suffixes in the order of their numbers. */
export const CONDITIONS = 'o no b ae e ne be a s ns p np l ge le g'.split(' ');

const ALU = 'add or adc sbb and sub xor cmp'.split(' ');
const SHIFTS: readonly (readonly [number, string])[] = [
  [0, 'rol'],
  [1, 'ror'],
  [2, 'rcl'],
  [3, 'rcr'],
  [4, 'shl'],
  [5, 'shr'],
  [7, 'sar'],
];
const UNARY: readonly (readonly [number, string])[] = [
  [2, 'not'],
  [3, 'neg'],
  [4, 'mul'],
  [5, 'imul'],
  [6, 'div'],
  [7, 'idiv'],
];

const SIZES: Record<number, string> = { 8: 'byte', 16: 'word', 32: 'dword', 64: 'qword', 128: 'xmmword' };

/** The name of a general-purpose register at a width. */
export function registerName(width: number, register: number): string {
  return (width === 64 ? NAMES64 : width === 32 ? NAMES32 : width === 16 ? NAMES16 : NAMES8)[register];
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

/** A number as an operand of `width` bits is printed: unsigned. */
export function immediateText(width: number, value: number): string {
  return hex(BigInt.asUintN(width, BigInt(value)));
}

/** How a memory operand is written. A size of 0 leaves the size out, and with it the segment (`lea`). */
export function memoryText(size: number, m: MemSpec): string {
  const names = m.address32 ? NAMES32 : NAMES64;
  const parts: string[] = [];
  if (m.base >= 0) {
    parts.push(names[m.base]);
  }
  if (m.index >= 0) {
    // A scale of 1 is printed only where it tells an index from a base.
    parts.push(m.base >= 0 && m.scale === 1 ? names[m.index] : `${names[m.index]}*${m.scale}`);
  }
  let inside = parts.join('+');
  if (inside === '') {
    inside = immediateText(m.address32 ? 32 : 64, m.disp);
  } else if (m.disp > 0) {
    inside += `+${hex(BigInt(m.disp))}`;
  } else if (m.disp < 0) {
    inside += `-${hex(BigInt(-m.disp))}`;
  }
  return size === 0 ? `[${inside}]` : `${SIZES[size]} ptr ${m.gs ? 'gs:' : ''}[${inside}]`;
}

/** Makes the operand with the factories under test. */
export function memory(m: MemSpec): Mem {
  let operand =
    m.index >= 0 ? indexed(m.base, m.index, m.scale, m.disp) : m.base >= 0 ? at(m.base, m.disp) : absolute(m.disp);
  if (m.gs) {
    operand = gs(operand);
  }
  return m.address32 ? addr32(operand) : operand;
}

const W: readonly Width[] = [8, 16, 32, 64];
const WORDS: readonly Width[] = [16, 32, 64];
const LONG: readonly Width[] = [32, 64];
const NONE: readonly Width[] = [64];

/** Every form but the branches to labels, which `labels.test.ts` has. */
export const FORMS: readonly Form[] = buildForms();

function buildForms(): Form[] {
  const forms: Form[] = [];
  const add = (method: keyof Assembler, widths: readonly Width[], params: string, text: string): void => {
    forms.push({ method, widths, params: (params === '' ? [] : params.split(' ')) as Kind[], text });
  };
  // Methods made of a mnemonic and a suffix: `name` is the mnemonic unless the method is called otherwise.
  const family = (name: string, suffix: string, widths: readonly Width[], params: string, text: string): void =>
    add(`${name}${suffix}` as keyof Assembler, widths, params, text);

  for (const name of ALU) {
    family(name, '_rr', W, 'w r r', `${name} $1, $2`);
    family(name, '_ri', W, 'w r i', `${name} $1, $2`);
    family(name, '_rm', W, 'w r m', `${name} $1, $2`);
    family(name, '_mr', W, 'w m r', `${name} $1, $2`);
    family(name, '_mi', W, 'w m i', `${name} $1, $2`);
  }
  add('alu_rr', W, 'alu w r r', '$0 $2, $3');
  add('alu_ri', W, 'alu w r i', '$0 $2, $3');
  add('alu_rm', W, 'alu w r m', '$0 $2, $3');
  add('alu_mr', W, 'alu w m r', '$0 $2, $3');
  add('alu_mi', W, 'alu w m i', '$0 $2, $3');
  add('test_rr', W, 'w r r', 'test $1, $2');
  add('test_mr', W, 'w m r', 'test $1, $2');
  add('test_ri', W, 'w r i', 'test $1, $2');
  add('test_mi', W, 'w m i', 'test $1, $2');
  add('unary_r', W, 'unary w r', '$0 $2');
  add('unary_m', W, 'unary w m', '$0 $2');
  for (const name of ['not', 'neg', 'mul', 'imul1', 'div', 'idiv', 'inc', 'dec']) {
    family(name, '_r', W, 'w r', `${name.replace('1', '')} $1`);
    family(name, '_m', W, 'w m', `${name.replace('1', '')} $1`);
  }
  add('imul_rr', WORDS, 'w r r', 'imul $1, $2');
  add('imul_rm', WORDS, 'w r m', 'imul $1, $2');
  add('imul_rri', WORDS, 'w r r i', 'imul $1, $2, $3');
  add('imul_rmi', WORDS, 'w r m i', 'imul $1, $2, $3');

  add('mov_rr', W, 'w r r', 'mov $1, $2');
  add('mov_ri', [8, 16, 32], 'w r i', 'mov $1, $2');
  add('mov_rm', W, 'w r m', 'mov $1, $2');
  add('mov_mr', W, 'w m r', 'mov $1, $2');
  add('mov_mi', W, 'w m i', 'mov $1, $2');
  // `f` takes all widths below `w`; 64-bit zero extension is written with 32-bit registers.
  add('movzx_rr', [16, 32], 'w f r s', 'movzx $2, $3');
  add('movzx_rm', [16, 32], 'w f r n', 'movzx $2, $3');
  add('movsx_rr', WORDS, 'w f r s', 'movsx $2, $3');
  add('movsx_rm', WORDS, 'w f r n', 'movsx $2, $3');
  add('lea', WORDS, 'w r address', 'lea $1, $2');
  add('xchg_rr', W, 'w r r', 'xchg $1, $2');
  add('xchg_mr', W, 'w m r', 'xchg $1, $2');
  add('cmpxchg_mr', W, 'w m r', 'cmpxchg $1, $2');
  add('lock_cmpxchg_mr', W, 'w m r', 'lock cmpxchg $1, $2');
  add('xadd_mr', W, 'w m r', 'xadd $1, $2');
  add('lock_xadd_mr', W, 'w m r', 'lock xadd $1, $2');
  add('push', NONE, 'r64', 'push $0');
  add('pop', NONE, 'r64', 'pop $0');
  add('push_m', NONE, 'm64', 'push $0');
  add('pop_m', NONE, 'm64', 'pop $0');
  add('push_i', NONE, 'i', 'push $0');
  add('setcc', NONE, 'cond r8', 'set$0 $1');
  add('setcc_m', NONE, 'cond m8', 'set$0 $1');
  add('cmovcc', WORDS, 'cond w r r', 'cmov$0 $2, $3');
  add('cmovcc_rm', WORDS, 'cond w r m', 'cmov$0 $2, $3');
  add('bswap', LONG, 'w r', 'bswap $1');

  add('shift_ri', W, 'shift w r count', '$0 $2, $3');
  add('shift_rcl', W, 'shift w r', '$0 $2, cl');
  add('shift_mi', W, 'shift w m count', '$0 $2, $3');
  add('shift_mcl', W, 'shift w m', '$0 $2, cl');
  for (const name of ['shl', 'shr', 'sar', 'rol', 'ror']) {
    family(name, '_ri', W, 'w r count', `${name} $1, $2`);
    family(name, '_rcl', W, 'w r', `${name} $1, cl`);
  }
  add('shld_rri', WORDS, 'w r r count', 'shld $1, $2, $3');
  add('shrd_rri', WORDS, 'w r r count', 'shrd $1, $2, $3');
  for (const name of ['shlx', 'shrx', 'sarx', 'mulx', 'andn']) {
    family(name, '', LONG, 'w r r r', `${name} $1, $2, $3`);
  }
  add('rorx', LONG, 'w r r count', 'rorx $1, $2, $3');
  for (const name of ['popcnt', 'lzcnt', 'tzcnt', 'bsf', 'bsr']) {
    family(name, '', WORDS, 'w r r', `${name} $1, $2`);
  }
  add('bt_ri', WORDS, 'w r count', 'bt $1, $2');
  add('bt_rr', WORDS, 'w r r', 'bt $1, $2');

  add('jmp_r', NONE, 'r64', 'jmp $0');
  add('jmp_m', NONE, 'm64', 'jmp $0');
  add('call_r', NONE, 'r64', 'call $0');
  add('call_m', NONE, 'm64', 'call $0');
  const plain = 'cwd cdq cqo ret int3 ud2 syscall cpuid rdtsc lfence mfence sfence pause endbr64 pushfq popfq clc stc';
  for (const name of `${plain} cld leave`.split(' ')) {
    family(name, '', NONE, '', name);
  }
  add('rep_movsb', NONE, '', 'rep movsb byte ptr [rdi], byte ptr [rsi]');
  add('rep_movsq', NONE, '', 'rep movsq qword ptr [rdi], qword ptr [rsi]');
  add('rep_stosb', NONE, '', 'rep stosb byte ptr [rdi]');
  add('rep_stosq', NONE, '', 'rep stosq qword ptr [rdi]');
  for (const name of ['rdfsbase', 'rdgsbase', 'wrfsbase', 'wrgsbase']) {
    family(name, '', LONG, 'r w', `${name} $0`);
  }
  add('ldmxcsr', NONE, 'm32', 'ldmxcsr $0');
  add('stmxcsr', NONE, 'm32', 'stmxcsr $0');

  for (const [type, size] of [
    ['ss', 'm32'],
    ['sd', 'm64'],
  ]) {
    family('mov', `${type}_mr`, NONE, `${size} x`, `mov${type} $0, $1`);
    for (const name of ['mov', 'add', 'sub', 'mul', 'div', 'sqrt', 'min', 'max', 'ucomi', 'comi']) {
      family(name, `${type}_rr`, NONE, 'x x', `${name}${type} $0, $1`);
      family(name, `${type}_rm`, NONE, `x ${size}`, `${name}${type} $0, $1`);
    }
    family('cvtsi2', `${type}_rr`, LONG, 'w x r', `cvtsi2${type} $1, $2`);
    family('cvtsi2', `${type}_rm`, LONG, 'w x m', `cvtsi2${type} $1, $2`);
    family('cvtt', `${type}2si_rr`, LONG, 'w r x', `cvtt${type}2si $1, $2`);
    family('cvtt', `${type}2si_rm`, LONG, `w r ${size}`, `cvtt${type}2si $1, $2`);
    family('round', type, NONE, 'x x round', `round${type} $0, $1, $2`);
  }
  add('cvtss2sd_rr', NONE, 'x x', 'cvtss2sd $0, $1');
  add('cvtss2sd_rm', NONE, 'x m32', 'cvtss2sd $0, $1');
  add('cvtsd2ss_rr', NONE, 'x x', 'cvtsd2ss $0, $1');
  add('cvtsd2ss_rm', NONE, 'x m64', 'cvtsd2ss $0, $1');
  for (const name of ['andps', 'andpd', 'andnps', 'andnpd', 'orps', 'orpd', 'xorps', 'xorpd']) {
    family(name, '_rr', NONE, 'x x', `${name} $0, $1`);
    family(name, '_rm', NONE, 'x m128', `${name} $0, $1`);
  }
  add('movd_xr', NONE, 'x r32', 'movd $0, $1');
  add('movd_rx', NONE, 'r32 x', 'movd $0, $1');
  add('movq_xr', NONE, 'x r64', 'movq $0, $1');
  add('movq_rx', NONE, 'r64 x', 'movq $0, $1');
  add('movaps_rr', NONE, 'x x', 'movaps $0, $1');
  add('movups_rm', NONE, 'x m128', 'movups $0, $1');
  add('movups_mr', NONE, 'm128 x', 'movups $0, $1');
  add('pxor', NONE, 'x x', 'pxor $0, $1');
  return forms;
}

const ALL16 = Array.from({ length: 16 }, (_, i) => i);
const DISPLACEMENTS = [0, 1, -1, 127, 128, -128, -129, 0x12345678, 0x7fffffff, -0x80000000];
const SCALES = [1, 2, 4, 8] as const;

/** Immediates at the edges of the encodings; narrow instructions take those that they can represent. */
function immediates(width: number): number[] {
  const edges = [
    0, 1, -1, 127, 128, -128, -129, 255, 256, 0x7fff, 0x8000, -0x8000, 0x12345678, 0x7fffffff, -0x80000000,
  ];
  return width >= 32 ? edges : edges.filter((v) => v >= -(2 ** (width - 1)) && v < 2 ** width);
}

/** Every base, index and scale, each displacement size, and the prefixes; not every combination of all of them. */
export const MEMORY_SPECS: readonly MemSpec[] = buildMemorySpecs();

function buildMemorySpecs(): MemSpec[] {
  const specs: MemSpec[] = [];
  const push = (base: number, index: number, scale: 1 | 2 | 4 | 8, disp: number, prefixes = 0): void => {
    specs.push({ base, index, scale, disp, gs: (prefixes & 1) !== 0, address32: (prefixes & 2) !== 0 });
  };
  for (const base of ALL16) {
    for (const disp of DISPLACEMENTS) {
      push(base, -1, 1, disp, specs.length & 3);
    }
    push(base, -1, 1, 0x1000, 3);
  }
  for (const disp of DISPLACEMENTS) {
    for (let prefixes = 0; prefixes < 4; prefixes++) {
      push(-1, -1, 1, disp, prefixes);
    }
  }
  for (const index of ALL16.filter((r) => r !== 4)) {
    for (const base of [-1, ...ALL16]) {
      const k = specs.length;
      push(base, index, SCALES[k & 3], DISPLACEMENTS[k % DISPLACEMENTS.length], (k >> 2) & 3);
    }
    for (const scale of SCALES) {
      push(5, index, scale, 0);
      push(13, index, scale, 0);
      push(12, index, scale, 8, 3);
    }
  }
  return specs;
}

/** The values to try for a parameter. `from` is the source width of an extension. */
export function argumentsOf(kind: Kind, width: number, from: number): readonly Argument[] {
  const key = `${kind}/${width}/${from}`;
  let list = cache.get(key);
  if (list === undefined) {
    list = makeArguments(kind, width, from);
    cache.set(key, list);
  }
  return list;
}

const cache = new Map<string, readonly Argument[]>();

function makeArguments(kind: Kind, width: number, from: number): readonly Argument[] {
  const registers = (w: number): Argument[] => ALL16.map((r) => ({ value: r, text: registerName(w, r) }));
  const memories = (w: number): Argument[] => MEMORY_SPECS.map((m) => ({ value: m, text: memoryText(w, m) }));
  switch (kind) {
    case 'w':
      return [{ value: width, text: '' }];
    case 'f':
      return [{ value: from, text: '' }];
    case 'r':
      return registers(width);
    case 's':
      return registers(from);
    case 'r8':
      return registers(8);
    case 'r32':
      return registers(32);
    case 'r64':
      return registers(64);
    case 'x':
      return ALL16.map((r) => ({ value: r, text: `xmm${r}` }));
    case 'm':
      return memories(width);
    case 'n':
      return memories(from);
    case 'm8':
      return memories(8);
    case 'm32':
      return memories(32);
    case 'm64':
      return memories(64);
    case 'm128':
      return memories(128);
    case 'address':
      return memories(0);
    case 'i':
      return immediates(width).map((v) => ({ value: v, text: immediateText(width, v) }));
    case 'count':
      return [0, 1, 2, 7, 31, 32, 63].map((v) => ({ value: v, text: immediateText(8, v) }));
    case 'cond':
      return CONDITIONS.map((text, value) => ({ value, text }));
    case 'alu':
      return ALU.map((text, value) => ({ value, text }));
    case 'shift':
      return SHIFTS.map(([value, text]) => ({ value, text }));
    case 'unary':
      return UNARY.map(([value, text]) => ({ value, text }));
    case 'round':
      return [Rounding.Nearest, Rounding.Down, Rounding.Up, Rounding.Truncate, Rounding.Current].map((v) => ({
        value: v,
        text: immediateText(8, v),
      }));
  }
}

/** The source widths to try with a form. */
export function sourceWidths(form: Form, width: number): readonly number[] {
  return form.params.includes('f') ? [8, 16, 32].filter((from) => from < width) : [0];
}

/** The text of a form with the given arguments. */
export function expectedText(form: Form, args: readonly Argument[], from: number): string {
  const text = form.text.replace(/\$(\d)/g, (_, i: string) => args[Number(i)].text);
  return from === 32 ? text.replace('movsx', 'movsxd') : text;
}

/** Calls the method of a form. */
export function emit(a: Assembler, form: Form, args: readonly Argument[]): void {
  const values = args.map((arg) => (typeof arg.value === 'number' ? arg.value : memory(arg.value)));
  const method = a[form.method] as (...values: readonly (number | Mem | Label)[]) => void;
  method.apply(a, values);
}
