/**
 * Tokens of PVM assembly, a line at a time, each with its column so that every error can point at its place.
 */

/** Text that does not assemble. */
export class AssemblyError extends Error {
  override readonly name = 'AssemblyError';
  constructor(
    /** What was expected and what was found. */
    readonly problem: string,
    /** Line, from 1. */
    readonly line: number,
    /** Column, from 1. */
    readonly column: number,
    /** File name, where one is known. */
    readonly file?: string,
  ) {
    super(`${file === undefined ? '' : `${file}:`}${line}:${column}: ${problem}`);
  }
}

export type TokenKind = 'word' | 'directive' | 'label' | 'number' | 'string' | 'mark' | 'end';

/** A token. */
export interface Token {
  readonly kind: TokenKind;
  /** As written; for a label reference and a directive without its sign; for a string its bytes, a character each. */
  readonly text: string;
  /** Column, from 1. */
  readonly column: number;
}

const TOKEN =
  /\s*(?:(?<comment>;|\/\/)|@(?<label>[A-Za-z_$][\w$.]*)|\.(?<directive>[A-Za-z_]\w*)|(?<number>0[xX][\da-fA-F_]+|0[bB][01_]+|\d[\d_]*(?![\w]))|(?<word>[A-Za-z_$][\w$.]*)|(?<string>"(?:[^"\\]|\\.)*")|(?<char>'(?:[^'\\]|\\.)')|(?<mark>[,:[\]+\-!.*=]))/y;

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '0': '\0',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** The tokens of a line without its comment, closed by an `end`. */
export function tokens(text: string, line: number, file?: string): Token[] {
  const found: Token[] = [];
  const add = (kind: TokenKind, value: string, length: number): void => {
    found.push({ kind, text: value, column: TOKEN.lastIndex - length + 1 });
  };
  TOKEN.lastIndex = 0;
  let end = text.length;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) {
      const rest = text.slice(at);
      if (rest.trim() === '') break;
      const column = at + 1 + rest.length - rest.trimStart().length;
      const what = rest.trimStart().startsWith('"') ? 'a string that ends on this line' : 'an instruction or operand';
      throw new AssemblyError(`expected ${what}, found "${rest.trim()}"`, line, column, file);
    }
    if (groups.comment !== undefined) {
      end = TOKEN.lastIndex - groups.comment.length;
      break;
    }
    if (groups.label !== undefined) add('label', groups.label, groups.label.length + 1);
    else if (groups.directive !== undefined) add('directive', groups.directive, groups.directive.length + 1);
    else if (groups.number !== undefined) add('number', groups.number, groups.number.length);
    else if (groups.word !== undefined) add('word', groups.word, groups.word.length);
    else if (groups.mark !== undefined) add('mark', groups.mark, 1);
    else {
      const quoted = (groups.string ?? groups.char) as string;
      const value = unescaped(quoted.slice(1, -1), line, TOKEN.lastIndex - quoted.length + 2, file);
      if (groups.string !== undefined) add('string', value, quoted.length);
      else add('number', String(value.charCodeAt(0)), quoted.length);
    }
  }
  found.push({ kind: 'end', text: 'the end of the line', column: end + 1 });
  return found;
}

/** The bytes of a quoted text, one character each: UTF-8, with `\xHH` standing for the byte itself. */
function unescaped(text: string, line: number, column: number, file?: string): string {
  let bytes = '';
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) as number;
    if (code !== 0x5c) {
      if (code < 0x80) bytes += String.fromCharCode(code);
      else for (const byte of new TextEncoder().encode(String.fromCodePoint(code))) bytes += String.fromCharCode(byte);
      at += code > 0xffff ? 2 : 1;
      continue;
    }
    const hex = /^x([\da-fA-F]{2})/.exec(text.slice(at + 1, at + 4));
    const value =
      hex === null ? ESCAPES[text[at + 1] as string] : String.fromCharCode(Number.parseInt(hex[1] as string, 16));
    if (value === undefined) {
      throw new AssemblyError(
        `expected one of \\n \\r \\t \\0 \\\\ \\" \\' \\xHH, found \\${text[at + 1]}`,
        line,
        column + at,
        file,
      );
    }
    bytes += value;
    at += hex === null ? 2 : 4;
  }
  return bytes;
}
