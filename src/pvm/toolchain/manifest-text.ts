/**
 * A kernel manifest under assembly: its capabilities in the order of the text, each with the section that fills it.
 *
 *     .manifest pages=8 invoke=64
 *     .code slot=64
 *     .data slot=65 base=0x10 pages=4 access=rw
 *
 * Attributes are named because a capability has many numbers and none of them explains itself by its place. What
 * can be inferred may be left out: the pages of a DATA capability are then those its contents need, the pages of
 * the manifest those of its DATA capabilities, and the first CODE capability is the one that runs.
 */
import { Dialect, INSTRUCTION_SETS, type InstructionSet } from '../isa/instructions.js';
import { PAGE_SIZE } from '../layout.js';
import { FormatError } from '../program/image.js';
import { type ManifestSource, manifestEntryAt, writeManifest } from '../program/manifest.js';
import { plural } from '../program/reader.js';
import { AssemblyError } from './lexer.js';
import type { LineParser, Position } from './parser.js';
import { CodeSection, DataSection, type Label, type LaidOut } from './sections.js';

/** Largest number of pages, and of the page after the last: 4 GiB. */
const MAX_PAGES = 0x100000;

interface CodeEntry extends Position {
  readonly slot: number;
  readonly section: CodeSection;
}

interface DataEntry extends Position {
  readonly slot: number;
  readonly section: DataSection;
  readonly basePage: number;
  readonly pageCount: number | undefined;
  readonly access: 'read' | 'write';
}

/** The instructions a manifest's code is made of. */
export const KERNEL_INSTRUCTIONS = INSTRUCTION_SETS[Dialect.Kernel] as InstructionSet;

/** A manifest being put together. */
export class ManifestText {
  private readonly entries: (CodeEntry | DataEntry)[] = [];
  private readonly pages: number | undefined;
  private readonly invoke: number | undefined;

  /** Reads what follows `.manifest`; `position` is that of the directive, here and below. */
  constructor(
    parser: LineParser,
    private readonly position: Position,
    private readonly file: string | undefined,
  ) {
    const attributes = new Attributes(parser, ['pages', 'invoke']);
    this.pages = attributes.get('pages');
    this.invoke = attributes.get('invoke');
  }

  /** The code sections, by slot. */
  get codes(): ReadonlyMap<number, CodeSection> {
    return new Map(
      this.entries.flatMap(({ slot, section }) => (section instanceof CodeSection ? [[slot, section]] : [])),
    );
  }

  /** Reads what follows `.code`. */
  code(parser: LineParser, position: Position, dataLabels: ReadonlyMap<string, Label>): CodeSection {
    const slot = this.newSlot(new Attributes(parser, ['slot']), position);
    const section = new CodeSection(KERNEL_INSTRUCTIONS, dataLabels, this.file);
    this.entries.push({ ...position, slot, section });
    return section;
  }

  /** Reads what follows `.data`. */
  data(parser: LineParser, position: Position): DataSection {
    const attributes = new Attributes(parser, ['slot', 'base', 'pages', 'access']);
    const slot = this.newSlot(attributes, position);
    const basePage = attributes.get('base');
    if (basePage === undefined) throw this.error('expected base=, the first page the data is mapped at', position);
    const section = new DataSection(() => basePage * PAGE_SIZE);
    this.entries.push({
      ...position,
      slot,
      section,
      basePage,
      pageCount: attributes.get('pages'),
      access: attributes.access,
    });
    return section;
  }

  private newSlot(attributes: Attributes, position: Position): number {
    const slot = attributes.get('slot');
    if (slot === undefined) throw this.error('expected slot=, the slot of the table the capability goes to', position);
    if (this.entries.some((entry) => entry.slot === slot)) {
      throw this.error(`expected a new slot, found slot ${slot} again`, position);
    }
    return slot;
  }

  /**
   * The manifest's bytes.
   *
   * @param laidOut the code sections as they came out
   */
  write(laidOut: ReadonlyMap<CodeSection, LaidOut>): Uint8Array {
    const capabilities: ManifestSource['capabilities'] = this.entries.map((entry) => {
      const { slot } = entry;
      if (!('basePage' in entry)) return { kind: 'code', slot, ...(laidOut.get(entry.section) as LaidOut) };
      const { basePage, access } = entry;
      const data = Uint8Array.from(entry.section.bytes);
      const pageCount = entry.pageCount ?? Math.max(1, Math.ceil(data.length / PAGE_SIZE));
      if (data.length > pageCount * PAGE_SIZE) {
        throw this.error(
          `expected at most ${plural(pageCount, 'page')} of contents, found ${plural(data.length, 'byte')}`,
          entry,
        );
      }
      return { kind: 'data', slot, basePage, pageCount, access, data };
    });
    const invokeSlot = this.invoke ?? this.entries.find(({ section }) => section instanceof CodeSection)?.slot;
    if (invokeSlot === undefined) throw this.error('expected a .code section, found none', this.position);
    const pages = capabilities.reduce((sum, entry) => sum + (entry.kind === 'data' ? entry.pageCount : 0), 0);
    try {
      return writeManifest({ memoryPages: this.pages ?? pages, invokeSlot, capabilities });
    } catch (error) {
      if (!(error instanceof FormatError || error instanceof RangeError)) throw error;
      // The offset is one of bytes nobody has seen; what the user knows is the line of the capability.
      const entry = error instanceof FormatError ? this.entries[manifestEntryAt(error.offset)] : undefined;
      throw this.error(error instanceof FormatError ? error.problem : error.message, entry ?? this.position);
    }
  }

  private error(problem: string, { line, column }: Position): AssemblyError {
    return new AssemblyError(problem, line, column, this.file);
  }
}

/** What each attribute may be at most. */
const LIMITS: Readonly<Record<string, number>> = { slot: 255, invoke: 255, base: MAX_PAGES, pages: MAX_PAGES };

/** The `name=value` pairs that end a line. */
class Attributes {
  private readonly numbers = new Map<string, number>();
  readonly access: 'read' | 'write' = 'write';

  constructor(parser: LineParser, names: readonly string[]) {
    const expected = `one of ${names.join('=, ')}=`;
    const seen = new Set<string>();
    while (!parser.at('end')) {
      const token = parser.name(expected);
      const name = token.text;
      if (!names.includes(name)) throw parser.unexpected(expected, token);
      if (seen.has(name)) throw parser.error(`expected ${name}= once, found it again`, token);
      seen.add(name);
      parser.expect('=');
      if (name !== 'access') {
        this.numbers.set(name, parser.count('a number', LIMITS[name] as number));
        continue;
      }
      const value = parser.name('ro or rw');
      if (value.text !== 'ro' && value.text !== 'rw') throw parser.unexpected('ro or rw', value);
      this.access = value.text === 'ro' ? 'read' : 'write';
    }
  }

  get(name: string): number | undefined {
    return this.numbers.get(name);
  }
}
