/**
 * A line of assembly, read token by token: the grammar's small parts (registers, expressions, memory operands,
 * branch targets), each with errors that say what was expected where.
 *
 *     expression = term { ("+" | "-") term }        term = number | 'c' | NAME | @label
 *     memory     = "[" register [ ("+" | "-") expression ] "]"  |  "[" expression "]"
 *     target     = @label  |  "." [ ("+" | "-") expression ]  |  expression
 *
 * Labels may be used before they are defined, so an expression stays a constant plus labels until all is read.
 */
import { AssemblyError, type Token, type TokenKind, tokens } from './lexer.js';

/** A constant and labels to be added to it once their places are known. */
export interface Expression {
  readonly constant: bigint;
  readonly labels: readonly { readonly name: string; readonly negative: boolean; readonly token: Token }[];
  /** Where it starts, for errors. */
  readonly token: Token;
}

/** A branch target as written. */
export type Target =
  | { readonly label: string; readonly token: Token }
  | { readonly relative: Expression }
  | { readonly absolute: Expression };

/** Where in the text something stands. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const REGISTER = /^r(?:\d|1[0-2])$/;

/** One line being read. */
export class LineParser {
  private readonly line: Token[];
  private next = 0;

  constructor(
    text: string,
    readonly number: number,
    private readonly constants: ReadonlyMap<string, bigint>,
    private readonly file: string | undefined,
  ) {
    this.line = tokens(text, number, file);
  }

  /** The next token. */
  get token(): Token {
    return this.line[this.next] as Token;
  }

  /** The token after the next. */
  get following(): Token | undefined {
    return this.line[this.next + 1];
  }

  /** Where the next token stands. */
  get position(): Position {
    return { line: this.number, column: this.token.column };
  }

  /** An error at a token, by default the next one. */
  error(problem: string, token = this.token): AssemblyError {
    return new AssemblyError(problem, this.number, token.column, this.file);
  }

  /** The error for a token that is not what was expected. */
  unexpected(expected: string, token = this.token): AssemblyError {
    const sign = token.kind === 'label' ? '@' : token.kind === 'directive' ? '.' : '';
    const found = token.kind === 'end' ? token.text : token.kind === 'string' ? 'a string' : `"${sign}${token.text}"`;
    return this.error(`expected ${expected}, found ${found}`, token);
  }

  /** Takes the next token, whatever it is. */
  take(): Token {
    const token = this.token;
    if (token.kind !== 'end') this.next++;
    return token;
  }

  /** Takes the next token where it is a certain mark. */
  accept(mark: string): boolean {
    const token = this.token;
    if (token.kind !== 'mark' || token.text !== mark) return false;
    this.next++;
    return true;
  }

  /** Whether the next token is of a kind. */
  at(kind: TokenKind): boolean {
    return this.token.kind === kind;
  }

  /** Takes a certain mark. */
  expect(mark: string): void {
    if (!this.accept(mark)) throw this.unexpected(`"${mark}"`);
  }

  /** Checks that the line is over. */
  expectEnd(): void {
    if (!this.at('end')) throw this.unexpected('the end of the line');
  }

  /** A name that is no register. */
  name(what: string): Token {
    const token = this.token;
    if (token.kind !== 'word' || REGISTER.test(token.text)) throw this.unexpected(what);
    return this.take();
  }

  /** A register's number. */
  register(): number {
    const token = this.token;
    if (token.kind !== 'word' || !REGISTER.test(token.text)) throw this.unexpected('a register r0–r12');
    this.next++;
    return Number(token.text.slice(1));
  }

  /** An expression; `negative` where a minus sign before it has been taken. */
  expression(what: string, negative = false): Expression {
    const start = this.token;
    let constant = 0n;
    const labels: { name: string; negative: boolean; token: Token }[] = [];
    let minus = negative;
    if (!minus) minus = this.accept('-');
    for (;;) {
      const token = this.token;
      if (token.kind === 'number') {
        const value = BigInt(token.text.replaceAll('_', ''));
        constant += minus ? -value : value;
      } else if (token.kind === 'label') {
        labels.push({ name: token.text, negative: minus, token });
      } else if (token.kind === 'word' && this.constants.has(token.text)) {
        const value = this.constants.get(token.text) as bigint;
        constant += minus ? -value : value;
      } else {
        throw this.unexpected(what);
      }
      this.next++;
      if (this.accept('+')) minus = false;
      else if (this.accept('-')) minus = true;
      else return { constant, labels, token: start };
    }
  }

  /** A number known at once, within limits. */
  count(what: string, limit: number): number {
    const { constant, labels, token } = this.expression(what);
    if (labels.length > 0) throw this.unexpected(what, token);
    if (constant < 0n || constant > BigInt(limit)) {
      throw this.error(`expected ${what} from 0 to ${limit}, found ${constant}`, token);
    }
    return Number(constant);
  }

  /** A memory operand; `register` is undefined where it has none. */
  memory(): { register: number | undefined; address: Expression } {
    const start = this.token;
    this.expect('[');
    let register: number | undefined;
    let address: Expression = { constant: 0n, labels: [], token: start };
    if (this.token.kind === 'word' && REGISTER.test(this.token.text)) {
      register = this.register();
      if (this.accept('+')) address = this.expression('an offset');
      else if (this.accept('-')) address = this.expression('an offset', true);
    } else {
      address = this.expression('a register or an address');
    }
    this.expect(']');
    return { register, address };
  }

  /** Where a branch goes. */
  target(): Target {
    const token = this.token;
    if (token.kind === 'label') {
      this.next++;
      return { label: token.text, token };
    }
    if (this.accept('.')) {
      if (this.accept('+')) return { relative: this.expression('a distance') };
      if (this.accept('-')) return { relative: this.expression('a distance', true) };
      return { relative: { constant: 0n, labels: [], token } };
    }
    return { absolute: this.expression('a branch target such as @label') };
  }
}
