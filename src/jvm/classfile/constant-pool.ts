/**
 * The constant pool (JVMS 4.4), lazy: parsing records the tag and the place of each entry in typed arrays, and strings
 * are decoded when first asked for. Most entries of most classes are never looked at.
 *
 * Every accessor checks index and tag, so nothing a class file says can make it read elsewhere: a wrong index is a
 * ClassFormatError.
 */
import { Tag } from './constants.js';
import { ClassFileError, formatError } from './errors.js';
import { decodeModifiedUtf8 } from './modified-utf8.js';

const LAST_TAG = 20;
/** Bytes after the tag; 0 marks a tag that does not exist. Utf8 (3) has its own length. */
const SIZES = new Uint8Array(LAST_TAG + 1);
SIZES[Tag.Integer] = SIZES[Tag.Float] = 4;
SIZES[Tag.Long] = SIZES[Tag.Double] = 8;
SIZES[Tag.Class] = SIZES[Tag.String] = SIZES[Tag.MethodType] = SIZES[Tag.Module] = SIZES[Tag.Package] = 2;
SIZES[Tag.Fieldref] = SIZES[Tag.Methodref] = SIZES[Tag.InterfaceMethodref] = SIZES[Tag.NameAndType] = 4;
SIZES[Tag.Dynamic] = SIZES[Tag.InvokeDynamic] = 4;
SIZES[Tag.MethodHandle] = 3;

/** A field or method reference. */
export interface MemberRef {
  /** Constant pool index of the class. */
  classIndex: number;
  className: string;
  name: string;
  descriptor: string;
  /** Whether the tag is InterfaceMethodref. */
  isInterface: boolean;
}

/** Of a pool that cannot be read on: a text before that place that is none is what is wrong, as HotSpot looks at them first. */
function checkTexts(bytes: Uint8Array, tags: Uint8Array, offsets: Int32Array, end: number, where: string): void {
  for (let i = 1; i < end; i++) {
    if (tags[i] !== Tag.Utf8) continue;
    const at = offsets[i];
    const length = (bytes[at] << 8) | bytes[at + 1];
    if (at + 2 + length > bytes.length) return;
    try {
      decodeModifiedUtf8(bytes, at + 2, length);
    } catch (error) {
      if (!(error instanceof ClassFileError)) throw error;
      throw formatError(`Illegal UTF8 string in constant pool in class file ${where}`, at);
    }
  }
}

/** One class's constant pool. Indexes run from 1 to `length` - 1. */
export class ConstantPool {
  readonly bytes: Uint8Array;
  /** `constant_pool_count`: one more than the last index. */
  readonly length: number;
  /** Where the pool ends in the file. */
  readonly end: number;
  /** Attributes that the class's version knows nothing of; see `ignoredAttributes`. */
  ignored: ReadonlySet<string> | undefined;
  private readonly tags: Uint8Array;
  private readonly offsets: Int32Array;
  private readonly strings: (string | undefined)[];

  /**
   * Records the entries of the pool whose count is at `start`.
   * Throws ClassFormatError for unknown tags and a truncated file; `where` names the file in messages.
   */
  constructor(bytes: Uint8Array, start: number, where: string) {
    const size = bytes.length;
    if (start + 2 > size) throw formatError('Truncated class file', start);
    const length = (bytes[start] << 8) | bytes[start + 1];
    if (length === 0) throw formatError(`Illegal constant pool size ${length} in class file ${where}`, start);
    const tags = new Uint8Array(length);
    const offsets = new Int32Array(length);
    let at = start + 2;
    for (let i = 1; i < length; i++) {
      if (at >= size) {
        checkTexts(bytes, tags, offsets, i, where);
        throw formatError('Truncated class file', at);
      }
      const tag = bytes[at];
      tags[i] = tag;
      offsets[i] = ++at;
      if (tag === Tag.Utf8) {
        if (at + 2 > size) throw formatError('Truncated class file', at);
        at += 2 + ((bytes[at] << 8) | bytes[at + 1]);
      } else {
        const width = tag <= LAST_TAG ? SIZES[tag] : 0;
        if (width === 0) {
          checkTexts(bytes, tags, offsets, i, where);
          throw formatError(`Unknown constant tag ${tag} in class file ${where}`, at - 1);
        }
        at += width;
        if (width === 8 && ++i >= length) {
          throw formatError(`Invalid constant pool index ${i} in class file ${where}`, at);
        }
      }
    }
    if (at > size) throw formatError('Truncated class file', size);
    this.bytes = bytes;
    this.length = length;
    this.end = at;
    this.tags = tags;
    this.offsets = offsets;
    this.strings = new Array(length).fill(undefined);
  }

  /** The tag at `i`; Tag.None for index 0, unusable halves and anything out of range. */
  tag(i: number): Tag {
    return i >= 0 && i < this.length ? this.tags[i] : Tag.None;
  }

  /** File offset of the entry's contents (after the tag), -1 where there is none. */
  offset(i: number): number {
    return this.tag(i) === Tag.None ? -1 : this.offsets[i];
  }

  /** A Utf8 entry as a string. */
  utf8(i: number): string {
    const known = this.strings[i];
    if (known !== undefined && this.tags[i] === Tag.Utf8) return known;
    const at = this.expect(i, Tag.Utf8);
    const text = decodeModifiedUtf8(this.bytes, at + 2, this.u2(at));
    this.strings[i] = text;
    return text;
  }

  /** An Integer entry. */
  int(i: number): number {
    return this.i4(this.expect(i, Tag.Integer));
  }

  /** A Float entry's bits as int32. */
  floatBits(i: number): number {
    return this.i4(this.expect(i, Tag.Float));
  }

  /** The upper 32 bits of a Long or Double entry, as int32. */
  longHigh(i: number): number {
    return this.i4(this.expectWide(i));
  }

  /** The lower 32 bits of a Long or Double entry, as int32. */
  longLow(i: number): number {
    return this.i4(this.expectWide(i) + 4);
  }

  /** A Class entry's name in internal form: `java/lang/Object`, `[I`, `[Ljava/lang/String;`. */
  className(i: number): string {
    const known = this.strings[i];
    if (known !== undefined && this.tags[i] === Tag.Class) return known;
    const name = this.utf8(this.u2(this.expect(i, Tag.Class)));
    this.strings[i] = name;
    return name;
  }

  /** The text of a String entry. */
  stringValue(i: number): string {
    return this.utf8(this.u2(this.expect(i, Tag.String)));
  }

  /** A NameAndType entry. */
  nameAndType(i: number): { name: string; descriptor: string } {
    const at = this.expect(i, Tag.NameAndType);
    return { name: this.utf8(this.u2(at)), descriptor: this.utf8(this.u2(at + 2)) };
  }

  /** A Fieldref, Methodref or InterfaceMethodref entry. */
  memberRef(i: number): MemberRef {
    const tag = this.tag(i);
    if (tag < Tag.Fieldref || tag > Tag.InterfaceMethodref) throw this.wrong(i);
    const at = this.offsets[i];
    const classIndex = this.u2(at);
    const pair = this.expect(this.u2(at + 2), Tag.NameAndType);
    return {
      classIndex,
      className: this.className(classIndex),
      name: this.utf8(this.u2(pair)),
      descriptor: this.utf8(this.u2(pair + 2)),
      isInterface: tag === Tag.InterfaceMethodref,
    };
  }

  /** The descriptor of a Fieldref, Methodref, InterfaceMethodref, Dynamic or InvokeDynamic entry, allocating nothing. */
  memberDescriptor(i: number): string {
    const tag = this.tag(i);
    if ((tag < Tag.Fieldref || tag > Tag.InterfaceMethodref) && tag !== Tag.Dynamic && tag !== Tag.InvokeDynamic) {
      throw this.wrong(i);
    }
    return this.utf8(this.u2(this.expect(this.u2(this.offsets[i] + 2), Tag.NameAndType) + 2));
  }

  /** A MethodHandle entry: `kind` is a RefKind, `index` a member reference. */
  methodHandle(i: number): { kind: number; index: number } {
    const at = this.expect(i, Tag.MethodHandle);
    return { kind: this.bytes[at], index: this.u2(at + 1) };
  }

  /** A MethodType entry's descriptor. */
  methodType(i: number): string {
    return this.utf8(this.u2(this.expect(i, Tag.MethodType)));
  }

  /** A Dynamic or InvokeDynamic entry: `bootstrap` is an index into the class's bootstrap methods. */
  dynamic(i: number): { bootstrap: number; name: string; descriptor: string } {
    const tag = this.tag(i);
    if (tag !== Tag.Dynamic && tag !== Tag.InvokeDynamic) throw this.wrong(i);
    const at = this.offsets[i];
    const pair = this.expect(this.u2(at + 2), Tag.NameAndType);
    return { bootstrap: this.u2(at), name: this.utf8(this.u2(pair)), descriptor: this.utf8(this.u2(pair + 2)) };
  }

  /** A Module entry's name. */
  moduleName(i: number): string {
    return this.utf8(this.u2(this.expect(i, Tag.Module)));
  }

  /** A Package entry's name in internal form. */
  packageName(i: number): string {
    return this.utf8(this.u2(this.expect(i, Tag.Package)));
  }

  private expect(i: number, tag: Tag): number {
    if (this.tags[i] !== tag) throw this.wrong(i);
    return this.offsets[i];
  }

  private expectWide(i: number): number {
    const tag = this.tags[i];
    if (tag !== Tag.Long && tag !== Tag.Double) throw this.wrong(i);
    return this.offsets[i];
  }

  private wrong(i: number): Error {
    return formatError(`Invalid constant pool index ${i} in class file`, this.offset(i));
  }

  private u2(at: number): number {
    return (this.bytes[at] << 8) | this.bytes[at + 1];
  }

  private i4(at: number): number {
    const { bytes } = this;
    return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
}
