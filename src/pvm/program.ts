/**
 * A loaded program: its image, its pre-decoded code, and what was computed from them once for all its instances —
 * charge tables, machine code, the shared image of its initial memory.
 */
import { SharedImage } from '../host/address-space.js';
import { nativeSupport } from '../host/support.js';
import { chargeTable, type GasModel } from './gas/index.js';
import { Instance, type InstanceOptions } from './instance.js';
import { type DecodedProgram, decode } from './isa/decode.js';
import { MAX_CODE_LENGTH, PAGE_SIZE } from './layout.js';
import { FormatError, type ProgramImage, type Segment } from './program/image.js';
import { type LoadOptions, loadImage } from './program/load.js';
import { formatNativeListing } from './recompiler/listing.js';
import { NativeCode } from './recompiler/native-code.js';
import type { Snapshot } from './snapshot.js';
import { keepSpecimen } from './specimens.js';
import { disassemble } from './toolchain/disassembler.js';

/** Which engine runs an instance. `auto` is the recompiler where the machine has it, else the interpreter. */
export type Engine = 'interpreter' | 'recompiler';

/**
 * Initial memory in a form that instances map instead of copying: one page-aligned part a segment.
 *
 * @internal
 */
export interface SegmentImage {
  readonly image: SharedImage;
  /** Offset of each segment's data in the image; −1 where it has none. */
  readonly offsets: readonly number[];
}

/** A program, ready to be instantiated any number of times. */
export class Program {
  /** The code, pre-decoded. */
  readonly decoded: DecodedProgram;
  /** Pages of memory present at the start, arguments not counted; sets the price of loads and stores. */
  readonly pageCount: number;
  private readonly charges = new Map<GasModel, Int32Array>();
  private readonly native = new Map<GasModel, NativeCode>();
  private segmentImages: SegmentImage | undefined;

  /** @throws FormatError where the code is larger than any program may be */
  constructor(readonly image: ProgramImage) {
    if (image.code.length > MAX_CODE_LENGTH) {
      throw new FormatError(`expected at most ${MAX_CODE_LENGTH} bytes of code, found ${image.code.length}`, 0);
    }
    this.decoded = decode(image.code, image.bitmask, image.jumpOffsets);
    this.pageCount = image.segments.reduce((pages, segment) => pages + segment.length / PAGE_SIZE, 0);
  }

  /**
   * Reads a program from any of the containers.
   *
   * @throws FormatError naming the offset and what was expected there
   */
  static load(bytes: Uint8Array, options?: LoadOptions): Program {
    return new Program(loadImage(bytes, options));
  }

  /**
   * Why the recompiler cannot run here, or `undefined` where it can.
   */
  static recompilerUnavailable(): string | undefined {
    const support = nativeSupport();
    return support.available ? undefined : support.reason;
  }

  /** Makes an instance: memory laid out, registers set, nothing run yet. */
  instantiate(options: InstanceOptions = {}): Instance {
    const instance = new Instance(this, options);
    keepSpecimen(instance.engine);
    return instance;
  }

  /** Makes an instance that continues where a snapshot of one of this program's instances was taken. */
  restore(snapshot: Snapshot, options: Omit<InstanceOptions, 'args' | 'segments' | 'gasModel'> = {}): Instance {
    return Instance.restore(this, snapshot, options);
  }

  /** The program as text that assembles to the same program. */
  disassemble(): string {
    return disassemble(this.image);
  }

  /**
   * The x86-64 code beside the instructions it was made from. Compiles the program where that has not been done.
   *
   * @throws Error saying why, where this machine has no recompiler
   */
  nativeListing(gasModel: GasModel = 'flat'): string {
    return formatNativeListing(this.nativeCode(gasModel));
  }

  /** Gas of each charged stretch of code, by entry. */
  chargeTable(gasModel: GasModel): Int32Array {
    let table = this.charges.get(gasModel);
    if (table === undefined) {
      table = chargeTable(this.decoded, gasModel, this.pageCount);
      this.charges.set(gasModel, table);
    }
    return table;
  }

  /**
   * The program's machine code for a gas model, compiled at the first call.
   *
   * @throws Error saying why, where this machine has no recompiler
   */
  nativeCode(gasModel: GasModel): NativeCode {
    let code = this.native.get(gasModel);
    if (code === undefined) {
      const unavailable = Program.recompilerUnavailable();
      if (unavailable !== undefined) throw new Error(`the recompiler is not available: ${unavailable}`);
      code = NativeCode.compile(this.decoded, this.chargeTable(gasModel), gasModel);
      this.native.set(gasModel, code);
    }
    return code;
  }

  /**
   * The initial memory as one shared file, made at the first call.
   *
   * @internal
   */
  segmentImage(): SegmentImage | undefined {
    if (this.segmentImages === undefined) {
      const { segments } = this.image;
      const pages = (segment: Segment) => Math.ceil(segment.data.length / PAGE_SIZE) * PAGE_SIZE;
      const total = segments.reduce((sum, segment) => sum + pages(segment), 0);
      if (total === 0) return undefined;
      const bytes = new Uint8Array(total);
      let end = 0;
      const offsets = segments.map((segment) => {
        if (segment.data.length === 0) return -1;
        const offset = end;
        bytes.set(segment.data, offset);
        end += pages(segment);
        return offset;
      });
      this.segmentImages = { image: new SharedImage(bytes), offsets };
    }
    return this.segmentImages;
  }
}
