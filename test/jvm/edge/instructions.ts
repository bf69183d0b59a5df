/**
 * Classes that run single instructions over the edge values of `Edge.java`, one group of instructions a class.
 *
 * Each instruction gets a method that loops over its operands, catches what it throws and hands every result on: so what
 * is compared between two virtual machines is one line an instruction.
 */
import { ClassWriter, type CodeWriter } from './class-writer.js';

const EDGE = 'Edge';
const OBJECT = 'Ljava/lang/Object;';

/** A kind of value: its letter in mnemonics, its descriptor, the table of its edge values, and its slots. */
interface Kind {
  readonly letter: string;
  readonly descriptor: string;
  readonly table: string;
  readonly slots: 1 | 2;
}

const INT: Kind = { letter: 'i', descriptor: 'I', table: 'INTS', slots: 1 };
const LONG: Kind = { letter: 'l', descriptor: 'J', table: 'LONGS', slots: 2 };
const FLOAT: Kind = { letter: 'f', descriptor: 'F', table: 'FLOATS', slots: 1 };
const DOUBLE: Kind = { letter: 'd', descriptor: 'D', table: 'DOUBLES', slots: 2 };
const REFERENCE: Kind = { letter: 'a', descriptor: OBJECT, table: 'OBJECTS', slots: 1 };
const ARRAY: Kind = { letter: 'a', descriptor: `[${OBJECT}`, table: 'ARRAYS', slots: 1 };
const INDEX: Kind = { ...INT, table: 'INDEXES' };
const LENGTH: Kind = { ...INT, table: 'LENGTHS' };

/** Local variables: operands from 2 on, two slots each, then loop counters. */
const operandSlot = (i: number): number => 2 + 2 * i;
const counterSlot = (i: number): number => 16 + i;

/** Hands the value on the stack to `Edge`. */
function put(code: CodeWriter, { descriptor }: Kind): void {
  const type = descriptor.length > 1 ? OBJECT : descriptor;
  code.invoke('invokestatic', EDGE, 'put', `(${type})V`);
}

function load(code: CodeWriter, { letter }: Kind, operand: number): void {
  code.local(`${letter}load`, operandSlot(operand));
}

/**
 * Writes a method that runs `body` for every combination of the operands' edge values, which lie in local variables.
 * Whatever `body` throws counts as a result; its stack must be empty at its end.
 */
function overOperands(
  writer: ClassWriter,
  name: string,
  operands: readonly Kind[],
  body: (code: CodeWriter) => void,
): void {
  writer.method(`test_${name}`, '()V', (code) => {
    code.string(name).invoke('invokestatic', EDGE, 'begin', '(Ljava/lang/String;)V');
    const loops = operands.map((kind, i) => {
      const [top, next, done] = [code.label(), code.label(), code.label()];
      const { letter, descriptor, table } = kind;
      code.op('iconst_0').local('istore', counterSlot(i)).place(top);
      code.local('iload', counterSlot(i)).field('getstatic', EDGE, table, `[${descriptor}`).op('arraylength');
      code.jump('if_icmpge', done);
      code.field('getstatic', EDGE, table, `[${descriptor}`).local('iload', counterSlot(i));
      code.op(`${letter}aload`).local(`${letter}store`, operandSlot(i));
      return { top, next, done, counter: counterSlot(i) };
    });
    const [start, end, handler, after] = [code.label(), code.label(), code.label(), code.label()];
    code.place(start);
    body(code);
    code.place(end).jump('goto', after).place(handler);
    code.invoke('invokestatic', EDGE, 'fail', '(Ljava/lang/Throwable;)V').place(after);
    code.handle(start, end, handler);
    for (const { top, next, done, counter } of loops.reverse()) {
      code.place(next).iinc(counter, 1).jump('goto', top).place(done);
    }
    code.invoke('invokestatic', EDGE, 'end', '()V').op('return');
  });
  names.push(name);
}

/** Instructions of the class that is being written. */
let names: string[] = [];

/** An instruction that takes its operands from the stack and leaves one value there. */
function pure(writer: ClassWriter, mnemonic: string, operands: readonly Kind[], result: Kind): void {
  overOperands(writer, mnemonic, operands, (code) => {
    operands.forEach((kind, i) => {
      load(code, kind, i);
    });
    code.op(mnemonic);
    put(code, result);
  });
}

/** A conditional jump, as a result of 0 or 1. */
function branch(writer: ClassWriter, mnemonic: string, operands: readonly Kind[]): void {
  overOperands(writer, mnemonic, operands, (code) => {
    const [taken, after] = [code.label(), code.label()];
    operands.forEach((kind, i) => {
      load(code, kind, i);
    });
    code.jump(mnemonic, taken).op('iconst_0').jump('goto', after).place(taken).op('iconst_1').place(after);
    put(code, INT);
  });
}

function intGroup(w: ClassWriter): void {
  for (const name of 'iadd isub imul idiv irem ishl ishr iushr iand ior ixor'.split(' '))
    pure(w, name, [INT, INT], INT);
  for (const name of 'ineg i2b i2c i2s'.split(' ')) pure(w, name, [INT], INT);
  pure(w, 'i2l', [INT], LONG);
  pure(w, 'i2f', [INT], FLOAT);
  pure(w, 'i2d', [INT], DOUBLE);
  for (const relation of 'eq ne lt ge gt le'.split(' ')) {
    branch(w, `if${relation}`, [INT]);
    branch(w, `if_icmp${relation}`, [INT, INT]);
  }
  for (const amount of [0, 1, -1, 127, -128, 128, -129, 32767, -32768]) {
    for (const wide of amount >= -128 && amount <= 127 ? [false, true] : [true]) {
      overOperands(w, `iinc_${amount}${wide ? '_wide' : ''}`.replace('-', 'm'), [INT], (code) => {
        code.iinc(operandSlot(0), amount, wide);
        load(code, INT, 0);
        put(code, INT);
      });
    }
  }
}

function longGroup(w: ClassWriter): void {
  for (const name of 'ladd lsub lmul ldiv lrem land lor lxor'.split(' ')) pure(w, name, [LONG, LONG], LONG);
  for (const name of 'lshl lshr lushr'.split(' ')) pure(w, name, [LONG, INT], LONG);
  pure(w, 'lneg', [LONG], LONG);
  pure(w, 'lcmp', [LONG, LONG], INT);
  pure(w, 'l2i', [LONG], INT);
  pure(w, 'l2f', [LONG], FLOAT);
  pure(w, 'l2d', [LONG], DOUBLE);
}

function floatGroup(w: ClassWriter): void {
  for (const name of 'fadd fsub fmul fdiv frem'.split(' ')) pure(w, name, [FLOAT, FLOAT], FLOAT);
  pure(w, 'fneg', [FLOAT], FLOAT);
  for (const name of 'fcmpl fcmpg'.split(' ')) pure(w, name, [FLOAT, FLOAT], INT);
  pure(w, 'f2i', [FLOAT], INT);
  pure(w, 'f2l', [FLOAT], LONG);
  pure(w, 'f2d', [FLOAT], DOUBLE);
}

function doubleGroup(w: ClassWriter): void {
  for (const name of 'dadd dsub dmul ddiv drem'.split(' ')) pure(w, name, [DOUBLE, DOUBLE], DOUBLE);
  pure(w, 'dneg', [DOUBLE], DOUBLE);
  for (const name of 'dcmpl dcmpg'.split(' ')) pure(w, name, [DOUBLE, DOUBLE], INT);
  pure(w, 'd2i', [DOUBLE], INT);
  pure(w, 'd2l', [DOUBLE], LONG);
  pure(w, 'd2f', [DOUBLE], FLOAT);
}

/** Constants, by every instruction that pushes them. */
function constantGroup(w: ClassWriter): void {
  const results = (name: string, body: (code: CodeWriter) => void): void => overOperands(w, name, [], body);
  results('iconst', (code) => {
    for (const name of 'm1 0 1 2 3 4 5'.split(' ')) put(code.op(`iconst_${name}`), INT);
  });
  const bytes = [-128, -1, 0, 1, 127];
  const shorts = [...bytes, -32768, 32767, 128, -129, 255, 256];
  const ints = [...shorts, 2 ** 31 - 1, -(2 ** 31), 65536, 0x12345678];
  results('bipush', (code) => {
    for (const value of bytes) put(code.op('bipush', value), INT);
  });
  results('sipush', (code) => {
    for (const value of shorts) put(code.op2('sipush', value), INT);
  });
  results('ldc_int', (code) => {
    for (const value of ints) {
      put(code.int(value, 'ldc'), INT);
      put(code.int(value, 'ldc_w'), INT);
    }
  });
  results('ldc2_long', (code) => {
    for (const name of ['lconst_0', 'lconst_1']) put(code.op(name), LONG);
    for (const value of [0n, 1n, -1n, 2n ** 31n, 2n ** 32n, -(2n ** 31n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)]) {
      put(code.long(value), LONG);
    }
  });
  results('ldc_float', (code) => {
    for (const name of ['fconst_0', 'fconst_1', 'fconst_2']) put(code.op(name), FLOAT);
    for (const bits of [
      0, 0x80000000, 1, 0x7fffff, 0x800000, 0x7f7fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0x3dcccccd,
    ]) {
      put(code.float(bits), FLOAT);
    }
    // What is loaded keeps the bits of a quiet NaN.
    code.float(0x7fc12345).invoke('invokestatic', 'java/lang/Float', 'floatToRawIntBits', '(F)I');
    put(code, INT);
  });
  results('ldc2_double', (code) => {
    for (const name of ['dconst_0', 'dconst_1']) put(code.op(name), DOUBLE);
    const bits = [0n, 1n << 63n, 1n, 0xfffffffffffffn, 0x10000000000000n, 0x7fefffffffffffffn, 0x7ff0000000000000n];
    for (const value of [...bits, 0xfff0000000000000n, 0x7ff8000000000000n]) put(code.double(value), DOUBLE);
    code.double(0x7ff8000012345678n).invoke('invokestatic', 'java/lang/Double', 'doubleToRawLongBits', '(D)J');
    put(code, LONG);
  });
  results('ldc_object', (code) => {
    for (const value of ['', 'text', '\u00fcber', '\u4e2d']) put(code.string(value), REFERENCE);
    for (const value of ['java/lang/String', '[I', '[[Ljava/lang/Object;', EDGE]) put(code.mirror(value), REFERENCE);
    put(code.op('aconst_null'), REFERENCE);
  });
}

/** Loads and stores of local variables: the short forms, the ordinary ones and the wide ones. */
function localGroup(w: ClassWriter): void {
  for (const kind of [INT, LONG, FLOAT, DOUBLE, REFERENCE]) {
    const { letter } = kind;
    overOperands(w, `${letter}load_${letter}store`, [kind], (code) => {
      const way = (store: () => void, fetch: () => void): void => {
        load(code, kind, 0);
        store();
        fetch();
        put(code, kind);
      };
      for (const slot of [0]) {
        way(
          () => code.op(`${letter}store_${slot}`),
          () => code.op(`${letter}load_${slot}`),
        );
      }
      for (const slot of [40, 255, 256, 318]) {
        for (const wide of slot > 255 ? [true] : [false, true]) {
          way(
            () => code.local(`${letter}store`, slot, wide),
            () => code.local(`${letter}load`, slot, wide),
          );
        }
      }
    });
  }
  // The short forms of slots 1 to 3 overlap the operands of the loops: here there are none.
  overOperands(w, 'short_forms', [], (code) => {
    code.int(70000).op('istore_1').int(-5).op('istore_2').int(9).op('istore_3');
    for (const slot of [3, 1, 2]) put(code.op(`iload_${slot}`), INT);
    code
      .long(1n << 40n)
      .op('lstore_1')
      .op('fconst_2')
      .op('fstore_3');
    put(code.op('fload_3'), FLOAT);
    put(code.op('lload_1'), LONG);
    code.double(0x4004000000000000n).op('dstore_2').string('s').op('astore_1');
    put(code.op('dload_2'), DOUBLE);
    put(code.op('aload_1'), REFERENCE);
    code.long(-7n).op('lstore_2').op('dconst_1').op('dstore_0');
    put(code.op('lload_2'), LONG);
    put(code.op('dload_0'), DOUBLE);
    code.op('aconst_null').op('astore_3').op('fconst_1').op('fstore_2').long(5n).op('lstore_3');
    put(code.op('fload_2'), FLOAT);
    put(code.op('lload_3'), LONG);
  });
}

/** Element types of `newarray`: its operand, the descriptor, the letter of loads and stores, the values stored. */
const ELEMENTS = [
  { code: 4, descriptor: 'Z', letter: 'b', kind: INT },
  { code: 5, descriptor: 'C', letter: 'c', kind: INT },
  { code: 6, descriptor: 'F', letter: 'f', kind: FLOAT },
  { code: 7, descriptor: 'D', letter: 'd', kind: DOUBLE },
  { code: 8, descriptor: 'B', letter: 'b', kind: INT },
  { code: 9, descriptor: 'S', letter: 's', kind: INT },
  { code: 10, descriptor: 'I', letter: 'i', kind: INT },
  { code: 11, descriptor: 'J', letter: 'l', kind: LONG },
] as const;

const RAW = 30;

function arrayGroup(w: ClassWriter): void {
  for (const { code: type, descriptor, letter, kind } of ELEMENTS) {
    const name = `${letter}a_${descriptor}`;
    const fresh = (code: CodeWriter, length: number): void => {
      code.int(length).op('newarray', type).local('astore', RAW);
    };
    overOperands(w, `${name}_store`, [INDEX, kind], (code) => {
      fresh(code, 5);
      code.local('aload', RAW).local('iload', operandSlot(0));
      load(code, kind, 1);
      code.op(`${letter}astore`);
      // All elements are read back: a store must leave its neighbours alone.
      for (let i = 0; i < 5; i++) put(code.local('aload', RAW).int(i).op(`${letter}aload`), kind);
    });
    overOperands(w, `${name}_load`, [INDEX], (code) => {
      fresh(code, 3);
      put(code.local('aload', RAW).local('iload', operandSlot(0)).op(`${letter}aload`), kind);
    });
    overOperands(w, `${name}_null`, [INDEX], (code) => {
      code.op('aconst_null').type('checkcast', `[${descriptor}`).local('astore', RAW);
      // HotSpot's interpreter fuses an `iload` with the `caload` behind it and then has no message for the null.
      put(code.local('aload', RAW).local('iload', operandSlot(0)).op('nop').op(`${letter}aload`), kind);
    });
    overOperands(w, `${name}_null_store`, [INDEX, kind], (code) => {
      code.op('aconst_null').type('checkcast', `[${descriptor}`).local('iload', operandSlot(0));
      load(code, kind, 1);
      code.op(`${letter}astore`);
    });
    overOperands(w, `newarray_${descriptor}`, [LENGTH], (code) => {
      code.local('iload', operandSlot(0)).op('newarray', type).local('astore', RAW);
      put(code.local('aload', RAW), REFERENCE);
      put(code.local('aload', RAW).op('arraylength'), INT);
      put(code.local('aload', RAW).int(0).op(`${letter}aload`), kind);
    });
  }
  overOperands(w, 'arraylength_null', [], (code) => {
    code.op('aconst_null').type('checkcast', '[I').op('arraylength');
    put(code, INT);
  });
  overOperands(w, 'aastore', [ARRAY, INDEX, REFERENCE], (code) => {
    load(code, ARRAY, 0);
    load(code, INDEX, 1);
    load(code, REFERENCE, 2);
    code.op('aastore');
    load(code, ARRAY, 0);
    load(code, INDEX, 1);
    put(code.op('aaload'), REFERENCE);
  });
  overOperands(w, 'aaload', [ARRAY, INDEX], (code) => {
    load(code, ARRAY, 0);
    load(code, INDEX, 1);
    put(code.op('aaload'), REFERENCE);
  });
  for (const type of ['java/lang/Object', 'java/lang/String', '[I', 'java/lang/Comparable', '[[Ljava/lang/String;']) {
    overOperands(w, `anewarray_${type.replaceAll(/\W/g, '_')}`, [LENGTH], (code) => {
      code.local('iload', operandSlot(0)).type('anewarray', type).local('astore', RAW);
      put(code.local('aload', RAW), REFERENCE);
      put(code.local('aload', RAW).op('arraylength'), INT);
    });
  }
  for (const type of ['[[I', '[[[J', '[[Ljava/lang/String;', '[[Z']) {
    overOperands(w, `multianewarray_${type.replaceAll(/\W/g, '_')}`, [LENGTH, LENGTH], (code) => {
      code.local('iload', operandSlot(0)).local('iload', operandSlot(1)).multianewarray(type, 2);
      code.local('astore', RAW);
      put(code.local('aload', RAW), REFERENCE);
      put(code.local('aload', RAW).int(0).op('aaload'), REFERENCE);
    });
  }
  overOperands(w, 'multianewarray_1', [LENGTH], (code) => {
    put(code.local('iload', operandSlot(0)).multianewarray('[[I', 1), REFERENCE);
  });
}

/** Runs a switch over the ints; each label pushes its own number. */
function switching(w: ClassWriter, name: string, keys: readonly number[], dense: boolean): void {
  overOperands(w, name, [INT], (code) => {
    const targets = keys.map(() => code.label());
    const [otherwise, after] = [code.label(), code.label()];
    load(code, INT, 0);
    if (dense) code.tableswitch(keys[0] as number, targets, otherwise);
    else
      code.lookupswitch(
        keys.map((key, i) => [key, targets[i] as (typeof targets)[number]] as const),
        otherwise,
      );
    targets.forEach((target, i) => {
      code.place(target).int(i).jump('goto', after);
    });
    code.place(otherwise).int(-1).place(after);
    put(code, INT);
  });
}

const INT_MIN = -(2 ** 31);
const INT_MAX = 2 ** 31 - 1;

function switchGroup(w: ClassWriter): void {
  const range = (low: number, count: number): number[] => Array.from({ length: count }, (_, i) => low + i);
  switching(w, 'tableswitch_small', range(-3, 9), true);
  switching(w, 'tableswitch_one', [7], true);
  switching(w, 'tableswitch_low', range(INT_MIN, 3), true);
  switching(w, 'tableswitch_high', range(INT_MAX - 2, 3), true);
  switching(w, 'tableswitch_wide', range(0, 300), true);
  switching(w, 'lookupswitch_edges', [INT_MIN, INT_MIN + 1, -65537, -1, 0, 1, 127, 65535, INT_MAX], false);
  switching(w, 'lookupswitch_one', [0], false);
  switching(w, 'lookupswitch_none', [], false);
  switching(
    w,
    'lookupswitch_many',
    range(-100, 200).map((i) => i * 3),
    false,
  );
}

/**
 * A stack instruction, given kinds below it: distinct values are pushed, and all that is there afterwards handed on.
 *
 * @param after the stack afterwards, from its bottom
 */
function shuffle(w: ClassWriter, mnemonic: string, before: readonly Kind[], after: readonly Kind[]): void {
  const letters = before.map(({ letter }) => letter).join('');
  overOperands(w, `${mnemonic}_${letters}`, before, (code) => {
    before.forEach((kind, i) => {
      load(code, kind, i);
    });
    code.op(mnemonic);
    for (const kind of [...after].reverse()) put(code, kind);
  });
}

/** Few values of each kind: what matters is which of them ends where. */
function stackGroup(w: ClassWriter): void {
  const [i, a, l]: Kind[] = [INDEX, REFERENCE, { ...LONG, table: 'LONGS' }];
  if (i === undefined || a === undefined || l === undefined) throw new Error('three kinds are needed');
  shuffle(w, 'dup', [i], [i, i]);
  shuffle(w, 'dup', [a], [a, a]);
  shuffle(w, 'dup_x1', [i, a], [a, i, a]);
  shuffle(w, 'dup_x1', [a, i], [i, a, i]);
  shuffle(w, 'dup_x2', [i, i, a], [a, i, i, a]);
  shuffle(w, 'dup_x2', [l, i], [i, l, i]);
  shuffle(w, 'dup2', [i, a], [i, a, i, a]);
  shuffle(w, 'dup2', [l], [l, l]);
  shuffle(w, 'dup2', [DOUBLE], [DOUBLE, DOUBLE]);
  shuffle(w, 'dup2_x1', [i, i, a], [i, a, i, i, a]);
  shuffle(w, 'dup2_x1', [i, l], [l, i, l]);
  shuffle(w, 'dup2_x1', [a, DOUBLE], [DOUBLE, a, DOUBLE]);
  shuffle(w, 'dup2_x2', [i, i, i, a], [i, a, i, i, i, a]);
  shuffle(w, 'dup2_x2', [i, i, l], [l, i, i, l]);
  shuffle(w, 'dup2_x2', [l, i, i], [i, i, l, i, i]);
  shuffle(w, 'dup2_x2', [l, l], [l, l, l]);
  shuffle(w, 'swap', [i, a], [a, i]);
  shuffle(w, 'swap', [FLOAT, i], [i, FLOAT]);
  shuffle(w, 'pop', [i, a], [i]);
  shuffle(w, 'pop2', [i, i, a], [i]);
  shuffle(w, 'pop2', [i, l], [i]);
  overOperands(w, 'nop', [i], (code) => {
    load(code, i, 0);
    put(code.op('nop').op('nop'), INT);
  });
}

const TYPES = [
  'java/lang/Object',
  'java/lang/String',
  'java/lang/Integer',
  'java/lang/Number',
  'java/lang/Comparable',
  'java/io/Serializable',
  'java/lang/Cloneable',
  'java/util/List',
  'java/lang/Enum',
  '[I',
  '[B',
  '[Z',
  '[Ljava/lang/Object;',
  '[Ljava/lang/String;',
  '[Ljava/lang/Number;',
  '[Ljava/lang/Comparable;',
  '[Ljava/lang/Cloneable;',
  '[Ljava/io/Serializable;',
  '[[I',
  '[[Ljava/lang/Object;',
];

function referenceGroup(w: ClassWriter): void {
  for (const type of TYPES) {
    const name = type.replaceAll('[', 'array_').replaceAll(/\W/g, '_');
    overOperands(w, `instanceof_${name}`, [REFERENCE], (code) => {
      load(code, REFERENCE, 0);
      put(code.type('instanceof', type), INT);
    });
    overOperands(w, `checkcast_${name}`, [REFERENCE], (code) => {
      load(code, REFERENCE, 0);
      put(code.type('checkcast', type), REFERENCE);
    });
  }
  branch(w, 'ifnull', [REFERENCE]);
  branch(w, 'ifnonnull', [REFERENCE]);
  branch(w, 'if_acmpeq', [REFERENCE, REFERENCE]);
  branch(w, 'if_acmpne', [REFERENCE, REFERENCE]);
  overOperands(w, 'athrow', [REFERENCE], (code) => {
    load(code, REFERENCE, 0);
    code.type('checkcast', 'java/lang/Exception').op('athrow');
  });
  overOperands(w, 'monitors', [REFERENCE], (code) => {
    for (const mnemonic of ['monitorenter', 'monitorenter', 'monitorexit', 'monitorexit']) {
      load(code, REFERENCE, 0);
      code.op(mnemonic);
    }
    put(code.int(1), INT);
  });
}

/** Static and instance fields and returned values of each type; those below int are narrowed on the way. */
function fieldGroup(w: ClassWriter): void {
  const kinds: [string, Kind][] = [
    ['Z', INT],
    ['B', INT],
    ['C', INT],
    ['S', INT],
    ['I', INT],
    ['J', LONG],
    ['F', FLOAT],
    ['D', DOUBLE],
    [OBJECT, REFERENCE],
  ];
  w.method(
    '<init>',
    '()V',
    (code) => {
      code.op('aload_0').invoke('invokespecial', 'java/lang/Object', '<init>', '()V').op('return');
    },
    1,
  );
  for (const [descriptor, kind] of kinds) {
    const short = descriptor[0] as string;
    // Neighbours of the same type: a store must leave them alone.
    for (const name of ['a', 'b', 'c']) {
      w.field(`static_${short}_${name}`, descriptor);
      w.field(`field_${short}_${name}`, descriptor, 1);
    }
    overOperands(w, `static_${short}`, [kind], (code) => {
      load(code, kind, 0);
      code.field('putstatic', w.name, `static_${short}_b`, descriptor);
      for (const name of ['a', 'b', 'c'])
        put(code.field('getstatic', w.name, `static_${short}_${name}`, descriptor), kind);
    });
    overOperands(w, `field_${short}`, [kind], (code) => {
      code.type('new', w.name).op('dup').invoke('invokespecial', w.name, '<init>', '()V').local('astore', RAW);
      code.local('aload', RAW);
      load(code, kind, 0);
      code.field('putfield', w.name, `field_${short}_b`, descriptor);
      for (const name of ['a', 'b', 'c']) {
        put(code.local('aload', RAW).field('getfield', w.name, `field_${short}_${name}`, descriptor), kind);
      }
    });
    overOperands(w, `field_null_${short}`, [kind], (code) => {
      const [start, end, handler, after] = [code.label(), code.label(), code.label(), code.label()];
      code.place(start).op('aconst_null').type('checkcast', w.name);
      put(code.field('getfield', w.name, `field_${short}_a`, descriptor), kind);
      code.place(end).jump('goto', after).place(handler);
      code.invoke('invokestatic', EDGE, 'fail', '(Ljava/lang/Throwable;)V').place(after);
      code.handle(start, end, handler);
      code.op('aconst_null').type('checkcast', w.name);
      load(code, kind, 0);
      code.field('putfield', w.name, `field_${short}_a`, descriptor);
    });
    const give = kind.descriptor.length > 1 ? OBJECT : kind.descriptor;
    w.method(`give_${short}`, `(${give})${descriptor}`, (code) => {
      code.op(`${kind.letter}load_0`).op(`${kind.letter}return`);
    });
    overOperands(w, `return_${short}`, [kind], (code) => {
      load(code, kind, 0);
      put(code.invoke('invokestatic', w.name, `give_${short}`, `(${give})${descriptor}`), kind);
    });
  }
}

/** Jumps: far ones, subroutines, backward ones. */
function jumpGroup(w: ClassWriter): void {
  overOperands(w, 'goto_w', [INT], (code) => {
    const [far, after] = [code.label(), code.label()];
    code.jump('goto_w', far);
    // Further than 16 bits reach.
    for (let i = 0; i < 100; i++) code.op('nop');
    code.place(far).jump('goto', after).op('nop').place(after);
    load(code, INT, 0);
    put(code, INT);
  });
  for (const [name, jump, wide] of [
    ['jsr', 'jsr', false],
    ['jsr_w', 'jsr_w', true],
  ] as const) {
    overOperands(w, name, [INT], (code) => {
      const [subroutine, after] = [code.label(), code.label()];
      const address = wide ? 300 : 31;
      code.int(0).local('istore', RAW + 10);
      code
        .jump(jump, subroutine)
        .iinc(RAW + 10, 10)
        .jump(jump, subroutine);
      put(code.local('iload', RAW + 10), INT);
      code.jump('goto', after);
      code
        .place(subroutine)
        .local('astore', address)
        .iinc(RAW + 10, 1)
        .local('ret', address);
      code.place(after);
    });
  }
  overOperands(w, 'loop', [INDEX], (code) => {
    const [top, done] = [code.label(), code.label()];
    code.int(0).local('istore', RAW).place(top).local('iload', RAW).local('iload', operandSlot(0));
    code.jump('if_icmpge', done).local('iload', RAW).int(200).jump('if_icmpge', done);
    code.iinc(RAW, 3).jump('goto_w', top).place(done);
    put(code.local('iload', RAW), INT);
  });
}

/** The groups by name, and what writes each. */
const GROUPS: Readonly<Record<string, (writer: ClassWriter) => void>> = {
  Ints: intGroup,
  Longs: longGroup,
  Floats: floatGroup,
  Doubles: doubleGroup,
  Constants: constantGroup,
  Locals: localGroup,
  Arrays: arrayGroup,
  Switches: switchGroup,
  Stack: stackGroup,
  References: referenceGroup,
  Fields: fieldGroup,
  Jumps: jumpGroup,
};

/** A generated class with a `main` that runs all its instructions. */
export interface EdgeClass {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly instructions: readonly string[];
}

/** Generates all classes. */
export function edgeClasses(): EdgeClass[] {
  return Object.entries(GROUPS).map(([group, write]) => {
    const writer = new ClassWriter(`${group}Edges`);
    names = [];
    write(writer);
    writer.method('main', '([Ljava/lang/String;)V', (code) => {
      for (const name of names) code.invoke('invokestatic', writer.name, `test_${name}`, '()V');
      code.op('return');
    });
    return { name: writer.name, bytes: writer.done(), instructions: names };
  });
}
