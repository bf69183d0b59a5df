/** Natives of jdk.internal.misc.VM. */
import type { JavaClass } from '../../../../runtime/java-class.js';
import { forEachFrame } from '../../../../runtime/stack-walk.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import type { NativeTable } from '../../../registry.js';

const PLATFORM_LOADER = 'jdk/internal/loader/ClassLoaders$PlatformClassLoader';
const ACCESSORS: ReadonlySet<string> = new Set([
  'jdk/internal/reflect/MethodAccessorImpl',
  'jdk/internal/reflect/ConstructorAccessorImpl',
]);

/** Whether a class is one that reflection generates to make a call: those have loaders of their own. */
function isAccessor(cls: JavaClass): boolean {
  for (let c: JavaClass | null = cls; c !== null; c = c.superclass) if (ACCESSORS.has(c.name)) return true;
  return false;
}

/** Loader of the youngest frame whose class comes neither from the boot nor from the platform loader; null: none. */
function latestUserDefinedLoader(t: JavaThread): number {
  const { vm } = t;
  let found = 0;
  forEachFrame(t, ({ holder }) => {
    if (holder.loader.isBoot || isAccessor(holder)) return false;
    const loader = vm.roots.get(holder.loader.cell);
    if (vm.classOf(loader).name === PLATFORM_LOADER) return false;
    found = loader;
    return true;
  });
  return found;
}

/** Microseconds and finer of the wall clock: of the millisecond that `Date.now` tells, so that clocks agree. */
function wallClockNanos(): bigint {
  const millis = Date.now();
  const precise = performance.timeOrigin + performance.now();
  const whole = Math.floor(precise);
  const fraction = whole === millis ? Math.floor((precise - whole) * 1e6) : whole > millis ? 999_999 : 0;
  return BigInt(millis) * 1_000_000n + BigInt(fraction);
}

/** Nanoseconds from a point in time (seconds since 1970) to now; -1 when they are too many seconds. */
function nanoTimeAdjustment(offset: bigint): bigint {
  const now = wallClockNanos();
  const seconds = now / 1_000_000_000n - offset;
  if (seconds >= 0x1_0000_0000n || seconds <= -0x1_0000_0000n) return -1n;
  return now - offset * 1_000_000_000n;
}

export const natives: NativeTable = {
  'initialize()V': () => {},
  'latestUserDefinedLoader0()Ljava/lang/ClassLoader;': latestUserDefinedLoader,
  'getuid()J': () => process.getuid?.() ?? 0,
  'geteuid()J': () => process.geteuid?.() ?? 0,
  'getgid()J': () => process.getgid?.() ?? 0,
  'getegid()J': () => process.getegid?.() ?? 0,
  'getNanoTimeAdjustment(J)J': { exact: (_t, offset: bigint) => nanoTimeAdjustment(offset) },
  'getRuntimeArguments()[Ljava/lang/String;': (t) => {
    const { vm } = t;
    const { vmArguments } = vm.options;
    const result = vm.heap.allocateArray(vm.known.stringArray, vmArguments.length);
    vmArguments.forEach((argument, i) => vm.putReferenceElement(result, i, vm.strings.fromJs(argument)));
    return result;
  },
};
