/**
 * Methods of the library that the interpreter does itself at the call site, without a frame.
 *
 * Only methods whose Java (or native) definition has exactly this effect, and only the cases without an exception: where
 * one is due, or a rare case comes up, an intrinsic declines and the ordinary call follows. The table names them; a call site gets
 * its number when it is resolved.
 */
import { Context, ObjectWord } from '../memory/layout.js';
import { cos, exp, log, log10, pow, sin, tan } from '../natives/java/lang/accurate-math.js';
import type { Method } from '../runtime/java-class.js';
import { identityHash } from '../runtime/monitors.js';
import type { Vm } from '../runtime/vm.js';
import { intrinsicArraycopy } from './intrinsic-arrays.js';

/** Numbers of the intrinsics; 0 is none. */
const enum Id {
  None = 0,
  AbsI,
  AbsJ,
  AbsF,
  AbsD,
  MinI,
  MaxI,
  MinJ,
  MaxJ,
  Sqrt,
  Floor,
  Ceil,
  CurrentThread,
  GetClass,
  IdentityHash,
  MillisTime,
  NanoTime,
  Arraycopy,
  FloatBits,
  BitsFloat,
  DoubleBits,
  BitsDouble,
  CharAt,
  StringLength,
  StringIsEmpty,
  StringEquals,
  BitCount,
  LeadingZeros,
  TrailingZeros,
  GetInt,
  GetLong,
  GetByte,
  PutInt,
  PutLong,
  PutByte,
  PutReference,
  CasInt,
  CasLong,
  CasReference,
  CheckIndex,
  Fence,
  GetShort,
  GetChar,
  LatinHash,
  LatinEquals,
  Sin,
  Cos,
  Tan,
  Exp,
  Log,
  Log10,
  Pow,
}

const UNSAFE = 'jdk/internal/misc/Unsafe';

/** Which method is which intrinsic. */
const TABLE: Readonly<Record<string, Id>> = {
  'java/lang/Math.abs(I)I': Id.AbsI,
  'java/lang/Math.abs(J)J': Id.AbsJ,
  'java/lang/Math.abs(F)F': Id.AbsF,
  'java/lang/Math.abs(D)D': Id.AbsD,
  'java/lang/Math.min(II)I': Id.MinI,
  'java/lang/Math.max(II)I': Id.MaxI,
  'java/lang/Math.min(JJ)J': Id.MinJ,
  'java/lang/Math.max(JJ)J': Id.MaxJ,
  'java/lang/Math.sqrt(D)D': Id.Sqrt,
  'java/lang/StrictMath.sqrt(D)D': Id.Sqrt,
  'java/lang/Math.sin(D)D': Id.Sin,
  'java/lang/Math.cos(D)D': Id.Cos,
  'java/lang/Math.tan(D)D': Id.Tan,
  'java/lang/Math.exp(D)D': Id.Exp,
  'java/lang/Math.log(D)D': Id.Log,
  'java/lang/Math.log10(D)D': Id.Log10,
  'java/lang/Math.pow(DD)D': Id.Pow,
  'java/lang/Math.floor(D)D': Id.Floor,
  'java/lang/Math.ceil(D)D': Id.Ceil,
  'java/lang/Thread.currentThread()Ljava/lang/Thread;': Id.CurrentThread,
  'java/lang/Object.getClass()Ljava/lang/Class;': Id.GetClass,
  'java/lang/System.identityHashCode(Ljava/lang/Object;)I': Id.IdentityHash,
  'java/lang/System.currentTimeMillis()J': Id.MillisTime,
  'java/lang/System.nanoTime()J': Id.NanoTime,
  'java/lang/System.arraycopy(Ljava/lang/Object;ILjava/lang/Object;II)V': Id.Arraycopy,
  'java/lang/Float.floatToRawIntBits(F)I': Id.FloatBits,
  'java/lang/Float.intBitsToFloat(I)F': Id.BitsFloat,
  'java/lang/Double.doubleToRawLongBits(D)J': Id.DoubleBits,
  'java/lang/Double.longBitsToDouble(J)D': Id.BitsDouble,
  'java/lang/String.charAt(I)C': Id.CharAt,
  'java/lang/String.length()I': Id.StringLength,
  'java/lang/String.isEmpty()Z': Id.StringIsEmpty,
  'java/lang/String.equals(Ljava/lang/Object;)Z': Id.StringEquals,
  'java/lang/StringLatin1.hashCode([B)I': Id.LatinHash,
  'java/lang/StringLatin1.equals([B[B)Z': Id.LatinEquals,
  'java/lang/Integer.bitCount(I)I': Id.BitCount,
  'java/lang/Integer.numberOfLeadingZeros(I)I': Id.LeadingZeros,
  'java/lang/Integer.numberOfTrailingZeros(I)I': Id.TrailingZeros,
  'java/util/Objects.checkIndex(II)I': Id.CheckIndex,
  [`${UNSAFE}.loadFence()V`]: Id.Fence,
  [`${UNSAFE}.storeFence()V`]: Id.Fence,
  [`${UNSAFE}.fullFence()V`]: Id.Fence,
  [`${UNSAFE}.getInt(Ljava/lang/Object;J)I`]: Id.GetInt,
  [`${UNSAFE}.getIntVolatile(Ljava/lang/Object;J)I`]: Id.GetInt,
  [`${UNSAFE}.getReference(Ljava/lang/Object;J)Ljava/lang/Object;`]: Id.GetInt,
  [`${UNSAFE}.getReferenceVolatile(Ljava/lang/Object;J)Ljava/lang/Object;`]: Id.GetInt,
  [`${UNSAFE}.getReferenceAcquire(Ljava/lang/Object;J)Ljava/lang/Object;`]: Id.GetInt,
  [`${UNSAFE}.getFloat(Ljava/lang/Object;J)F`]: Id.GetInt,
  [`${UNSAFE}.getLong(Ljava/lang/Object;J)J`]: Id.GetLong,
  [`${UNSAFE}.getLongVolatile(Ljava/lang/Object;J)J`]: Id.GetLong,
  [`${UNSAFE}.getDouble(Ljava/lang/Object;J)D`]: Id.GetLong,
  [`${UNSAFE}.getByte(Ljava/lang/Object;J)B`]: Id.GetByte,
  [`${UNSAFE}.getBoolean(Ljava/lang/Object;J)Z`]: Id.GetByte,
  [`${UNSAFE}.getShort(Ljava/lang/Object;J)S`]: Id.GetShort,
  [`${UNSAFE}.getChar(Ljava/lang/Object;J)C`]: Id.GetChar,
  [`${UNSAFE}.putInt(Ljava/lang/Object;JI)V`]: Id.PutInt,
  [`${UNSAFE}.putIntVolatile(Ljava/lang/Object;JI)V`]: Id.PutInt,
  [`${UNSAFE}.putFloat(Ljava/lang/Object;JF)V`]: Id.PutInt,
  [`${UNSAFE}.putLong(Ljava/lang/Object;JJ)V`]: Id.PutLong,
  [`${UNSAFE}.putLongVolatile(Ljava/lang/Object;JJ)V`]: Id.PutLong,
  [`${UNSAFE}.putDouble(Ljava/lang/Object;JD)V`]: Id.PutLong,
  [`${UNSAFE}.putByte(Ljava/lang/Object;JB)V`]: Id.PutByte,
  [`${UNSAFE}.putReference(Ljava/lang/Object;JLjava/lang/Object;)V`]: Id.PutReference,
  [`${UNSAFE}.putReferenceVolatile(Ljava/lang/Object;JLjava/lang/Object;)V`]: Id.PutReference,
  [`${UNSAFE}.putReferenceRelease(Ljava/lang/Object;JLjava/lang/Object;)V`]: Id.PutReference,
  [`${UNSAFE}.compareAndSetInt(Ljava/lang/Object;JII)Z`]: Id.CasInt,
  [`${UNSAFE}.compareAndSetLong(Ljava/lang/Object;JJJ)Z`]: Id.CasLong,
  [`${UNSAFE}.compareAndSetReference(Ljava/lang/Object;JLjava/lang/Object;Ljava/lang/Object;)Z`]: Id.CasReference,
};

/** Classes that have intrinsics: asked first, for every call site that is resolved. */
const HOLDERS: ReadonlySet<string> = new Set(Object.keys(TABLE).map((key) => key.slice(0, key.indexOf('.'))));

/** The intrinsic a method of the boot library is, or 0. */
export function intrinsicNumber(method: Method): number {
  const { holder } = method;
  if (!HOLDERS.has(holder.name) || !holder.loader.isBoot) return Id.None;
  return TABLE[`${holder.name}.${method.name}${method.descriptor}`] ?? Id.None;
}

/** Nanoseconds since the process's start of time, and their split into two words. */
function putNanos(M: Int32Array, at: number): void {
  const nanos = performance.now() * 1e6;
  const high = Math.floor(nanos / 4294967296);
  M[at] = (nanos - high * 4294967296) | 0;
  M[at + 1] = high;
}

/**
 * Does an intrinsic on the operand stack at `sp`: its result lies where its first argument was.
 *
 * @returns whether it was done; false: call the method
 */
export function intrinsic(vm: Vm, id: number, sp: number): boolean {
  const M = vm.words;
  switch (id as Id) {
    case Id.AbsI: {
      const x = M[sp]!;
      M[sp] = x < 0 ? -x | 0 : x;
      return true;
    }
    case Id.AbsJ: {
      const high = M[sp + 3]!;
      if (high < 0) {
        const low = M[sp + 2]!;
        M[sp + 2] = -low | 0;
        M[sp + 3] = (~high + (low === 0 ? 1 : 0)) | 0;
      }
      return true;
    }
    case Id.AbsF:
      M[sp] = M[sp]! & 0x7fffffff;
      return true;
    case Id.AbsD:
      M[sp + 3] = M[sp + 3]! & 0x7fffffff;
      return true;
    case Id.MinI:
      if (M[sp]! < M[sp + 2]!) M[sp + 2] = M[sp]!;
      return true;
    case Id.MaxI:
      if (M[sp]! > M[sp + 2]!) M[sp + 2] = M[sp]!;
      return true;
    case Id.MinJ:
    case Id.MaxJ: {
      const less = M[sp + 3]! !== M[sp + 7]! ? M[sp + 3]! < M[sp + 7]! : M[sp + 2]! >>> 0 < M[sp + 6]! >>> 0;
      if (less === (id === Id.MinJ)) {
        M[sp + 6] = M[sp + 2]!;
        M[sp + 7] = M[sp + 3]!;
      }
      return true;
    }
    case Id.Sqrt:
      vm.f64[(sp + 2) >> 1] = Math.sqrt(vm.f64[(sp + 2) >> 1]!);
      return true;
    case Id.Floor:
      vm.f64[(sp + 2) >> 1] = Math.floor(vm.f64[(sp + 2) >> 1]!);
      return true;
    case Id.Ceil:
      vm.f64[(sp + 2) >> 1] = Math.ceil(vm.f64[(sp + 2) >> 1]!);
      return true;
    // HotSpot's results for these are correctly rounded nearly always, and not those of StrictMath.
    case Id.Sin:
      vm.f64[(sp + 2) >> 1] = sin(vm.f64[(sp + 2) >> 1]!);
      return true;
    case Id.Cos:
      vm.f64[(sp + 2) >> 1] = cos(vm.f64[(sp + 2) >> 1]!);
      return true;
    case Id.Tan:
      vm.f64[(sp + 2) >> 1] = tan(vm.f64[(sp + 2) >> 1]!);
      return true;
    case Id.Exp:
      vm.f64[(sp + 2) >> 1] = exp(vm.f64[(sp + 2) >> 1]!);
      return true;
    case Id.Log:
      vm.f64[(sp + 2) >> 1] = log(vm.f64[(sp + 2) >> 1]!);
      return true;
    case Id.Log10:
      vm.f64[(sp + 2) >> 1] = log10(vm.f64[(sp + 2) >> 1]!);
      return true;
    case Id.Pow:
      vm.f64[(sp + 6) >> 1] = pow(vm.f64[(sp + 6) >> 1]!, vm.f64[(sp + 2) >> 1]!);
      return true;
    case Id.CurrentThread:
      M[sp - 2] = M[Context.CurrentThreadObject]!;
      return true;
    case Id.GetClass: {
      const object = M[sp]!;
      if (object === 0) return false;
      M[sp] = M[(M[object >>> 2]! >>> 2) + 14]!;
      return true;
    }
    case Id.IdentityHash:
      M[sp] = M[sp] === 0 ? 0 : identityHash(vm, M[sp]!);
      return true;
    case Id.MillisTime: {
      const now = Date.now();
      const high = Math.floor(now / 4294967296);
      M[sp - 2] = (now - high * 4294967296) | 0;
      M[sp - 1] = high;
      return true;
    }
    case Id.NanoTime:
      putNanos(M, sp - 2);
      return true;
    case Id.Arraycopy:
      return intrinsicArraycopy(vm, M[sp + 8]!, M[sp + 6]!, M[sp + 4]!, M[sp + 2]!, M[sp]!);
    case Id.FloatBits:
    case Id.BitsFloat:
    case Id.DoubleBits:
    case Id.BitsDouble:
      return true;
    case Id.CharAt: {
      const string = M[sp + 2]!;
      if (string === 0) return false;
      const { stringValue, stringCoder } = vm.known;
      const value = M[(string + stringValue) >>> 2]!;
      const index = M[sp]!;
      if (vm.u8[(string >>> 0) + stringCoder] === 0) {
        if (index >>> 0 >= M[(value >>> 2) + ObjectWord.Length]! >>> 0) return false;
        M[sp + 2] = vm.u8[(value >>> 0) + 16 + index]!;
        return true;
      }
      if (index >>> 0 >= M[(value >>> 2) + ObjectWord.Length]! >>> 1) return false;
      M[sp + 2] = vm.arena.u16[(value >>> 1) + 8 + index]!;
      return true;
    }
    case Id.StringLength:
    case Id.StringIsEmpty: {
      const string = M[sp]!;
      if (string === 0) return false;
      const { stringValue, stringCoder } = vm.known;
      const bytes = M[(M[(string + stringValue) >>> 2]! >>> 2) + ObjectWord.Length]!;
      const length = bytes >> vm.u8[(string >>> 0) + stringCoder]!;
      M[sp] = id === Id.StringLength ? length : length === 0 ? 1 : 0;
      return true;
    }
    case Id.StringEquals: {
      const a = M[sp + 2]!;
      const b = M[sp]!;
      if (a === 0) return false;
      if (a === b) {
        M[sp + 2] = 1;
        return true;
      }
      const { stringValue, stringCoder } = vm.known;
      if (b === 0 || M[a >>> 2] !== M[b >>> 2] || vm.u8[(a >>> 0) + stringCoder] !== vm.u8[(b >>> 0) + stringCoder]) {
        M[sp + 2] = 0;
        return true;
      }
      M[sp + 2] = equalBytes(vm, M[(a + stringValue) >>> 2]!, M[(b + stringValue) >>> 2]!) ? 1 : 0;
      return true;
    }
    case Id.LatinEquals: {
      const a = M[sp + 2]!;
      const b = M[sp]!;
      if (a === 0 || b === 0) return false;
      M[sp + 2] = equalBytes(vm, a, b) ? 1 : 0;
      return true;
    }
    case Id.LatinHash: {
      const value = M[sp]!;
      if (value === 0) return false;
      const start = (value >>> 0) + 16;
      const end = start + M[(value >>> 2) + ObjectWord.Length]!;
      let hash = 0;
      const bytes = vm.u8;
      for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0;
      M[sp] = hash;
      return true;
    }
    case Id.BitCount: {
      let x = M[sp]!;
      x -= (x >>> 1) & 0x55555555;
      x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
      M[sp] = Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
      return true;
    }
    case Id.LeadingZeros:
      M[sp] = Math.clz32(M[sp]!);
      return true;
    case Id.TrailingZeros: {
      const x = M[sp]!;
      M[sp] = x === 0 ? 32 : 31 - Math.clz32(x & -x);
      return true;
    }
    case Id.CheckIndex: {
      const index = M[sp + 2]!;
      if (index < 0 || index >= M[sp]!) return false;
      return true;
    }
    case Id.Fence:
      return true;
    // Unsafe's receiver is below the object; the long offset lies in two words, and what is out of the arena's reach is declined.
    case Id.GetInt: {
      const at = (M[sp + 4]! >>> 0) + M[sp + 2]!;
      if (M[sp + 3] !== 0 || at <= 0xffff || (at & 3) !== 0) return false;
      M[sp + 6] = M[at >>> 2]!;
      return true;
    }
    case Id.GetLong: {
      const at = (M[sp + 4]! >>> 0) + M[sp + 2]!;
      if (M[sp + 3] !== 0 || at <= 0xffff || (at & 7) !== 0) return false;
      M[sp + 6] = M[at >>> 2]!;
      M[sp + 7] = M[(at >>> 2) + 1]!;
      return true;
    }
    case Id.GetByte: {
      const at = (M[sp + 4]! >>> 0) + M[sp + 2]!;
      if (M[sp + 3] !== 0 || at <= 0xffff) return false;
      M[sp + 6] = vm.arena.i8[at]!;
      return true;
    }
    case Id.GetShort:
    case Id.GetChar: {
      const at = (M[sp + 4]! >>> 0) + M[sp + 2]!;
      if (M[sp + 3] !== 0 || at <= 0xffff || (at & 1) !== 0) return false;
      M[sp + 6] = id === Id.GetShort ? vm.arena.i16[at >>> 1]! : vm.arena.u16[at >>> 1]!;
      return true;
    }
    case Id.PutInt: {
      const at = (M[sp + 6]! >>> 0) + M[sp + 4]!;
      if (M[sp + 5] !== 0 || at <= 0xffff || (at & 3) !== 0) return false;
      M[at >>> 2] = M[sp]!;
      return true;
    }
    case Id.PutReference: {
      const at = (M[sp + 6]! >>> 0) + M[sp + 4]!;
      if (M[sp + 5] !== 0 || at <= 0xffff || (at & 3) !== 0) return false;
      M[at >>> 2] = M[sp]!;
      vm.u8[M[Context.CardTable]! + (at >>> 9)] = 1;
      return true;
    }
    case Id.PutLong: {
      const at = (M[sp + 8]! >>> 0) + M[sp + 6]!;
      if (M[sp + 7] !== 0 || at <= 0xffff || (at & 7) !== 0) return false;
      M[at >>> 2] = M[sp + 2]!;
      M[(at >>> 2) + 1] = M[sp + 3]!;
      return true;
    }
    case Id.PutByte: {
      const at = (M[sp + 6]! >>> 0) + M[sp + 4]!;
      if (M[sp + 5] !== 0 || at <= 0xffff) return false;
      vm.u8[at] = M[sp]!;
      return true;
    }
    case Id.CasInt:
    case Id.CasReference: {
      const at = (M[sp + 8]! >>> 0) + M[sp + 6]!;
      if (M[sp + 7] !== 0 || at <= 0xffff || (at & 3) !== 0) return false;
      const same = M[at >>> 2] === M[sp + 2];
      if (same) {
        M[at >>> 2] = M[sp]!;
        if (id === Id.CasReference) vm.u8[M[Context.CardTable]! + (at >>> 9)] = 1;
      }
      M[sp + 10] = same ? 1 : 0;
      return true;
    }
    case Id.CasLong: {
      const at = (M[sp + 12]! >>> 0) + M[sp + 10]!;
      if (M[sp + 11] !== 0 || at <= 0xffff || (at & 7) !== 0) return false;
      const same = M[at >>> 2] === M[sp + 6] && M[(at >>> 2) + 1] === M[sp + 7];
      if (same) {
        M[at >>> 2] = M[sp + 2]!;
        M[(at >>> 2) + 1] = M[sp + 3]!;
      }
      M[sp + 14] = same ? 1 : 0;
      return true;
    }
    default:
      return false;
  }
}

/** Whether two byte arrays have the same content. */
function equalBytes(vm: Vm, a: number, b: number): boolean {
  const M = vm.words;
  const length = M[(a >>> 2) + ObjectWord.Length]!;
  if (length !== M[(b >>> 2) + ObjectWord.Length]) return false;
  const whole = length >>> 2;
  const wa = (a >>> 2) + ObjectWord.Elements;
  const wb = (b >>> 2) + ObjectWord.Elements;
  for (let i = 0; i < whole; i++) if (M[wa + i] !== M[wb + i]) return false;
  const bytes = vm.u8;
  for (let i = whole << 2; i < length; i++) if (bytes[(a >>> 0) + 16 + i] !== bytes[(b >>> 0) + 16 + i]) return false;
  return true;
}
