/**
 * The Code attribute (JVMS 4.7.3) and what hangs on it: exception table, line numbers, local variables, stack maps.
 */
import { type AttributeInfo, attributeBody, findAttribute, listAttributes, skipAttributes } from './attributes.js';
import type { ConstantPool } from './constant-pool.js';
import { Tag } from './constants.js';
import { formatError } from './errors.js';
import { Reader } from './reader.js';

/** One entry of the exception table; bytecode indexes, `endPc` exclusive. */
export interface ExceptionEntry {
  readonly startPc: number;
  readonly endPc: number;
  readonly handlerPc: number;
  /** Constant pool index of the class caught, 0 for any. */
  readonly catchType: number;
}

/** One entry of a LocalVariableTable, with its generic signature from LocalVariableTypeTable where there is one. */
export interface LocalVariable {
  readonly startPc: number;
  readonly length: number;
  readonly name: string;
  readonly descriptor: string;
  readonly signature?: string;
  readonly index: number;
}

const NO_EXCEPTIONS: readonly ExceptionEntry[] = [];
const NO_LINES = new Int32Array(0);

/** A method's code. */
export class Code {
  /** Slots of the operand stack. */
  readonly maxStack: number;
  /** Slots of local variables, receiver and parameters included. */
  readonly maxLocals: number;
  /** The bytecode, a view into the class file. */
  readonly bytes: Uint8Array;
  /** File offset of the first bytecode. */
  readonly codeOffset: number;
  readonly exceptions: readonly ExceptionEntry[];
  /** Where the attribute table of the Code attribute starts (its count). */
  readonly attributesStart: number;
  private lines: Int32Array | undefined;

  /**
   * Parses the body of a Code attribute at `[start, end)`. The smaller fields of versions before 45.3 are no longer read by
   * HotSpot either: such a file is taken for one of 45.3.
   */
  constructor(
    private readonly pool: ConstantPool,
    start: number,
    end: number,
    private readonly where: string,
  ) {
    const reader = new Reader(pool.bytes, start, end);
    this.maxStack = reader.u2();
    this.maxLocals = reader.u2();
    const length = reader.u4();
    if (length === 0 || length > 65535) {
      throw formatError(`Invalid method Code length ${length} in class file ${where}`, start);
    }
    this.codeOffset = reader.at;
    this.bytes = reader.view(length);
    const count = reader.u2();
    if (count === 0) {
      this.exceptions = NO_EXCEPTIONS;
    } else {
      const entries: ExceptionEntry[] = [];
      for (let i = 0; i < count; i++) {
        const startPc = reader.u2();
        const endPc = reader.u2();
        const handlerPc = reader.u2();
        const catchType = reader.u2();
        if (startPc >= endPc || endPc > length) {
          throw formatError(`Illegal exception table range in class file ${where}`, reader.at - 8);
        }
        if (handlerPc >= length) {
          throw formatError(`Illegal exception table handler in class file ${where}`, reader.at - 8);
        }
        if (catchType !== 0 && pool.tag(catchType) !== Tag.Class) {
          throw formatError(
            `Catch type in exception table has bad constant type in class file ${where}`,
            reader.at - 8,
          );
        }
        entries.push({ startPc, endPc, handlerPc, catchType });
      }
      this.exceptions = entries;
    }
    this.attributesStart = reader.at;
    if (skipAttributes(pool.bytes, reader.at, end) !== end) {
      throw formatError(`Code segment has wrong length in class file ${where}`, start);
    }
  }

  /** Pairs of start pc and line number: all LineNumberTables, one after the other, in file order. */
  get lineNumbers(): Int32Array {
    this.lines ??= this.parseLines();
    return this.lines;
  }

  /** All entries of the LocalVariableTables. */
  localVariables(): LocalVariable[] {
    const signatures = new Map<string, string>();
    for (const entry of this.variableTable('LocalVariableTypeTable')) {
      signatures.set(`${entry.startPc} ${entry.length} ${entry.index} ${entry.name}`, entry.descriptor);
    }
    const variables = this.variableTable('LocalVariableTable');
    if (signatures.size === 0) return variables;
    return variables.map((entry) => {
      const signature = signatures.get(`${entry.startPc} ${entry.length} ${entry.index} ${entry.name}`);
      return signature === undefined ? entry : { ...entry, signature };
    });
  }

  /** All entries of the LocalVariableTypeTables; `descriptor` holds the generic signature. */
  localVariableTypes(): LocalVariable[] {
    return this.variableTable('LocalVariableTypeTable');
  }

  /** Body of the StackMapTable, undefined where there is none. */
  get stackMapTable(): Uint8Array | undefined {
    return this.body('StackMapTable');
  }

  /** Body of RuntimeVisibleTypeAnnotations. */
  get typeAnnotations(): Uint8Array | undefined {
    return this.body('RuntimeVisibleTypeAnnotations');
  }

  /** All attributes of the Code attribute. */
  get attributes(): AttributeInfo[] {
    return listAttributes(this.pool, this.attributesStart);
  }

  private body(name: string): Uint8Array | undefined {
    const at = findAttribute(this.pool, this.attributesStart, name);
    return at < 0 ? undefined : attributeBody(this.pool.bytes, at);
  }

  private parseLines(): Int32Array {
    let lines = NO_LINES;
    for (const { name, offset, length } of this.attributes) {
      if (name !== 'LineNumberTable') continue;
      const reader = new Reader(this.pool.bytes, offset, offset + length);
      const count = reader.u2();
      if (length !== 2 + 4 * count) {
        throw formatError(`LineNumberTable attribute has wrong length in class file ${this.where}`, offset);
      }
      const more = new Int32Array(lines.length + 2 * count);
      more.set(lines);
      for (let i = lines.length; i < more.length; i++) more[i] = reader.u2();
      for (let i = lines.length; i < more.length; i += 2) {
        if (more[i] >= this.bytes.length) {
          throw formatError(`Invalid pc in LineNumberTable in class file ${this.where}`, offset);
        }
      }
      lines = more;
    }
    return lines;
  }

  private variableTable(wanted: string): LocalVariable[] {
    const variables: LocalVariable[] = [];
    for (const { name, offset, length } of this.attributes) {
      if (name !== wanted) continue;
      const reader = new Reader(this.pool.bytes, offset, offset + length);
      const count = reader.u2();
      if (length !== 2 + 10 * count) {
        throw formatError(`${wanted} has wrong length in class file ${this.where}`, offset);
      }
      for (let i = 0; i < count; i++) {
        const startPc = reader.u2();
        const span = reader.u2();
        const text = this.pool.utf8(reader.u2());
        const descriptor = this.pool.utf8(reader.u2());
        variables.push({ startPc, length: span, name: text, descriptor, index: reader.u2() });
      }
    }
    return variables;
  }
}
