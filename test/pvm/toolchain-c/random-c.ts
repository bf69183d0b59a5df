/**
 * Random C programs: compiled for PVM they must print what they print natively.
 *
 * Everything in them is defined: arithmetic wraps (`-fwrapv`), shifts are masked, divisors that will not do are replaced,
 * indexes are masked, loops are counted, and no expression has a side effect. What is left to chance is types, operators,
 * constants, the shape of control flow, and which values live across what.
 *
 *     node scripts/run.mjs test/pvm/toolchain-c/random-c [PROGRAMS] [FIRST SEED]
 */
import { fileURLToPath } from 'node:url';
import { linkProgram } from '../../../src/pvm/toolchain/output.js';
import { ENGINES } from '../machines.js';
import { Random } from '../random.js';
import { compileText, printedByText, run } from './compiler.js';

const TYPES = ['int8_t', 'uint8_t', 'int16_t', 'uint16_t', 'int32_t', 'uint32_t', 'int64_t', 'uint64_t'] as const;
const BINARY = ['+', '-', '*', '&', '|', '^', '<', '<=', '==', '!=', '>', '&&', '||'] as const;
const EDGES = ['0', '1', '2', '7', '-1', '127', '-128', '255', '2047', '-2048', '4096', '32768', '65535', '2147483647'];
const WIDE_EDGES = [
  '4294967295u',
  '(-2147483647 - 1)',
  '0x7fffffffffffffff',
  '0x8000000000000000u',
  '0x123456789abcdef',
];
const ARRAY = 16;
const FUNCTIONS = 6;
const LEVELS = ['0', '1', '2', '3', 's'];

const PROLOGUE = `#include <stdint.h>
#include <stdio.h>
#define SHL(a, b) ((a) << ((b) & (8 * sizeof((a) + 0) - 1)))
#define SHR(a, b) ((a) >> ((b) & (8 * sizeof((a) + 0) - 1)))
#define DIV(a, b) ((b) == 0 || (b) == -1 ? (a) : (a) / (b))
#define MOD(a, b) ((b) == 0 || (b) == -1 ? (a) : (a) % (b))
#define ROL(a, b) ((uint64_t)(a) << ((b) & 63) | (uint64_t)(a) >> (-(b) & 63))
#define ROR(a, b) ((uint32_t)(a) >> ((b) & 31) | (uint32_t)(a) << (-(b) & 31))
struct pair { uint64_t first; int32_t second; };
static uint64_t state;
static void note(uint64_t value) { state = (state ^ value) * 0x9e3779b97f4a7c15u; state ^= state >> 31; }
`;

class Generator {
  private lines: string[] = [];
  /** Variables in scope that may be read. */
  private names: string[] = [];
  /** Those that may be assigned: loop counters may not. */
  private targets: string[] = [];
  private count = 0;
  /** Functions that may be called: those before this one, so that there is no recursion. */
  private callable = 0;

  constructor(private readonly random: Random) {}

  program(): string {
    const { random } = this;
    const text = [PROLOGUE];
    const globals = TYPES.map(
      (type, i) => `static ${type} g${i}[${ARRAY}] = {${this.list(6, () => this.constant())}};`,
    );
    text.push(...globals);
    for (let f = 0; f < FUNCTIONS; f++) {
      this.callable = f;
      text.push(this.func(f));
    }
    const names = Array.from({ length: FUNCTIONS }, (_, f) => `f${f}`).join(', ');
    text.push(`static uint64_t (*const table[])(uint64_t, int32_t, struct pair) = {${names}};`);
    text.push('int main(void) {', `  for (int i = 0; i < ${3 + random.below(20)}; i++) {`);
    text.push(`    note(table[i % ${FUNCTIONS}](state, (int32_t)(i * 77777777), (struct pair){state >> 7, -i}));`);
    text.push('    printf("%d %016llx\\n", i, (unsigned long long)state);', '  }');
    for (let i = 0; i < TYPES.length; i++) text.push(`  for (int i = 0; i < ${ARRAY}; i++) note((uint64_t)g${i}[i]);`);
    text.push('  printf("%016llx\\n", (unsigned long long)state);', '  return 0;', '}', '');
    return text.join('\n');
  }

  private func(number: number): string {
    const { random } = this;
    this.lines = [];
    this.names = ['a', 'b', 'p.first', 'p.second'];
    this.targets = [...this.names];
    const local = random.oneIn(2) ? '__attribute__((noinline)) ' : '';
    this.lines.push(`${local}static uint64_t f${number}(uint64_t a, int32_t b, struct pair p) {`);
    for (let i = 2 + random.below(5); i > 0; i--) this.declare(1);
    for (let i = 3 + random.below(6); i > 0; i--) this.statement(1, 3);
    this.lines.push(`  return (uint64_t)(${this.expression(3)});`, '}');
    return this.lines.join('\n');
  }

  private declare(indent: number): void {
    const name = `v${this.count++}`;
    const slow = this.random.oneIn(8) ? 'volatile ' : '';
    this.push(indent, `${slow}${this.random.pick(TYPES)} ${name} = ${this.expression(2)};`);
    this.names.push(name);
    this.targets.push(name);
  }

  private statement(indent: number, depth: number): void {
    const { random } = this;
    switch (random.below(depth > 0 ? 9 : 4)) {
      case 0:
      case 1:
        this.push(indent, `${random.pick(this.targets)} = ${this.expression(3)};`);
        break;
      case 2:
        this.push(indent, `${this.element()} = ${this.expression(3)};`);
        break;
      case 3:
        this.push(indent, this.callable === 0 ? `note((uint64_t)(${this.expression(2)}));` : this.call());
        break;
      case 4:
      case 5:
        this.push(indent, `if (${this.expression(2)}) {`);
        this.block(indent, depth);
        this.push(indent, '} else {');
        this.block(indent, depth);
        this.push(indent, '}');
        break;
      case 6: {
        const counter = `i${this.count++}`;
        this.push(indent, `for (int ${counter} = 0; ${counter} < ${1 + random.below(5)}; ${counter}++) {`);
        this.names.push(counter);
        this.block(indent, depth);
        this.names.pop();
        this.push(indent, '}');
        break;
      }
      case 7:
        this.push(indent, `switch ((uint32_t)(${this.expression(2)}) % ${4 + random.below(8)}) {`);
        for (let value = 0; value < 7; value++) {
          if (random.oneIn(5)) continue;
          this.push(indent, `case ${value}:`);
          this.block(indent, 0);
          if (!random.oneIn(4)) this.push(indent + 1, 'break;');
        }
        this.push(indent, 'default:');
        this.block(indent, 0);
        this.push(indent, '}');
        break;
      default:
        this.push(indent, '{');
        this.block(indent, depth);
        this.push(indent, '}');
    }
  }

  private call(): string {
    const { random } = this;
    const [a, b] = [this.expression(2), this.expression(2)];
    const pair = random.pick(['p', '(struct pair){a, b}']);
    return `${random.pick(this.targets)} = f${random.below(this.callable)}((uint64_t)(${a}), (int32_t)(${b}), ${pair});`;
  }

  private block(indent: number, depth: number): void {
    const [names, targets] = [this.names.length, this.targets.length];
    // A declaration right behind a `case` is no statement.
    this.push(indent + 1, ';');
    for (let i = 1 + this.random.below(3); i > 0; i--) this.statement(indent + 1, depth - 1);
    this.names.length = names;
    this.targets.length = targets;
  }

  private expression(depth: number): string {
    const { random } = this;
    if (depth === 0)
      return random.oneIn(3) ? this.constant() : random.oneIn(4) ? this.element() : random.pick(this.names);
    const part = () => this.expression(depth - 1);
    switch (random.below(10)) {
      case 0:
        return `(${random.pick(TYPES)})(${part()})`;
      case 1:
        return `${random.pick(['-', '~', '!'])}(${part()})`;
      case 2:
        return `${random.pick(['SHL', 'SHR'])}(${part()}, ${part()})`;
      case 3:
        return `${random.pick(['DIV', 'MOD'])}(${part()}, ${part()})`;
      case 4:
        return `(${part()} ? ${part()} : ${part()})`;
      case 5:
        return `${random.pick(['ROL', 'ROR'])}(${part()}, ${part()})`;
      case 6:
        return `__builtin_${random.pick(['popcountll', 'bswap64', 'bswap32', 'popcount'])}(${part()})`;
      default:
        return `(${part()} ${random.pick(BINARY)} ${part()})`;
    }
  }

  private element(): string {
    return `g${this.random.below(TYPES.length)}[(uint8_t)(${this.random.pick(this.names)}) % ${ARRAY}]`;
  }

  private constant(): string {
    return this.random.oneIn(4) ? this.random.pick(WIDE_EDGES) : this.random.pick(EDGES);
  }

  private list(length: number, make: () => string): string {
    return Array.from({ length }, make).join(', ');
  }

  private push(indent: number, line: string): void {
    this.lines.push(`${'  '.repeat(indent)}${line}`);
  }
}

/** A program of a seed. */
export function randomProgram(seed: number): string {
  return new Generator(new Random(seed)).program();
}

/** Compiles and runs programs both ways. Throws an error that names the seed where they differ. */
export function compareRandomPrograms(count: number, firstSeed = 1): void {
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const text = randomProgram(seed);
    const expected = printedByText(text, ['-fwrapv']);
    const level = LEVELS[seed % LEVELS.length] as string;
    const elf = compileText(text, { level, sbrk: true, heapSize: 0, flags: ['-w', '-fwrapv'] });
    for (const optimize of [true, false]) {
      const { bytes } = linkProgram(elf, { format: 'standard', optimize });
      for (const engine of ENGINES) {
        const { kind, text: printed } = run(bytes, engine);
        if (kind === 'halt' && printed === expected) continue;
        throw new Error(
          `seed ${seed}, -O${level}, ${optimize ? 'optimised' : 'not optimised'}, ${engine}: ${kind}, printed\n` +
            `${printed}\nexpected\n${expected}`,
        );
      }
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [count = 200, firstSeed = 1] = process.argv.slice(2).map(Number);
  compareRandomPrograms(count, firstSeed);
  process.stdout.write(`${count} random programs from seed ${firstSeed} on: no difference\n`);
}
