import type { Vm } from './vm.js';

/** Fewer characters than this are converted in a loop, more through a decoder. */
const SHORT = 24;
const latin1 = new TextDecoder('latin1');

/** Strings of one VM. */
export class Strings {
  private readonly vm: Vm;
  /** Interned strings by content: the cell that keeps each. */
  private readonly interned = new Map<string, number>();

  constructor(vm: Vm) {
    this.vm = vm;
  }

  /** Content of a `java.lang.String`. */
  toJs(ref: number): string {
    const { vm } = this;
    const { stringValue, stringCoder } = vm.known;
    const array = vm.words[(ref + stringValue) >>> 2]!;
    const length = vm.words[(array >>> 2) + 2]!;
    const start = (array >>> 0) + 16;
    if (vm.u8[(ref >>> 0) + stringCoder] === 0) {
      if (length > SHORT) {
        // 'latin1' of the Encoding Standard is windows-1252: it differs in 0x80 to 0x9f.
        const bytes = vm.u8.subarray(start, start + length);
        if (!bytes.some((b) => b >= 0x80 && b < 0xa0)) return latin1.decode(bytes);
      }
      let text = '';
      for (let i = 0; i < length; i++) text += String.fromCharCode(vm.u8[start + i]!);
      return text;
    }
    return this.charsToJs(start >>> 1, length >>> 1);
  }

  private charsToJs(start: number, length: number): string {
    const { u16 } = this.vm.arena;
    let text = '';
    for (let i = 0; i < length; i += 4096) {
      text += String.fromCharCode(...u16.subarray(start + i, start + Math.min(i + 4096, length)));
    }
    return text;
  }

  /** Content of a string, or `null` for the null reference. */
  toJsOrNull(ref: number): string | null {
    return ref === 0 ? null : this.toJs(ref);
  }

  /**
   * Makes a new `java.lang.String`.
   *
   * @throws NeedsCollection when the heap is full
   */
  fromJs(text: string): number {
    const { vm } = this;
    let wide = false;
    for (let i = 0; i < text.length; i++) {
      if (text.charCodeAt(i) > 0xff) {
        wide = true;
        break;
      }
    }
    const array = vm.heap.allocateArray(vm.known.byteArray, wide ? text.length * 2 : text.length);
    const start = (array >>> 0) + 16;
    if (wide) {
      const { u16 } = vm.arena;
      for (let i = 0; i < text.length; i++) u16[(start >>> 1) + i] = text.charCodeAt(i);
    } else {
      for (let i = 0; i < text.length; i++) vm.u8[start + i] = text.charCodeAt(i);
    }
    const ref = vm.heap.allocateObject(vm.known.string);
    vm.putReference(ref, vm.known.stringValue, array);
    vm.putByte(ref >>> 0, vm.known.stringCoder, wide ? 1 : 0);
    return ref;
  }

  /** Root cell of the interned string with this content. Made when first asked for, even when the heap is at its limit. */
  internCell(text: string): number {
    let cell = this.interned.get(text);
    if (cell === undefined) {
      cell = this.vm.roots.create(this.fromJs(text));
      this.interned.set(text, cell);
    }
    return cell;
  }

  /** `String.intern`. */
  intern(ref: number): number {
    const text = this.toJs(ref);
    const cell = this.interned.get(text);
    if (cell !== undefined) return this.vm.words[cell >>> 2]!;
    this.interned.set(text, this.vm.roots.create(ref));
    return ref;
  }

  /** Interned strings so far. */
  get internedCount(): number {
    return this.interned.size;
  }
}
