/**
 * Writes class files: constant pool, fields, methods and code by mnemonic, with labels and exception ranges.
 *
 * For tests of single instructions, which javac would fold, reorder or never emit (`dup2_x2`, `jsr`, a `tableswitch` up
 * to the largest int). The version is 49, the last whose methods may go without StackMapTable and with `jsr`, so
 * nothing here computes types. Every method gets the same generous frame.
 */

/** Mnemonics in the order of their opcodes (JVMS 6.5). */
const MNEMONICS = (
  'nop aconst_null iconst_m1 iconst_0 iconst_1 iconst_2 iconst_3 iconst_4 iconst_5 lconst_0 lconst_1 fconst_0 fconst_1 ' +
  'fconst_2 dconst_0 dconst_1 bipush sipush ldc ldc_w ldc2_w iload lload fload dload aload iload_0 iload_1 iload_2 ' +
  'iload_3 lload_0 lload_1 lload_2 lload_3 fload_0 fload_1 fload_2 fload_3 dload_0 dload_1 dload_2 dload_3 aload_0 ' +
  'aload_1 aload_2 aload_3 iaload laload faload daload aaload baload caload saload istore lstore fstore dstore astore ' +
  'istore_0 istore_1 istore_2 istore_3 lstore_0 lstore_1 lstore_2 lstore_3 fstore_0 fstore_1 fstore_2 fstore_3 ' +
  'dstore_0 dstore_1 dstore_2 dstore_3 astore_0 astore_1 astore_2 astore_3 iastore lastore fastore dastore aastore ' +
  'bastore castore sastore pop pop2 dup dup_x1 dup_x2 dup2 dup2_x1 dup2_x2 swap iadd ladd fadd dadd isub lsub fsub ' +
  'dsub imul lmul fmul dmul idiv ldiv fdiv ddiv irem lrem frem drem ineg lneg fneg dneg ishl lshl ishr lshr iushr ' +
  'lushr iand land ior lor ixor lxor iinc i2l i2f i2d l2i l2f l2d f2i f2l f2d d2i d2l d2f i2b i2c i2s lcmp fcmpl ' +
  'fcmpg dcmpl dcmpg ifeq ifne iflt ifge ifgt ifle if_icmpeq if_icmpne if_icmplt if_icmpge if_icmpgt if_icmple ' +
  'if_acmpeq if_acmpne goto jsr ret tableswitch lookupswitch ireturn lreturn freturn dreturn areturn return getstatic ' +
  'putstatic getfield putfield invokevirtual invokespecial invokestatic invokeinterface invokedynamic new newarray ' +
  'anewarray arraylength athrow checkcast instanceof monitorenter monitorexit wide multianewarray ifnull ifnonnull ' +
  'goto_w jsr_w'
).split(' ');

const OPCODES: ReadonlyMap<string, number> = new Map(MNEMONICS.map((name, opcode) => [name, opcode]));

function opcode(mnemonic: string): number {
  const found = OPCODES.get(mnemonic);
  if (found === undefined) throw new RangeError(`no instruction is called ${mnemonic}`);
  return found;
}

/** Bytes in the order class files have: big-endian. */
class Bytes {
  private readonly data: number[] = [];

  get length(): number {
    return this.data.length;
  }

  u1(value: number): this {
    this.data.push(value & 0xff);
    return this;
  }

  u2(value: number): this {
    return this.u1(value >>> 8).u1(value);
  }

  u4(value: number): this {
    return this.u2(value >>> 16).u2(value);
  }

  u8(value: bigint): this {
    return this.u4(Number((value >> 32n) & 0xffffffffn)).u4(Number(value & 0xffffffffn));
  }

  append(bytes: Iterable<number>): this {
    for (const byte of bytes) this.data.push(byte);
    return this;
  }

  /** Overwrites what was written at `offset` with a big-endian number of `size` bytes. */
  patch(offset: number, value: number, size: number): void {
    for (let i = 0; i < size; i++) this.data[offset + i] = (value >>> (8 * (size - 1 - i))) & 0xff;
  }

  done(): Uint8Array {
    return Uint8Array.from(this.data);
  }
}

/** The constants of a class, each once (JVMS 4.4). */
class ConstantPool {
  readonly bytes = new Bytes();
  private readonly known = new Map<string, number>();
  /** Index of the next constant. */
  next = 1;

  private add(key: string, slots: number, write: () => void): number {
    const found = this.known.get(key);
    if (found !== undefined) return found;
    write();
    const index = this.next;
    this.next += slots;
    this.known.set(key, index);
    return index;
  }

  utf8(text: string): number {
    return this.add(`utf8 ${text}`, 1, () => {
      const encoded = Buffer.from(text, 'utf8');
      this.bytes.u1(1).u2(encoded.length).append(encoded);
    });
  }

  integer(value: number): number {
    return this.add(`int ${value}`, 1, () => this.bytes.u1(3).u4(value));
  }

  /** @param bits the IEEE 754 single format */
  float(bits: number): number {
    return this.add(`float ${bits}`, 1, () => this.bytes.u1(4).u4(bits));
  }

  long(value: bigint): number {
    return this.add(`long ${value}`, 2, () => this.bytes.u1(5).u8(value));
  }

  /** @param bits the IEEE 754 double format */
  double(bits: bigint): number {
    return this.add(`double ${bits}`, 2, () => this.bytes.u1(6).u8(bits));
  }

  class(name: string): number {
    const text = this.utf8(name);
    return this.add(`class ${name}`, 1, () => this.bytes.u1(7).u2(text));
  }

  string(value: string): number {
    const text = this.utf8(value);
    return this.add(`string ${value}`, 1, () => this.bytes.u1(8).u2(text));
  }

  /** @param tag 9 for a field, 10 for a class's method, 11 for an interface's */
  member(tag: 9 | 10 | 11, owner: string, name: string, descriptor: string): number {
    const ownerIndex = this.class(owner);
    const nameIndex = this.utf8(name);
    const descriptorIndex = this.utf8(descriptor);
    const pair = this.add(`pair ${name} ${descriptor}`, 1, () => this.bytes.u1(12).u2(nameIndex).u2(descriptorIndex));
    return this.add(`${tag} ${owner} ${name} ${descriptor}`, 1, () => this.bytes.u1(tag).u2(ownerIndex).u2(pair));
  }
}

/** A place in a method's code. */
export interface Label {
  /** Bytecode index; undefined until the label is placed. */
  at: number | undefined;
}

/** The code of one method. */
export class CodeWriter {
  private readonly bytes = new Bytes();
  private readonly fixups: { label: Label; from: number; at: number; size: 2 | 4 }[] = [];
  private readonly handlers: { start: Label; end: Label; handler: Label; type: number }[] = [];

  constructor(readonly pool: ConstantPool) {}

  label(): Label {
    return { at: undefined };
  }

  place(label: Label): this {
    label.at = this.bytes.length;
    return this;
  }

  /** An instruction whose operands, if any, are single bytes. */
  op(mnemonic: string, ...operands: number[]): this {
    this.bytes.u1(opcode(mnemonic)).append(operands.map((operand) => operand & 0xff));
    return this;
  }

  /** An instruction with one operand of two bytes. */
  op2(mnemonic: string, operand: number): this {
    this.bytes.u1(opcode(mnemonic)).u2(operand);
    return this;
  }

  /** A load, store or `ret` of a local variable, in its wide form where the index asks for it or `wide` does. */
  local(mnemonic: string, index: number, wide = index > 255): this {
    if (!wide) return this.op(mnemonic, index);
    this.op('wide');
    return this.op2(mnemonic, index);
  }

  iinc(index: number, amount: number, wide = index > 255 || amount < -128 || amount > 127): this {
    if (!wide) return this.op('iinc', index, amount);
    this.op('wide').op2('iinc', index);
    this.bytes.u2(amount);
    return this;
  }

  /** Any instruction that jumps to one label. */
  jump(mnemonic: string, label: Label): this {
    const from = this.bytes.length;
    this.op(mnemonic);
    this.offset(label, from, mnemonic.endsWith('_w') ? 4 : 2);
    return this;
  }

  private offset(label: Label, from: number, size: 2 | 4): void {
    this.fixups.push({ label, from, at: this.bytes.length, size });
    for (let i = 0; i < size; i++) this.bytes.u1(0);
  }

  tableswitch(low: number, targets: readonly Label[], otherwise: Label): this {
    const from = this.bytes.length;
    this.op('tableswitch');
    while (this.bytes.length % 4 !== 0) this.bytes.u1(0);
    this.offset(otherwise, from, 4);
    this.bytes.u4(low).u4(low + targets.length - 1);
    for (const target of targets) this.offset(target, from, 4);
    return this;
  }

  /** @param cases in ascending order of their keys */
  lookupswitch(cases: readonly (readonly [number, Label])[], otherwise: Label): this {
    const from = this.bytes.length;
    this.op('lookupswitch');
    while (this.bytes.length % 4 !== 0) this.bytes.u1(0);
    this.offset(otherwise, from, 4);
    this.bytes.u4(cases.length);
    for (const [key, label] of cases) {
      this.bytes.u4(key);
      this.offset(label, from, 4);
    }
    return this;
  }

  /** Pushes an int, by the shortest instruction unless another is asked for. */
  int(value: number, how?: 'ldc' | 'ldc_w'): this {
    if (how === 'ldc_w') return this.op2('ldc_w', this.pool.integer(value));
    if (how === undefined) {
      if (value >= -1 && value <= 5) return this.op(value === -1 ? 'iconst_m1' : `iconst_${value}`);
      if (value >= -128 && value <= 127) return this.op('bipush', value);
      if (value >= -32768 && value <= 32767) return this.op2('sipush', value);
    }
    return this.load(this.pool.integer(value));
  }

  long(value: bigint): this {
    return this.op2('ldc2_w', this.pool.long(value));
  }

  float(bits: number): this {
    return this.load(this.pool.float(bits));
  }

  double(bits: bigint): this {
    return this.op2('ldc2_w', this.pool.double(bits));
  }

  string(value: string): this {
    return this.load(this.pool.string(value));
  }

  /** Pushes the mirror of a class. */
  mirror(name: string): this {
    return this.load(this.pool.class(name));
  }

  private load(index: number): this {
    return index < 256 ? this.op('ldc', index) : this.op2('ldc_w', index);
  }

  field(mnemonic: string, owner: string, name: string, descriptor: string): this {
    return this.op2(mnemonic, this.pool.member(9, owner, name, descriptor));
  }

  invoke(mnemonic: string, owner: string, name: string, descriptor: string): this {
    return this.op2(mnemonic, this.pool.member(10, owner, name, descriptor));
  }

  /** An instruction with a class as operand: `new`, `checkcast`, `instanceof`, `anewarray`. */
  type(mnemonic: string, name: string): this {
    return this.op2(mnemonic, this.pool.class(name));
  }

  multianewarray(name: string, dimensions: number): this {
    this.type('multianewarray', name);
    this.bytes.u1(dimensions);
    return this;
  }

  /** Has exceptions of the range go to `handler`; any of them where no type is given. */
  handle(start: Label, end: Label, handler: Label, type?: string): this {
    this.handlers.push({ start, end, handler, type: type === undefined ? 0 : this.pool.class(type) });
    return this;
  }

  /** The Code attribute's contents (JVMS 4.7.3). */
  done(): Uint8Array {
    for (const { label, from, at, size } of this.fixups) this.bytes.patch(at, place(label) - from, size);
    const code = this.bytes.done();
    const out = new Bytes().u2(MAX_STACK).u2(MAX_LOCALS).u4(code.length).append(code).u2(this.handlers.length);
    for (const { start, end, handler, type } of this.handlers) {
      out.u2(place(start)).u2(place(end)).u2(place(handler)).u2(type);
    }
    return out.u2(0).done();
  }
}

function place({ at }: Label): number {
  if (at === undefined) throw new Error('a label was used and never placed');
  return at;
}

const MAX_STACK = 24;
const MAX_LOCALS = 320;
const VERSION = 49;
const ACC_PUBLIC_STATIC = 0x0009;
const ACC_PUBLIC_SUPER = 0x0021;

/** A class with static methods and fields of its own, and Object as its superclass. */
export class ClassWriter {
  readonly pool = new ConstantPool();
  private readonly methods = new Bytes();
  private readonly fields = new Bytes();
  private methodCount = 0;
  private fieldCount = 0;

  constructor(
    readonly name: string,
    private readonly version = VERSION,
  ) {}

  field(name: string, descriptor: string, flags = ACC_PUBLIC_STATIC): void {
    this.fields.u2(flags).u2(this.pool.utf8(name)).u2(this.pool.utf8(descriptor)).u2(0);
    this.fieldCount++;
  }

  method(name: string, descriptor: string, write: (code: CodeWriter) => void, flags = ACC_PUBLIC_STATIC): void {
    const code = new CodeWriter(this.pool);
    write(code);
    const body = code.done();
    this.methods.u2(flags).u2(this.pool.utf8(name)).u2(this.pool.utf8(descriptor));
    this.methods.u2(1).u2(this.pool.utf8('Code')).u4(body.length).append(body);
    this.methodCount++;
  }

  done(): Uint8Array {
    const self = this.pool.class(this.name);
    const parent = this.pool.class('java/lang/Object');
    return new Bytes()
      .u4(0xcafebabe)
      .u2(0)
      .u2(this.version)
      .u2(this.pool.next)
      .append(this.pool.bytes.done())
      .u2(ACC_PUBLIC_SUPER)
      .u2(self)
      .u2(parent)
      .u2(0)
      .u2(this.fieldCount)
      .append(this.fields.done())
      .u2(this.methodCount)
      .append(this.methods.done())
      .u2(0)
      .done();
  }
}
