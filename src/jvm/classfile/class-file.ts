/**
 * A parsed class file (JVMS 4.1). Class attributes are parsed when asked for, like those of members.
 */
import { type AttributeInfo, attributeBody, attributeEnd, findAttribute, listAttributes } from './attributes.js';
import type { ConstantPool } from './constant-pool.js';
import { formatError } from './errors.js';
import type { FieldInfo, MethodInfo } from './members.js';
import { type ModuleInfo, parseModule } from './module-info.js';
import { Reader } from './reader.js';

/** One entry of InnerClasses; internal names, `outer` and `name` null for local and anonymous classes. */
export interface InnerClass {
  readonly inner: string;
  readonly outer: string | null;
  readonly name: string | null;
  readonly flags: number;
}

/** EnclosingMethod: `name` and `descriptor` are absent outside a method. */
export interface EnclosingMethod {
  readonly className: string;
  readonly name?: string;
  readonly descriptor?: string;
}

/** One bootstrap method: constant pool indexes of the method handle and of the static arguments. */
export interface BootstrapMethod {
  readonly methodRef: number;
  readonly args: readonly number[];
}

/** One component of a record; annotation bodies are raw. */
export interface RecordComponent {
  readonly name: string;
  readonly descriptor: string;
  readonly signature?: string;
  readonly annotations?: Uint8Array;
  readonly typeAnnotations?: Uint8Array;
  readonly attributes: readonly AttributeInfo[];
}

/** Everything parseClass has found out before attributes. */
export interface ClassHeader {
  readonly minor: number;
  readonly major: number;
  readonly pool: ConstantPool;
  readonly accessFlags: number;
  readonly name: string;
  readonly superName: string | null;
  readonly interfaces: readonly string[];
  readonly fields: readonly FieldInfo[];
  readonly methods: readonly MethodInfo[];
  readonly attributesStart: number;
}

const NO_BOOTSTRAPS: readonly BootstrapMethod[] = [];
const NO_NAMES: readonly string[] = [];

/** A class file. Names are in internal form. */
export class ClassFile {
  readonly minor: number;
  readonly major: number;
  readonly pool: ConstantPool;
  readonly accessFlags: number;
  readonly name: string;
  /** Null for `java/lang/Object` and module-info. */
  readonly superName: string | null;
  readonly interfaces: readonly string[];
  readonly fields: readonly FieldInfo[];
  readonly methods: readonly MethodInfo[];
  /** Where the class's attribute table starts (its count). */
  readonly attributesStart: number;
  private bootstraps: readonly BootstrapMethod[] | undefined;

  constructor(header: ClassHeader) {
    this.minor = header.minor;
    this.major = header.major;
    this.pool = header.pool;
    this.accessFlags = header.accessFlags;
    this.name = header.name;
    this.superName = header.superName;
    this.interfaces = header.interfaces;
    this.fields = header.fields;
    this.methods = header.methods;
    this.attributesStart = header.attributesStart;
  }

  get sourceFile(): string | undefined {
    return this.text('SourceFile');
  }

  /** The generic signature. */
  get signature(): string | undefined {
    return this.text('Signature');
  }

  get isSynthetic(): boolean {
    return (this.accessFlags & 0x1000) !== 0 || this.find('Synthetic') >= 0;
  }

  get isDeprecated(): boolean {
    return this.find('Deprecated') >= 0;
  }

  get innerClasses(): InnerClass[] | undefined {
    const reader = this.reader('InnerClasses');
    if (reader === undefined) return undefined;
    const { pool } = this;
    const list: InnerClass[] = [];
    for (let left = reader.u2(); left > 0; left--) {
      const inner = pool.className(reader.u2());
      const outer = reader.u2();
      const name = reader.u2();
      list.push({
        inner,
        outer: outer === 0 ? null : pool.className(outer),
        name: name === 0 ? null : pool.utf8(name),
        flags: reader.u2(),
      });
    }
    return list;
  }

  get enclosingMethod(): EnclosingMethod | undefined {
    const reader = this.reader('EnclosingMethod');
    if (reader === undefined) return undefined;
    const className = this.pool.className(reader.u2());
    const method = reader.u2();
    return method === 0 ? { className } : { className, ...this.pool.nameAndType(method) };
  }

  /** The bootstrap methods; empty where there are none. */
  get bootstrapMethods(): readonly BootstrapMethod[] {
    this.bootstraps ??= this.parseBootstraps();
    return this.bootstraps;
  }

  /** The nest host this class names, undefined where it names none (it then hosts its own nest). */
  get nestHost(): string | undefined {
    const reader = this.reader('NestHost');
    return reader === undefined ? undefined : this.pool.className(reader.u2());
  }

  get nestMembers(): readonly string[] {
    return this.names('NestMembers') ?? NO_NAMES;
  }

  /** Undefined for a class that is not sealed. */
  get permittedSubclasses(): readonly string[] | undefined {
    return this.names('PermittedSubclasses');
  }

  /** The components of a record class, undefined for others. */
  get record(): RecordComponent[] | undefined {
    const reader = this.reader('Record');
    if (reader === undefined) return undefined;
    const { pool } = this;
    const list: RecordComponent[] = [];
    for (let left = reader.u2(); left > 0; left--) {
      const name = pool.utf8(reader.u2());
      const descriptor = pool.utf8(reader.u2());
      const attributes: AttributeInfo[] = [];
      const extra: { signature?: string; annotations?: Uint8Array; typeAnnotations?: Uint8Array } = {};
      for (let more = reader.u2(); more > 0; more--) {
        const attribute = pool.utf8(reader.u2());
        const length = reader.u4();
        const offset = reader.at;
        const body = reader.view(length);
        attributes.push({ name: attribute, offset, length });
        if (attribute === 'Signature')
          extra.signature = pool.utf8(new Reader(pool.bytes, offset, offset + length).u2());
        else if (attribute === 'RuntimeVisibleAnnotations') extra.annotations = body;
        else if (attribute === 'RuntimeVisibleTypeAnnotations') extra.typeAnnotations = body;
      }
      list.push({ name, descriptor, ...extra, attributes });
    }
    return list;
  }

  /** Body of RuntimeVisibleAnnotations. */
  get annotations(): Uint8Array | undefined {
    return this.body('RuntimeVisibleAnnotations');
  }

  /** Body of RuntimeVisibleTypeAnnotations. */
  get typeAnnotations(): Uint8Array | undefined {
    return this.body('RuntimeVisibleTypeAnnotations');
  }

  /** Body of SourceDebugExtension (modified UTF-8). */
  get sourceDebugExtension(): Uint8Array | undefined {
    return this.body('SourceDebugExtension');
  }

  /** The Module attribute of a module-info. */
  get module(): ModuleInfo | undefined {
    const reader = this.reader('Module');
    return reader === undefined ? undefined : parseModule(this.pool, reader);
  }

  /** ModulePackages, internal form. */
  get modulePackages(): readonly string[] | undefined {
    const reader = this.reader('ModulePackages');
    if (reader === undefined) return undefined;
    const list: string[] = [];
    for (let left = reader.u2(); left > 0; left--) list.push(this.pool.packageName(reader.u2()));
    return list;
  }

  /** ModuleMainClass, internal form. */
  get moduleMainClass(): string | undefined {
    const reader = this.reader('ModuleMainClass');
    return reader === undefined ? undefined : this.pool.className(reader.u2());
  }

  /** All attributes, known or not. */
  get attributes(): AttributeInfo[] {
    return listAttributes(this.pool, this.attributesStart);
  }

  /** The first method with this name and descriptor. */
  findMethod(name: string, descriptor: string): MethodInfo | undefined {
    return this.methods.find((method) => method.name === name && method.descriptor === descriptor);
  }

  private find(name: string): number {
    return findAttribute(this.pool, this.attributesStart, name);
  }

  private reader(name: string): Reader | undefined {
    const at = this.find(name);
    return at < 0 ? undefined : new Reader(this.pool.bytes, at + 6, attributeEnd(this.pool.bytes, at));
  }

  private body(name: string): Uint8Array | undefined {
    const at = this.find(name);
    return at < 0 ? undefined : attributeBody(this.pool.bytes, at);
  }

  private text(name: string): string | undefined {
    const reader = this.reader(name);
    return reader === undefined ? undefined : this.pool.utf8(reader.u2());
  }

  private names(name: string): string[] | undefined {
    const reader = this.reader(name);
    if (reader === undefined) return undefined;
    const list: string[] = [];
    for (let left = reader.u2(); left > 0; left--) list.push(this.pool.className(reader.u2()));
    return list;
  }

  private parseBootstraps(): readonly BootstrapMethod[] {
    const reader = this.reader('BootstrapMethods');
    if (reader === undefined) return NO_BOOTSTRAPS;
    const list: BootstrapMethod[] = [];
    for (let left = reader.u2(); left > 0; left--) {
      const methodRef = reader.u2();
      const args: number[] = [];
      for (let more = reader.u2(); more > 0; more--) args.push(reader.u2());
      list.push({ methodRef, args });
    }
    if (reader.at !== reader.end) {
      throw formatError(`Bad length on BootstrapMethods in class file ${this.name}`, reader.at);
    }
    return list;
  }
}
