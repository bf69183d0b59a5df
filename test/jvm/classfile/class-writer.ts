/**
 * Writes class files for tests, sound or broken: a constant pool that grows by what is asked for, raw flags, names and
 * code. Nothing is checked, since most of what it writes is meant to be wrong.
 */

type Item = { readonly key: string; readonly bytes: readonly number[]; readonly wide?: boolean };

/** Two bytes, big-endian. */
export function u2(value: number): number[] {
  return [(value >> 8) & 0xff, value & 0xff];
}

/** Four bytes, big-endian. */
export function u4(value: number): number[] {
  return [(value >>> 24) & 0xff, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}

/** What a method needs beside its name. */
export interface MethodSpec {
  flags?: number;
  name?: string;
  descriptor?: string;
  maxStack?: number;
  maxLocals?: number;
  /** Bytecode; absent for a method without a Code attribute. */
  code?: readonly number[];
  /** start, end, handler, catch type (constant pool index). */
  exceptions?: readonly (readonly [number, number, number, number])[];
  /** Frames of a StackMapTable: raw bytes without the count. */
  frames?: readonly (readonly number[])[];
  /** Raw attributes of the method. */
  attributes?: readonly { name: string; body: readonly number[] }[];
}

/** A class file in the making. */
export class ClassWriter {
  major = 61;
  minor = 0;
  flags = 0x21;
  superName: string | null = 'java/lang/Object';
  interfaces: string[] = [];
  attributes: { name: string; body: readonly number[] }[] = [];
  private readonly items: Item[] = [];
  private readonly fields: number[][] = [];
  private readonly methods: number[][] = [];
  private next = 1;
  private readonly indexes = new Map<string, number>();

  constructor(readonly name: string) {}

  /** Adds a raw constant pool entry; equal keys share one. */
  item(key: string, bytes: readonly number[], wide = false): number {
    const known = this.indexes.get(key);
    if (known !== undefined) return known;
    const index = this.next;
    this.next += wide ? 2 : 1;
    this.indexes.set(key, index);
    this.items.push({ key, bytes, wide });
    return index;
  }

  utf8(text: string): number {
    const bytes = [...new TextEncoder().encode(text)];
    return this.item(`u ${text}`, [1, ...u2(bytes.length), ...bytes]);
  }

  class(name: string): number {
    return this.item(`c ${name}`, [7, ...u2(this.utf8(name))]);
  }

  string(text: string): number {
    return this.item(`s ${text}`, [8, ...u2(this.utf8(text))]);
  }

  int(value: number): number {
    return this.item(`i ${value}`, [3, ...u4(value)]);
  }

  long(high: number, low: number): number {
    return this.item(`l ${high} ${low}`, [5, ...u4(high), ...u4(low)], true);
  }

  nameAndType(name: string, descriptor: string): number {
    return this.item(`n ${name} ${descriptor}`, [12, ...u2(this.utf8(name)), ...u2(this.utf8(descriptor))]);
  }

  /** tag 9, 10 or 11. */
  member(tag: number, className: string, name: string, descriptor: string): number {
    const bytes = [tag, ...u2(this.class(className)), ...u2(this.nameAndType(name, descriptor))];
    return this.item(`m ${bytes}`, bytes);
  }

  field(className: string, name: string, descriptor: string): number {
    return this.member(9, className, name, descriptor);
  }

  method(className: string, name: string, descriptor: string): number {
    return this.member(10, className, name, descriptor);
  }

  interfaceMethod(className: string, name: string, descriptor: string): number {
    return this.member(11, className, name, descriptor);
  }

  addField(flags: number, name: string, descriptor: string, attributes: MethodSpec['attributes'] = []): this {
    this.fields.push([...u2(flags), ...u2(this.utf8(name)), ...u2(this.utf8(descriptor)), ...this.table(attributes)]);
    return this;
  }

  addMethod(spec: MethodSpec): this {
    const { flags = 9, name = 'm', descriptor = '()V', maxStack = 4, maxLocals = 4 } = spec;
    const attributes = [...(spec.attributes ?? [])];
    if (spec.code !== undefined) {
      const inner = spec.frames
        ? [{ name: 'StackMapTable', body: [...u2(spec.frames.length), ...spec.frames.flat()] }]
        : [];
      const exceptions = spec.exceptions ?? [];
      attributes.unshift({
        name: 'Code',
        body: [
          ...u2(maxStack),
          ...u2(maxLocals),
          ...u4(spec.code.length),
          ...spec.code,
          ...u2(exceptions.length),
          ...exceptions.flatMap((entry) => entry.flatMap(u2)),
          ...this.table(inner),
        ],
      });
    }
    this.methods.push([...u2(flags), ...u2(this.utf8(name)), ...u2(this.utf8(descriptor)), ...this.table(attributes)]);
    return this;
  }

  /** The class file. */
  bytes(): Uint8Array {
    const thisIndex = this.class(this.name);
    const superIndex = this.superName === null ? 0 : this.class(this.superName);
    const interfaces = this.interfaces.map((name) => this.class(name));
    const attributes = this.table(this.attributes);
    return Uint8Array.from([
      ...u4(0xcafebabe),
      ...u2(this.minor),
      ...u2(this.major),
      ...u2(this.next),
      ...this.items.flatMap((item) => item.bytes),
      ...u2(this.flags),
      ...u2(thisIndex),
      ...u2(superIndex),
      ...u2(interfaces.length),
      ...interfaces.flatMap(u2),
      ...u2(this.fields.length),
      ...this.fields.flat(),
      ...u2(this.methods.length),
      ...this.methods.flat(),
      ...attributes,
    ]);
  }

  private table(attributes: readonly { name: string; body: readonly number[] }[]): number[] {
    return [
      ...u2(attributes.length),
      ...attributes.flatMap(({ name, body }) => [...u2(this.utf8(name)), ...u4(body.length), ...body]),
    ];
  }
}
