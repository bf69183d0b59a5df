/**
 * Broken classes, one fault each, named after what is wrong with them. The tests ask the machine's `java` what it says of
 * each and compare.
 */
import { Op } from '../../../src/jvm/classfile/index.js';
import { ClassWriter, type MethodSpec, u2 } from './class-writer.js';

/** A class with one fault. */
export interface Specimen {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const list: Specimen[] = [];

function specimen(name: string, build: (writer: ClassWriter) => void): void {
  const writer = new ClassWriter(name);
  build(writer);
  list.push({ name, bytes: writer.bytes() });
}

/** A class whose only method has a fault. */
function method(name: string, spec: (writer: ClassWriter) => MethodSpec, major = 61): void {
  specimen(name, (writer) => {
    writer.major = major;
    writer.addMethod(spec(writer));
  });
}

// ---- Type checking ---------------------------------------------------------------------------------------------------

/** Faults of code that both verifiers find: without frames, so that they can be written in old versions too. */
const straight: [string, (writer: ClassWriter) => MethodSpec][] = [
  ['PopEmpty', () => ({ code: [Op.pop, Op.return] })],
  ['Overflow', () => ({ maxStack: 1, code: [Op.iconst_0, Op.iconst_0, Op.return] })],
  ['IntAsReference', () => ({ code: [Op.iconst_0, Op.astore_0, Op.return] })],
  ['ReferenceAsInt', () => ({ code: [Op.aconst_null, Op.istore_0, Op.return] })],
  ['AddFloat', () => ({ code: [Op.iconst_0, Op.fconst_0, Op.iadd, Op.pop, Op.return] })],
  ['HalfLong', () => ({ code: [Op.lconst_0, Op.pop, Op.return] })],
  ['SplitLong', () => ({ code: [Op.iconst_0, Op.lconst_0, Op.iconst_0, Op.pop2, Op.return] })],
  ['SwapLong', () => ({ code: [Op.lconst_0, Op.swap, Op.return] })],
  ['LocalUnset', () => ({ code: [Op.iload_0, Op.pop, Op.return] })],
  ['LocalWrong', () => ({ descriptor: '(F)V', code: [Op.iload_0, Op.pop, Op.return] })],
  ['LocalPair', () => ({ descriptor: '(II)V', code: [Op.lload_0, Op.pop2, Op.return] })],
  ['LocalHigh', () => ({ maxLocals: 1, code: [Op.iload_1, Op.pop, Op.return] })],
  ['LocalHighWide', () => ({ maxLocals: 1, code: [Op.lconst_0, Op.lstore_0, Op.return] })],
  ['LongClobbered', () => ({ code: [Op.lconst_0, Op.lstore_0, Op.iconst_0, Op.istore_1, Op.lload_0, Op.return] })],
  ['ReturnValueFromVoid', () => ({ code: [Op.iconst_0, Op.ireturn] })],
  ['ReturnNothing', () => ({ descriptor: '()I', code: [Op.return] })],
  ['ReturnWrong', () => ({ descriptor: '()I', code: [Op.fconst_0, Op.freturn] })],
  ['ReturnOtherClass', (w) => ({ descriptor: '()Ljava/lang/Integer;', code: [Op.ldc, w.string('x'), Op.areturn] })],
  ['FallOff', () => ({ code: [Op.nop] })],
  ['BranchOut', () => ({ code: [Op.goto, 0, 50] })],
  ['BranchInside', () => ({ code: [Op.goto, 0, 1, Op.return] })],
  ['UnknownOpcode', () => ({ code: [0xcb, Op.return] })],
  ['CutShort', () => ({ code: [Op.sipush, 0] })],
  ['ThrowInteger', () => ({ descriptor: '(Ljava/lang/Integer;)V', code: [Op.aload_0, Op.athrow] })],
  ['ArrayOfWrong', () => ({ descriptor: '([F)V', code: [Op.aload_0, Op.iconst_0, Op.iaload, Op.pop, Op.return] })],
  [
    'ArrayOfNothing',
    () => ({ descriptor: '(Ljava/lang/String;)V', code: [Op.aload_0, Op.arraylength, Op.pop, Op.return] }),
  ],
  ['AaloadInts', () => ({ descriptor: '([I)V', code: [Op.aload_0, Op.iconst_0, Op.aaload, Op.pop, Op.return] })],
  ['NewarrayType', () => ({ code: [Op.iconst_0, Op.newarray, 3, Op.pop, Op.return] })],
  ['NewOfArray', (w) => ({ code: [Op.new, ...u2(w.class('[I')), Op.pop, Op.return] })],
  ['NewOfString', (w) => ({ code: [Op.new, ...u2(w.string('x')), Op.pop, Op.return] })],
  ['MultiZero', (w) => ({ code: [Op.multianewarray, ...u2(w.class('[I')), 0, Op.pop, Op.return] })],
  [
    'MultiMany',
    (w) => ({ code: [Op.iconst_0, Op.iconst_0, Op.multianewarray, ...u2(w.class('[I')), 2, Op.pop, Op.return] }),
  ],
  ['LdcLong', (w) => ({ code: [Op.ldc, w.long(0, 1), Op.pop2, Op.return] })],
  ['Ldc2Int', (w) => ({ code: [Op.ldc2_w, ...u2(w.int(1)), Op.pop, Op.return] })],
  ['LdcNothing', () => ({ code: [Op.ldc, 200, Op.pop, Op.return] })],
  ['FieldOfMethod', (w) => ({ code: [Op.getstatic, ...u2(w.method('A', 'a', '()V')), Op.pop, Op.return] })],
  ['FieldValue', (w) => ({ code: [Op.fconst_0, Op.putstatic, ...u2(w.field('A', 'a', 'I')), Op.return] })],
  [
    'FieldObject',
    (w) => ({
      descriptor: '(Ljava/lang/Integer;)V',
      code: [Op.aload_0, Op.getfield, ...u2(w.field('java/lang/Thread', 'a', 'I')), Op.pop, Op.return],
    }),
  ],
  ['ArgumentWrong', (w) => ({ code: [Op.fconst_0, Op.invokestatic, ...u2(w.method('A', 'a', '(I)V')), Op.return] })],
  [
    'ArgumentClass',
    (w) => ({
      descriptor: '(Ljava/lang/Integer;)V',
      code: [Op.aload_0, Op.invokestatic, ...u2(w.method('A', 'a', '(Ljava/lang/String;)V')), Op.return],
    }),
  ],
  [
    'ReceiverClass',
    (w) => ({
      descriptor: '(Ljava/lang/Integer;)V',
      code: [Op.aload_0, Op.invokevirtual, ...u2(w.method('java/lang/String', 'length', '()I')), Op.pop, Op.return],
    }),
  ],
  ['CallClinit', (w) => ({ code: [Op.invokestatic, ...u2(w.method('A', '<init>', '()V')), Op.return] })],
  [
    'InterfaceCount',
    (w) => ({
      code: [
        Op.aconst_null,
        Op.invokeinterface,
        ...u2(w.interfaceMethod('java/lang/Runnable', 'run', '()V')),
        3,
        0,
        Op.return,
      ],
    }),
  ],
  [
    'InterfaceZero',
    (w) => ({
      code: [
        Op.aconst_null,
        Op.invokeinterface,
        ...u2(w.interfaceMethod('java/lang/Runnable', 'run', '()V')),
        1,
        1,
        Op.return,
      ],
    }),
  ],
  [
    'SpecialElsewhere',
    (w) => ({
      descriptor: '(Ljava/lang/Integer;)V',
      code: [Op.aload_0, Op.invokespecial, ...u2(w.method('java/lang/Integer', 'hashCode', '()I')), Op.pop, Op.return],
    }),
  ],
  [
    'UseUninitialized',
    (w) => ({
      code: [
        Op.new,
        ...u2(w.class('java/lang/Object')),
        Op.invokevirtual,
        ...u2(w.method('java/lang/Object', 'hashCode', '()I')),
        Op.pop,
        Op.return,
      ],
    }),
  ],
  [
    'InitWrongClass',
    (w) => ({
      code: [
        Op.new,
        ...u2(w.class('java/lang/Object')),
        Op.invokespecial,
        ...u2(w.method('java/lang/Integer', '<init>', '()V')),
        Op.return,
      ],
    }),
  ],
  [
    'InitTwice',
    (w) => ({
      code: [
        Op.new,
        ...u2(w.class('java/lang/Object')),
        Op.dup,
        Op.invokespecial,
        ...u2(w.method('java/lang/Object', '<init>', '()V')),
        Op.invokespecial,
        ...u2(w.method('java/lang/Object', '<init>', '()V')),
        Op.return,
      ],
    }),
  ],
  ['NoSuper', () => ({ flags: 1, name: '<init>', code: [Op.return] })],
  [
    'InitOfOther',
    (w) => ({
      flags: 1,
      name: '<init>',
      code: [Op.aload_0, Op.invokespecial, ...u2(w.method('java/lang/Thread', '<init>', '()V')), Op.return],
    }),
  ],
  [
    'ThisTooEarly',
    (w) => ({
      flags: 1,
      name: '<init>',
      code: [Op.aload_0, Op.invokevirtual, ...u2(w.method('java/lang/Object', 'hashCode', '()I')), Op.pop, Op.return],
    }),
  ],
  [
    'ProtectedCall',
    (w) => ({
      descriptor: '(Ljava/lang/Object;)V',
      code: [
        Op.aload_0,
        Op.invokevirtual,
        ...u2(w.method('java/lang/Object', 'clone', '()Ljava/lang/Object;')),
        Op.pop,
        Op.return,
      ],
    }),
  ],
  [
    'SwitchOrder',
    () => ({ code: [Op.iconst_0, Op.tableswitch, 0, 0, 0, 0, 0, 15, 0, 0, 0, 5, 0, 0, 0, 1, Op.return] }),
  ],
  [
    'LookupOrder',
    () => ({
      code: [
        Op.iconst_0,
        Op.lookupswitch,
        0,
        0,
        0,
        0,
        0,
        27,
        0,
        0,
        0,
        2,
        0,
        0,
        0,
        5,
        0,
        0,
        0,
        27,
        0,
        0,
        0,
        1,
        0,
        0,
        0,
        27,
        Op.return,
      ],
    }),
  ],
  ['WideNothing', () => ({ code: [Op.wide, Op.nop, 0, 0, Op.return] })],
  ['IincFloat', () => ({ descriptor: '(F)V', code: [Op.iinc, 0, 1, Op.return] })],
  [
    'CheckcastInt',
    (w) => ({ code: [Op.iconst_0, Op.checkcast, ...u2(w.class('java/lang/String')), Op.pop, Op.return] }),
  ],
  ['MonitorInt', () => ({ code: [Op.iconst_0, Op.monitorenter, Op.return] })],
  [
    'AastoreInt',
    () => ({
      descriptor: '([Ljava/lang/Object;)V',
      code: [Op.aload_0, Op.iconst_0, Op.iconst_0, Op.aastore, Op.return],
    }),
  ],
  [
    'CatchString',
    (w) => ({
      code: [Op.return, Op.athrow],
      exceptions: [[0, 1, 1, w.class('java/lang/String')]],
      frames: [[64 + 1, 7, ...u2(w.class('java/lang/String'))]],
    }),
  ],
];
for (const [name, spec] of straight) method(name, spec);
for (const [name, spec] of straight) {
  method(
    `Old${name}`,
    (writer) => {
      const { frames: _, ...rest } = spec(writer);
      return rest;
    },
    48,
  );
}

// Frames.
method('NoFrame', () => ({ code: [Op.iconst_0, Op.ifeq, 0, 3, Op.return] }));
method('NoFrameAfterGoto', () => ({ code: [Op.goto, 0, 4, Op.nop, Op.return], frames: [[4]] }));
method('FrameStack', () => ({ code: [Op.iconst_0, Op.ifeq, 0, 3, Op.return], frames: [[64 + 4, 1]] }));
method('FrameLocals', () => ({ code: [Op.iconst_0, Op.ifeq, 0, 3, Op.return], frames: [[252, 0, 4, 1]] }));
method('FrameLocalType', () => ({
  descriptor: '(F)V',
  code: [Op.iconst_0, Op.ifeq, 0, 3, Op.return],
  frames: [[255, 0, 4, 0, 1, 1, 0, 0]],
}));
method('FrameFallThrough', () => ({ code: [Op.iconst_0, Op.return], frames: [[64 + 1, 2]] }));
method('FrameOffset', () => ({ code: [Op.sipush, 0, 0, Op.return], frames: [[2]] }));
method('FrameReserved', () => ({ code: [Op.return], frames: [[200]] }));
method('FrameTooMany', () => ({ maxLocals: 0, code: [Op.nop, Op.return], frames: [[252, 0, 1, 1]] }));
method('FrameChop', () => ({ code: [Op.nop, Op.return], frames: [[250, 0, 1]] }));
method('FrameTag', () => ({ code: [Op.nop, Op.return], frames: [[252, 0, 1, 9]] }));
method('FrameClass', () => ({ code: [Op.nop, Op.return], frames: [[252, 0, 1, 7, 0, 1]] }));
method('FrameUninitialized', () => ({ code: [Op.nop, Op.return], frames: [[252, 0, 1, 8, 0, 0]] }));
method('FrameLength', () => ({ code: [Op.nop, Op.return], frames: [[0, 7]] }));
method('Jsr', () => ({ code: [Op.jsr, 0, 3, Op.pop, Op.return] }));
method('Ret', () => ({ code: [Op.ret, 0] }));
method('HandlerFrame', () => ({
  code: [Op.nop, Op.return, Op.athrow],
  exceptions: [[0, 1, 2, 0]],
  frames: [[64 + 2, 1]],
}));
method('HandlerNoFrame', () => ({ code: [Op.nop, Op.return, Op.athrow], exceptions: [[0, 1, 2, 0]] }));
method('HandlerLocals', () => ({
  code: [Op.iconst_0, Op.istore_0, Op.fconst_0, Op.fstore_0, Op.return, Op.athrow],
  exceptions: [[2, 5, 5, 0]],
  frames: [[255, 0, 5, 0, 1, 1, 0, 1, 5]],
}));
method('HandlerInside', () => ({ code: [Op.sipush, 0, 0, Op.return], exceptions: [[0, 3, 1, 0]], frames: [] }));

// Inference.
method('OldHeights', () => ({ code: [Op.iconst_0, Op.ifeq, 0, 4, Op.iconst_0, Op.return] }), 48);
method(
  'OldMerge',
  () => ({ code: [Op.iconst_0, Op.ifeq, 0, 8, Op.iconst_0, Op.goto, 0, 4, Op.nop, Op.fconst_0, Op.pop, Op.return] }),
  48,
);
method('OldRecursion', () => ({ code: [Op.jsr, 0, 3, Op.astore_0, Op.jsr, 0xff, 0xff, Op.return] }), 48);
method(
  'OldRecursionReturning',
  () => ({ code: [Op.jsr, 0, 4, Op.return, Op.astore_0, Op.jsr, 0xff, 0xff, Op.ret, 0] }),
  48,
);
specimen('Ancient', (w) => {
  w.major = 45;
  w.addMethod({ attributes: [{ name: 'Code', body: [2, 3, ...u2(1), 0xb1, ...u2(0), ...u2(0)] }] });
});
method('OldRetInt', () => ({ code: [Op.iconst_0, Op.istore_0, Op.ret, 0] }), 48);

// ---- Format ----------------------------------------------------------------------------------------------------------

specimen('TooNew', (w) => {
  w.major = 70;
});
specimen('TooOld', (w) => {
  w.major = 44;
});
specimen('BadMinor', (w) => {
  w.minor = 3;
});
specimen('Preview', (w) => {
  w.minor = 65535;
});
specimen('PreviewOld', (w) => {
  w.major = 60;
  w.minor = 65535;
});
specimen('FinalAbstract', (w) => {
  w.flags = 0x430;
});
specimen('InterfaceNotAbstract', (w) => {
  w.flags = 0x200;
});
specimen('InterfaceSuper', (w) => {
  w.flags = 0x600;
  w.superName = 'java/lang/Thread';
});
specimen('NoSuperclass', (w) => {
  w.superName = null;
});
specimen('SuperArray', (w) => {
  w.superName = '[I';
});
specimen('TwiceInterface', (w) => {
  w.interfaces = ['java/lang/Runnable', 'java/lang/Runnable'];
});
specimen('BadClassName', (w) => void w.class('a//b'));
specimen('BadFieldName', (w) => w.addField(1, 'a.b', 'I'));
specimen('BadFieldType', (w) => w.addField(1, 'a', 'X'));
specimen('BadFieldFlags', (w) => w.addField(3, 'a', 'I'));
specimen('FinalVolatile', (w) => w.addField(0x50, 'a', 'I'));
specimen('FieldTwice', (w) => w.addField(1, 'a', 'I').addField(1, 'a', 'I'));
specimen('ConstantType', (w) => w.addField(9, 'a', 'I', [{ name: 'ConstantValue', body: u2(w.string('x')) }]));
specimen('ConstantLength', (w) => w.addField(9, 'a', 'I', [{ name: 'ConstantValue', body: [0] }]));
specimen('ConstantNothing', (w) => w.addField(9, 'a', 'I', [{ name: 'ConstantValue', body: [0, 0] }]));
specimen('BadMethodName', (w) => w.addMethod({ name: 'a<b', code: [Op.return] }));
specimen('BadMethodType', (w) => w.addMethod({ descriptor: '(V)V', code: [Op.return] }));
specimen('BadMethodFlags', (w) => w.addMethod({ flags: 0x410 }));
specimen('MethodTwice', (w) => w.addMethod({ code: [Op.return] }).addMethod({ code: [Op.return] }));
specimen('InitReturns', (w) =>
  w.addMethod({ flags: 1, name: '<init>', descriptor: '()I', code: [Op.iconst_0, Op.ireturn] }),
);
specimen('InitStatic', (w) => w.addMethod({ name: '<init>', code: [Op.return] }));
specimen('ClinitNotStatic', (w) => w.addMethod({ flags: 0, name: '<clinit>', code: [Op.return] }));
specimen('NoCode', (w) => w.addMethod({}));
specimen('NativeCode', (w) => w.addMethod({ flags: 0x109, code: [Op.return] }));
specimen('EmptyCode', (w) => w.addMethod({ code: [] }));
specimen('ManyArguments', (w) =>
  w.addMethod({ descriptor: `(${'J'.repeat(128)})V`, maxLocals: 300, code: [Op.return] }),
);
specimen('FewLocals', (w) => w.addMethod({ descriptor: '(J)V', maxLocals: 1, code: [Op.return] }));
specimen('HandlerRange', (w) => w.addMethod({ code: [Op.nop, Op.return], exceptions: [[1, 1, 0, 0]] }));
specimen('HandlerOut', (w) => w.addMethod({ code: [Op.nop, Op.return], exceptions: [[0, 1, 7, 0]] }));
specimen('HandlerType', (w) => w.addMethod({ code: [Op.nop, Op.return], exceptions: [[0, 1, 1, w.utf8('x')]] }));
specimen('BadTag', (w) => void w.item('bad', [2, 0]));
specimen('TagVersion', (w) => {
  w.major = 50;
  w.item('type', [16, ...u2(w.utf8('()V'))]);
});
specimen('BadUtf8', (w) => void w.item('bad', [1, 0, 1, 0xff]));
specimen('BadReference', (w) => void w.item('bad', [10, 0, 1, 0, 1]));
specimen('BadHandleKind', (w) => void w.item('bad', [15, 10, ...u2(w.method('A', 'a', '()V'))]));
specimen('BadHandle', (w) => void w.item('bad', [15, 1, ...u2(w.method('A', 'a', '()V'))]));
specimen('BadHandleName', (w) => void w.item('bad', [15, 8, ...u2(w.method('A', 'a', '()V'))]));
specimen('BadNameInMethod', (w) => void w.method('A', '<a>', '()V'));
specimen('FieldWithMethodType', (w) => void w.field('A', 'a', '()V'));
specimen('NoBootstraps', (w) => void w.item('indy', [18, 0, 0, ...u2(w.nameAndType('a', '()V'))]));
specimen('SourceFileLength', (w) => w.attributes.push({ name: 'SourceFile', body: [0] }));
specimen('SourceFileTwice', (w) => {
  const body = u2(w.utf8('A.java'));
  w.attributes.push({ name: 'SourceFile', body }, { name: 'SourceFile', body });
});
specimen('InnerLength', (w) => w.attributes.push({ name: 'InnerClasses', body: [0, 1] }));
specimen('NestBoth', (w) =>
  w.attributes.push({ name: 'NestHost', body: u2(w.class('A')) }, { name: 'NestMembers', body: [0, 0] }),
);
{
  const writer = new ClassWriter('Trailing');
  list.push({ name: 'Trailing', bytes: Uint8Array.from([...writer.bytes(), 0]) });
  list.push({ name: 'Truncated', bytes: new ClassWriter('Truncated').bytes().slice(0, -3) });
  list.push({ name: 'Magic', bytes: Uint8Array.from([1, 2, 3, 4, 0, 0, 0, 52, 0, 1]) });
}

/** All of them. */
export const SPECIMENS: readonly Specimen[] = list;
