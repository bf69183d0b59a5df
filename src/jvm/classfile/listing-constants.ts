/** Constants in the notation of the JDK's class file disassembler: comments beside code, and the pool itself. */
import type { ConstantPool } from './constant-pool.js';
import { Tag } from './constants.js';

const TAG_NAMES: Readonly<Record<number, string>> = {
  1: 'Utf8',
  3: 'Integer',
  4: 'Float',
  5: 'Long',
  6: 'Double',
  7: 'Class',
  8: 'String',
  9: 'Fieldref',
  10: 'Methodref',
  11: 'InterfaceMethodref',
  12: 'NameAndType',
  15: 'MethodHandle',
  16: 'MethodType',
  17: 'Dynamic',
  18: 'InvokeDynamic',
  19: 'Module',
  20: 'Package',
};

/** How comments call each kind. */
const KIND_NAMES: Readonly<Record<number, string>> = {
  3: 'int',
  4: 'float',
  5: 'long',
  6: 'double',
  7: 'class',
  8: 'String',
  9: 'Field',
  10: 'Method',
  11: 'InterfaceMethod',
  12: 'NameAndType',
  15: 'MethodHandle',
  16: 'MethodType',
  17: 'Dynamic',
  18: 'InvokeDynamic',
  19: 'module',
  20: 'package',
};

const REFERENCE_KINDS = [
  '',
  'REF_getField',
  'REF_getStatic',
  'REF_putField',
  'REF_putStatic',
  'REF_invokeVirtual',
  'REF_invokeStatic',
  'REF_invokeSpecial',
  'REF_newInvokeSpecial',
  'REF_invokeInterface',
];

const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  "'": "\\'",
  '\\': '\\\\',
};

/** Text with control characters, quotes and backslashes escaped. */
export function escapeText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  return text.replace(/[\n\t\b\f\r"'\\\u0000-\u001f\u007f-\u009f]/g, (char) => {
    return ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** A name, in quotes where it is not made of identifiers and slashes. */
export function nameText(name: string): string {
  return /^[\p{ID_Continue}$/]+$/u.test(name) ? name : `"${escapeText(name)}"`;
}

/** Digits as Java prints a float or double: plain from 0.001 up to 10 million, else with an exponent. */
export function javaNumber(value: number, digits: string): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const sign = value < 0 ? '-' : '';
  const [mantissa, exponentText] = digits.replace(/^-/, '').split('e');
  const [whole, fraction = ''] = mantissa.split('.');
  const exponent = Number(exponentText);
  const all = (whole + fraction).replace(/0+$/, '') || '0';
  if (exponent >= -3 && exponent < 7) {
    if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${all}`;
    const padded = all.padEnd(exponent + 2, '0');
    return `${sign}${padded.slice(0, exponent + 1)}.${padded.slice(exponent + 1)}`;
  }
  return `${sign}${all[0]}.${all.slice(1) || '0'}E${exponent}`;
}

/**
 * A double's shortest digits with an exponent, two at least: of all with two digits the nearest is printed, so the
 * smallest double is 4.9E-324.
 */
function doubleText(value: number): string {
  const shortest = value.toExponential();
  return javaNumber(value, shortest.includes('.') ? shortest : value.toExponential(1));
}

/** A float's shortest digits: the fewest that read back as the same float. */
function floatText(value: number): string {
  if (!Number.isFinite(value) || value === 0) return javaNumber(value, '');
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toExponential(digits);
    if (Math.fround(Number(text)) === value) return javaNumber(value, text);
  }
  return javaNumber(value, value.toExponential(9));
}

const convert = new DataView(new ArrayBuffer(8));

/** A constant's value without its kind; `own` is the class whose members are named without it. */
export function constantText(pool: ConstantPool, index: number, own?: string): string {
  switch (pool.tag(index)) {
    case Tag.Utf8:
      return escapeText(pool.utf8(index));
    case Tag.Integer:
      return String(pool.int(index));
    case Tag.Float:
      convert.setInt32(0, pool.floatBits(index));
      return `${floatText(convert.getFloat32(0))}f`;
    case Tag.Long:
      return `${(BigInt(pool.longHigh(index)) << 32n) | BigInt(pool.longLow(index) >>> 0)}l`;
    case Tag.Double:
      convert.setInt32(0, pool.longHigh(index));
      convert.setInt32(4, pool.longLow(index));
      return `${doubleText(convert.getFloat64(0))}d`;
    case Tag.Class:
      return nameText(pool.className(index));
    case Tag.String:
      return escapeText(pool.stringValue(index));
    case Tag.Fieldref:
    case Tag.Methodref:
    case Tag.InterfaceMethodref: {
      const { className, name, descriptor } = pool.memberRef(index);
      const owner = className === own ? '' : `${nameText(className)}.`;
      return `${owner}${nameText(name)}:${descriptor}`;
    }
    case Tag.NameAndType: {
      const { name, descriptor } = pool.nameAndType(index);
      return `${nameText(name)}:${descriptor}`;
    }
    case Tag.MethodHandle: {
      const { kind, index: member } = pool.methodHandle(index);
      return `${REFERENCE_KINDS[kind]} ${constantText(pool, member)}`;
    }
    case Tag.MethodType:
      return pool.methodType(index);
    case Tag.Dynamic:
    case Tag.InvokeDynamic: {
      const { bootstrap, name, descriptor } = pool.dynamic(index);
      return `#${bootstrap}:${nameText(name)}:${descriptor}`;
    }
    case Tag.Module:
      return nameText(pool.moduleName(index));
    case Tag.Package:
      return nameText(pool.packageName(index));
    default:
      return '???';
  }
}

/** A constant with its kind, as in the comment beside an instruction. */
export function constantComment(pool: ConstantPool, index: number, own?: string): string {
  const kind = KIND_NAMES[pool.tag(index)];
  return kind === undefined ? `#${index}` : `${kind} ${constantText(pool, index, own)}`;
}

function entry(pool: ConstantPool, index: number): { value: string; comment?: string } {
  const at = pool.offset(index);
  const u2 = (from: number) => (pool.bytes[from] << 8) | pool.bytes[from + 1];
  const comment = () => constantText(pool, index);
  switch (pool.tag(index)) {
    case Tag.Class:
    case Tag.String:
    case Tag.Module:
    case Tag.Package:
      return { value: `#${u2(at)}`, comment: comment() };
    case Tag.MethodType:
      return { value: `#${u2(at)}`, comment: ` ${comment()}` };
    case Tag.NameAndType:
      return { value: `#${u2(at)}:#${u2(at + 2)}`, comment: comment() };
    case Tag.Fieldref:
    case Tag.Methodref:
    case Tag.InterfaceMethodref:
      return { value: `#${u2(at)}.#${u2(at + 2)}`, comment: comment() };
    case Tag.MethodHandle:
      return { value: `${pool.bytes[at]}:#${u2(at + 1)}`, comment: comment() };
    case Tag.Dynamic:
    case Tag.InvokeDynamic:
      return { value: `#${u2(at)}:#${u2(at + 2)}`, comment: comment() };
    default:
      return { value: comment() };
  }
}

/** The pool, one line an entry. */
export function poolLines(pool: ConstantPool): string[] {
  const lines: string[] = [];
  const width = String(pool.length - 1).length + 1;
  for (let i = 1; i < pool.length; i++) {
    const tag = pool.tag(i);
    if (tag === Tag.None) continue;
    const { value, comment } = entry(pool, i);
    const left = `  ${`#${i}`.padStart(width)} = ${TAG_NAMES[tag].padEnd(18)} `;
    lines.push(comment === undefined ? left + value : `${left}${value.padEnd(17 - width)} // ${comment}`);
  }
  return lines;
}
