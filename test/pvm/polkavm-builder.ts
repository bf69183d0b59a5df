/**
 * Builds `.polkavm` files for tests, one section at a time, so that each can be left out or broken.
 */
import { type CodeBlob, writeCodeBlob } from '../../src/pvm/program/code-blob.js';
import { encodeNatural } from '../../src/pvm/program/reader.js';

/** What goes into the file; a section is written where its part is given. */
export interface PolkavmParts {
  readonly version?: number;
  readonly memory?: readonly [readOnly: number, readWrite: number, stack: number];
  readonly readOnly?: Uint8Array;
  readonly readWrite?: Uint8Array;
  readonly imports?: readonly string[];
  readonly exports?: readonly (readonly [name: string, pc: number])[];
  readonly blob?: CodeBlob;
  /** Sections written as they are, after the others. */
  readonly extra?: readonly (readonly [id: number, contents: readonly number[]])[];
}

/** The file's bytes. */
export function buildPolkavm(parts: PolkavmParts): Uint8Array {
  const bytes: number[] = [];
  const section = (id: number, contents: Iterable<number>): void => {
    const list = [...contents];
    bytes.push(id, ...encodeNatural(list.length), ...list);
  };
  if (parts.memory !== undefined) section(1, parts.memory.flatMap(encodeNatural));
  if (parts.readOnly !== undefined) section(2, parts.readOnly);
  if (parts.readWrite !== undefined) section(3, parts.readWrite);
  if (parts.imports !== undefined) {
    const contents = encodeNatural(parts.imports.length);
    let offset = 0;
    for (const name of parts.imports) {
      contents.push(offset & 255, (offset >> 8) & 255, 0, 0);
      offset += Buffer.byteLength(name);
    }
    section(4, [...contents, ...Buffer.from(parts.imports.join(''))]);
  }
  if (parts.exports !== undefined) {
    const contents = encodeNatural(parts.exports.length);
    for (const [name, pc] of parts.exports) {
      contents.push(...encodeNatural(pc), ...encodeNatural(Buffer.byteLength(name)), ...Buffer.from(name));
    }
    section(5, contents);
  }
  if (parts.blob !== undefined) section(6, writeCodeBlob(parts.blob));
  for (const [id, contents] of parts.extra ?? []) section(id, contents);
  bytes.push(0);
  const head = new Uint8Array(13);
  head.set([0x50, 0x56, 0x4d, 0, parts.version ?? 3]);
  new DataView(head.buffer).setBigUint64(5, BigInt(head.length + bytes.length), true);
  return Uint8Array.from([...head, ...bytes]);
}
