/**
 * Where fields lie: instance fields behind those of the superclass, static fields in metadata.
 *
 * Instance fields are placed largest first; a gap left by the superclass's end is filled with smaller ones. A smaller
 * field after a larger one needs no padding, so a class wastes at most what its superclass left.
 */
import { OBJECT_ALIGNMENT, ObjectBytes } from '../memory/layout.js';
import type { Field, JavaClass } from './java-class.js';
import type { Vm } from './vm.js';

const NO_OFFSETS: readonly number[] = [];

/** Bytes of a field of this type in an object. */
export function fieldBytes(descriptor: string): 1 | 2 | 4 | 8 {
  switch (descriptor.charCodeAt(0)) {
    case 0x4a: // J
    case 0x44: // D
      return 8;
    case 0x43: // C
    case 0x53: // S
      return 2;
    case 0x42: // B
    case 0x5a: // Z
      return 1;
    default:
      return 4;
  }
}

/**
 * Places all fields of a class: sets their offsets, `fieldsEnd`, `referenceOffsets` and `staticReferences`.
 *
 * `referent` and `discovered` of java.lang.ref.Reference are left out of `referenceOffsets`: the collector treats them.
 */
export function layoutFields(vm: Vm, cls: JavaClass): void {
  const sup = cls.superclass;
  const inherited = sup?.referenceOffsets ?? NO_OFFSETS;
  const start = sup?.fieldsEnd || ObjectBytes.Fields;
  cls.fieldsEnd = start;
  cls.referenceOffsets = inherited;
  if (cls.fields.length === 0) return;
  layoutInstance(cls, start, inherited);
  layoutStatics(vm, cls);
}

/** Instance fields of the class being laid out by log2 of their size; emptied after use. Of size 4, references last. */
const groups: readonly Field[][] = [[], [], [], []];
const references: Field[] = [];
/** How many of each group have their places. */
const placed = [0, 0, 0, 0];
let end = 0;

/** Places the next field of a group at `end`, if there is one. */
function place(group: number): boolean {
  const field = groups[group]![placed[group]!];
  if (field === undefined) return false;
  placed[group]!++;
  field.offset = end;
  end += 1 << group;
  return true;
}

function layoutInstance(cls: JavaClass, start: number, inherited: readonly number[]): void {
  let any = false;
  for (const field of cls.fields) {
    if (field.isStatic) continue;
    any = true;
    if (field.isReference) references.push(field);
    else groups[31 - Math.clz32(fieldBytes(field.descriptor))]!.push(field);
  }
  if (!any) return;
  for (const field of references) groups[2]!.push(field);
  end = start;
  for (let group = 3; group >= 0; group--) {
    const size = 1 << group;
    while (placed[group]! < groups[group]!.length) {
      // Up to the alignment with smaller fields, else with nothing.
      while (end % size !== 0) {
        let filled = false;
        for (let small = group - 1; small >= 0 && !filled; small--) {
          if (end % (1 << small) === 0) filled = place(small);
        }
        if (!filled) end++;
      }
      place(group);
    }
    groups[group]!.length = 0;
    placed[group] = 0;
  }
  cls.fieldsEnd = end;
  if (references.length > 0) {
    const isReferenceClass = cls.name === 'java/lang/ref/Reference';
    const offsets = inherited.slice();
    for (const field of references) {
      if (isReferenceClass && (field.name === 'referent' || field.name === 'discovered')) continue;
      offsets.push(field.offset);
    }
    cls.referenceOffsets = offsets;
    references.length = 0;
  }
}

/** Statics take a word each, longs and doubles two. */
function layoutStatics(vm: Vm, cls: JavaClass): void {
  let words = 0;
  for (const field of cls.fields) if (field.isStatic) words += fieldBytes(field.descriptor) === 8 ? 2 : 1;
  if (words === 0) return;
  const at = vm.arena.allocateMetadata(words * 4);
  let wide = at;
  for (const field of cls.fields) {
    if (field.isStatic && fieldBytes(field.descriptor) === 8) {
      field.offset = wide;
      wide += 8;
    }
  }
  const held: number[] = [];
  for (const field of cls.fields) {
    if (!field.isStatic || fieldBytes(field.descriptor) === 8) continue;
    field.offset = wide;
    wide += 4;
    if (field.isReference) held.push(field.offset);
  }
  if (held.length > 0) cls.staticReferences = held;
}

/** Instance size for the end of the fields. */
export function instanceBytes(fieldsEnd: number): number {
  return (fieldsEnd + OBJECT_ALIGNMENT - 1) & -OBJECT_ALIGNMENT;
}
