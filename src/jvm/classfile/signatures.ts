/**
 * Generic signatures (JVMS 4.7.9.1): parsing into a tree, and the tree as Java source would write it.
 */
import { formatError } from './errors.js';
import { externalClass, externalType } from './external-names.js';

/** A type in a signature. */
export type TypeSignature =
  | { readonly kind: 'base'; readonly descriptor: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'array'; readonly element: TypeSignature }
  | ClassTypeSignature;

/** A class type; `inner` are the classes after a dot, with arguments of their own. */
export interface ClassTypeSignature {
  readonly kind: 'class';
  /** Internal name. */
  readonly name: string;
  readonly arguments: readonly TypeArgument[];
  readonly inner: readonly { readonly name: string; readonly arguments: readonly TypeArgument[] }[];
}

/** A type argument; `*` alone has no type. */
export interface TypeArgument {
  readonly wildcard: '' | '*' | '+' | '-';
  readonly type?: TypeSignature;
}

/** A type parameter; `classBound` is null where only interfaces bound it. */
export interface TypeParameter {
  readonly name: string;
  readonly classBound: TypeSignature | null;
  readonly interfaceBounds: readonly TypeSignature[];
}

/** The signature of a class. */
export interface ClassSignature {
  readonly typeParameters: readonly TypeParameter[];
  readonly superclass: ClassTypeSignature;
  readonly interfaces: readonly ClassTypeSignature[];
}

/** The signature of a method. */
export interface MethodSignature {
  readonly typeParameters: readonly TypeParameter[];
  readonly parameters: readonly TypeSignature[];
  readonly returnType: TypeSignature;
  /** Class types and type variables. */
  readonly exceptions: readonly TypeSignature[];
}

const DEEPEST = 256;

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  bad(): Error {
    return formatError(`Illegal generic signature "${this.text}"`);
  }

  get done(): boolean {
    return this.at === this.text.length;
  }

  peek(): string {
    return this.text.charAt(this.at);
  }

  take(): string {
    return this.text.charAt(this.at++);
  }

  accept(char: string): boolean {
    if (this.peek() !== char) return false;
    this.at++;
    return true;
  }

  expect(char: string): void {
    if (!this.accept(char)) throw this.bad();
  }

  identifier(): string {
    const start = this.at;
    while (!this.done && !'.;[/<>:'.includes(this.peek())) this.at++;
    if (this.at === start) throw this.bad();
    return this.text.slice(start, this.at);
  }

  type(): TypeSignature {
    if (++this.depth > DEEPEST) throw this.bad();
    try {
      const char = this.peek();
      if (char !== '' && 'BCDFIJSZ'.includes(char)) return { kind: 'base', descriptor: this.take() };
      return this.reference();
    } finally {
      this.depth--;
    }
  }

  reference(): TypeSignature {
    if (this.accept('[')) return { kind: 'array', element: this.type() };
    if (this.accept('T')) {
      const name = this.identifier();
      this.expect(';');
      return { kind: 'variable', name };
    }
    return this.classType();
  }

  classType(): ClassTypeSignature {
    this.expect('L');
    let name = this.identifier();
    while (this.accept('/')) name += `/${this.identifier()}`;
    const list = this.arguments();
    const inner: { name: string; arguments: readonly TypeArgument[] }[] = [];
    while (this.accept('.')) inner.push({ name: this.identifier(), arguments: this.arguments() });
    this.expect(';');
    return { kind: 'class', name, arguments: list, inner };
  }

  arguments(): TypeArgument[] {
    const list: TypeArgument[] = [];
    if (!this.accept('<')) return list;
    do {
      if (this.accept('*')) list.push({ wildcard: '*' });
      else if (this.accept('+')) list.push({ wildcard: '+', type: this.nested() });
      else if (this.accept('-')) list.push({ wildcard: '-', type: this.nested() });
      else list.push({ wildcard: '', type: this.nested() });
    } while (!this.accept('>'));
    return list;
  }

  private nested(): TypeSignature {
    if (++this.depth > DEEPEST) throw this.bad();
    const type = this.reference();
    this.depth--;
    return type;
  }

  typeParameters(): TypeParameter[] {
    const list: TypeParameter[] = [];
    if (!this.accept('<')) return list;
    do {
      const name = this.identifier();
      this.expect(':');
      const next = this.peek();
      const classBound = next === ':' || next === '>' || !'LT['.includes(next) ? null : this.reference();
      const interfaceBounds: TypeSignature[] = [];
      while (this.accept(':')) interfaceBounds.push(this.reference());
      list.push({ name, classBound, interfaceBounds });
    } while (!this.accept('>'));
    return list;
  }
}

/** Parses the signature of a field, local variable or record component. Throws ClassFormatError. */
export function parseFieldSignature(text: string): TypeSignature {
  const parser = new Parser(text);
  const type = parser.type();
  if (!parser.done) throw parser.bad();
  return type;
}

/** Parses the signature of a class. Throws ClassFormatError. */
export function parseClassSignature(text: string): ClassSignature {
  const parser = new Parser(text);
  const typeParameters = parser.typeParameters();
  const superclass = parser.classType();
  const interfaces: ClassTypeSignature[] = [];
  while (!parser.done) interfaces.push(parser.classType());
  return { typeParameters, superclass, interfaces };
}

/** Parses the signature of a method. Throws ClassFormatError. */
export function parseMethodSignature(text: string): MethodSignature {
  const parser = new Parser(text);
  const typeParameters = parser.typeParameters();
  parser.expect('(');
  const parameters: TypeSignature[] = [];
  while (!parser.accept(')')) parameters.push(parser.type());
  const returnType: TypeSignature = parser.accept('V') ? { kind: 'base', descriptor: 'V' } : parser.type();
  const exceptions: TypeSignature[] = [];
  while (parser.accept('^')) exceptions.push(parser.reference());
  if (!parser.done) throw parser.bad();
  return { typeParameters, parameters, returnType, exceptions };
}

function argumentText({ wildcard, type }: TypeArgument): string {
  if (type === undefined) return '?';
  const text = typeText(type);
  return wildcard === '+' ? `? extends ${text}` : wildcard === '-' ? `? super ${text}` : text;
}

function argumentsText(list: readonly TypeArgument[]): string {
  return list.length === 0 ? '' : `<${list.map(argumentText).join(', ')}>`;
}

/** The type as Java source writes it. */
export function typeText(type: TypeSignature): string {
  switch (type.kind) {
    case 'base':
      return externalType(type.descriptor);
    case 'variable':
      return type.name;
    case 'array':
      return `${typeText(type.element)}[]`;
    default: {
      const inner = type.inner.map((item) => `.${item.name}${argumentsText(item.arguments)}`);
      return externalClass(type.name) + argumentsText(type.arguments) + inner.join('');
    }
  }
}

/** Type parameters in angle brackets, empty where there are none; a bound that is only Object is left out unless `full`. */
export function typeParametersText(parameters: readonly TypeParameter[], full = false): string {
  if (parameters.length === 0) return '';
  const list = parameters.map(({ name, classBound, interfaceBounds }) => {
    const isObject = classBound?.kind === 'class' && classBound.name === 'java/lang/Object';
    const shown = classBound !== null && (full || !isObject || interfaceBounds.length > 0);
    const bounds = [...(shown ? [classBound] : []), ...interfaceBounds].map(typeText);
    return bounds.length === 0 ? name : `${name} extends ${bounds.join(' & ')}`;
  });
  return `<${list.join(', ')}>`;
}
