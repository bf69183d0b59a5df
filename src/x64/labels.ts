/**
 * Labels: places in the code that branches and RIP-relative operands name before or after the place is known.
 *
 * A label keeps the references made before it was bound as plain numbers in an array that exists only once the first
 * such reference is made: backward labels (loops) allocate nothing but the label.
 */

/** How a pending reference is to be filled in once its label is bound. */
export const enum FixupKind {
  /** A 32-bit displacement counted from the end of the field, to which the bytes already there are added. */
  Rel32 = 0,
  /** An 8-bit displacement counted from the end of the field. */
  Rel8 = 1,
}

/** A place in the code of one assembler. Made by `Assembler.label()`, placed by `Assembler.bind()`. */
export class Label {
  /** Position in the code, or −1 while the label is not bound. */
  position = -1;
  /** References waiting for the position, each `(position of the field) * 2 + FixupKind`. */
  fixups: number[] | null = null;

  /** Whether the label has been placed. */
  get bound(): boolean {
    return this.position >= 0;
  }

  /**
   * Remembers a reference to be filled in by `bind`.
   *
   * @internal
   */
  addFixup(position: number, kind: FixupKind): void {
    const fixup = position * 2 + kind;
    if (this.fixups === null) {
      this.fixups = [fixup];
    } else {
      this.fixups.push(fixup);
    }
  }
}
