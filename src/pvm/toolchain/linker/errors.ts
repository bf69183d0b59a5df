/**
 * What the linker says when a program cannot become PVM code.
 *
 * A file that is no sound ELF gets a `FormatError`, like every other container. A `LinkError` is about a sound ELF:
 * it names the place in the program (section, offset, symbol) so that its author finds the line to change.
 */

/** A place in an ELF file, as messages name it. */
export interface Place {
  /** Name of the section. */
  readonly section?: string | undefined;
  /** Byte offset in the section. */
  readonly offset?: number | undefined;
  /** Symbol the place belongs to, with the distance from it where there is one. */
  readonly symbol?: string | undefined;
}

/** A program that cannot be linked. The message says where and why. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly section: string | undefined;
  readonly offset: number | undefined;
  readonly symbol: string | undefined;

  /** @internal */
  constructor(
    /** What was expected or what cannot be taken. */
    readonly problem: string,
    place: Place = {},
    /** File name, where one is known. */
    readonly file?: string,
  ) {
    super(`${file === undefined ? '' : `${file}: `}${describe(place)}${problem}`);
    this.section = place.section;
    this.offset = place.offset;
    this.symbol = place.symbol;
  }

  /** The same error with the file's name. */
  inFile(file: string): LinkError {
    return new LinkError(this.problem, this, file);
  }
}

function describe({ section, offset, symbol }: Place): string {
  const parts: string[] = [];
  if (section !== undefined) parts.push(offset === undefined ? section : `${section}+0x${offset.toString(16)}`);
  if (symbol !== undefined) parts.push(section === undefined ? symbol : `(${symbol})`);
  return parts.length === 0 ? '' : `${parts.join(' ')}: `;
}
