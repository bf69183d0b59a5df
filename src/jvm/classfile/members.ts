/**
 * Fields and methods (JVMS 4.5, 4.6). Both keep the place of their attribute table and parse an attribute when it is
 * asked for; the two the VM asks of every method, Code and the visible annotations, are found while parsing.
 */
import { annotationTypes } from './annotations.js';
import { type AttributeInfo, attributeBody, attributeEnd, findAttribute, listAttributes } from './attributes.js';
import { Code } from './code.js';
import type { ConstantPool } from './constant-pool.js';
import { Acc } from './constants.js';
import { Reader } from './reader.js';

/** One formal parameter of a MethodParameters attribute; `name` is null where none is recorded. */
export interface MethodParameter {
  readonly name: string | null;
  readonly flags: number;
}

const NO_NAMES: readonly string[] = [];

/** What fields and methods share. */
abstract class MemberInfo {
  constructor(
    protected readonly pool: ConstantPool,
    readonly accessFlags: number,
    readonly name: string,
    readonly descriptor: string,
    /** Where the attribute table starts (its count). */
    readonly attributesStart: number,
    /** File offset of the RuntimeVisibleAnnotations attribute, or -1. */
    protected readonly annotationsAt: number,
  ) {}

  get isStatic(): boolean {
    return (this.accessFlags & Acc.Static) !== 0;
  }

  /** Whether flag or attribute say that no source declares the member. */
  get isSynthetic(): boolean {
    return (this.accessFlags & Acc.Synthetic) !== 0 || this.find('Synthetic') >= 0;
  }

  get isDeprecated(): boolean {
    return this.find('Deprecated') >= 0;
  }

  /** The generic signature. */
  get signature(): string | undefined {
    const at = this.find('Signature');
    return at < 0 ? undefined : this.pool.utf8(this.reader(at).u2());
  }

  /** Body of RuntimeVisibleAnnotations. */
  get annotations(): Uint8Array | undefined {
    return this.annotationsAt < 0 ? undefined : attributeBody(this.pool.bytes, this.annotationsAt);
  }

  /** Body of RuntimeVisibleTypeAnnotations. */
  get typeAnnotations(): Uint8Array | undefined {
    return this.body('RuntimeVisibleTypeAnnotations');
  }

  /** All attributes, known or not. */
  get attributes(): AttributeInfo[] {
    return listAttributes(this.pool, this.attributesStart);
  }

  /** Whether a runtime-visible annotation of this type (a field descriptor) is present. */
  hasAnnotation(descriptor: string): boolean {
    const at = this.annotationsAt;
    if (at < 0) return false;
    return annotationTypes(this.pool, at + 6, attributeEnd(this.pool.bytes, at)).includes(descriptor);
  }

  protected find(name: string): number {
    return findAttribute(this.pool, this.attributesStart, name);
  }

  protected body(name: string): Uint8Array | undefined {
    const at = this.find(name);
    return at < 0 ? undefined : attributeBody(this.pool.bytes, at);
  }

  protected reader(at: number): Reader {
    return new Reader(this.pool.bytes, at + 6, attributeEnd(this.pool.bytes, at));
  }
}

/** A field. */
export class FieldInfo extends MemberInfo {
  /** Constant pool index of the initial value, 0 where there is none. */
  get constantValue(): number {
    const at = this.find('ConstantValue');
    return at < 0 ? 0 : this.reader(at).u2();
  }
}

/** A method. */
export class MethodInfo extends MemberInfo {
  private parsed: Code | undefined;

  constructor(
    pool: ConstantPool,
    accessFlags: number,
    name: string,
    descriptor: string,
    attributesStart: number,
    annotationsAt: number,
    /** File offset of the Code attribute, or -1. */
    private readonly codeAt: number,
    private readonly where: string,
  ) {
    super(pool, accessFlags, name, descriptor, attributesStart, annotationsAt);
  }

  /** The code, parsed at first use; undefined where the method has no Code attribute. */
  get code(): Code | undefined {
    if (this.parsed === undefined && this.codeAt >= 0) {
      const end = attributeEnd(this.pool.bytes, this.codeAt);
      this.parsed = new Code(this.pool, this.codeAt + 6, end, this.where);
    }
    return this.parsed;
  }

  /**
   * `max_locals << 16 | max_stack`, read without parsing the rest: a class is linked long before most of its methods
   * run. 0 where the method has no Code attribute.
   */
  get frameSize(): number {
    const at = this.codeAt + 6;
    if (this.codeAt < 0) return 0;
    const { bytes } = this.pool;
    return (bytes[at + 2] << 24) | (bytes[at + 3] << 16) | (bytes[at] << 8) | bytes[at + 1];
  }

  /** Internal names of the classes in the `throws` clause. */
  get exceptions(): readonly string[] {
    const at = this.find('Exceptions');
    if (at < 0) return NO_NAMES;
    const reader = this.reader(at);
    const names: string[] = [];
    for (let left = reader.u2(); left > 0; left--) names.push(this.pool.className(reader.u2()));
    return names;
  }

  /** Body of RuntimeVisibleParameterAnnotations. */
  get parameterAnnotations(): Uint8Array | undefined {
    return this.body('RuntimeVisibleParameterAnnotations');
  }

  /** Body of AnnotationDefault. */
  get annotationDefault(): Uint8Array | undefined {
    return this.body('AnnotationDefault');
  }

  /**
   * The MethodParameters attribute.
   *
   * @throws ClassFileError for a name that is none: loading a class does not check them
   */
  get methodParameters(): MethodParameter[] | undefined {
    const at = this.find('MethodParameters');
    if (at < 0) return undefined;
    const reader = this.reader(at);
    const parameters: MethodParameter[] = [];
    for (let left = reader.u1(); left > 0; left--) {
      const nameIndex = reader.u2();
      parameters.push({ name: nameIndex === 0 ? null : this.pool.utf8(nameIndex), flags: reader.u2() });
    }
    return parameters;
  }
}
