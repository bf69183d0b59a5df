/**
 * Natives of jdk.internal.loader.NativeLibraries.
 *
 * What the JDK's own libraries do is done by Scotty itself, so `System.loadLibrary("net")` finds them built in. Machine
 * code of others cannot be loaded: it would run outside every check.
 */
import { ThrowNew } from '../../../../runtime/throws.js';
import type { NativeTable } from '../../../registry.js';

/** Libraries of a JDK whose natives are Scotty's. */
const BUILT_IN: ReadonlySet<string> = new Set([
  'attach',
  'extnet',
  'instrument',
  'j2pkcs11',
  'jaas',
  'java',
  'jimage',
  'jli',
  'jsig',
  'jvm',
  'management',
  'management_ext',
  'net',
  'nio',
  'prefs',
  'rmi',
  'sctp',
  'verify',
  'zip',
]);

/** Any number but 0: there is nothing to point to. */
const HANDLE = 1;

export const natives: NativeTable = {
  'findBuiltinLib(Ljava/lang/String;)Ljava/lang/String;': (t, file: number) => {
    const { strings } = t.vm;
    const name = /^lib(.+)\.so$/.exec(strings.toJs(file))?.[1];
    return name !== undefined && BUILT_IN.has(name) ? strings.fromJs(name) : 0;
  },

  'load(Ljdk/internal/loader/NativeLibraries$NativeLibraryImpl;Ljava/lang/String;ZZZ)Z': (
    t,
    library: number,
    name: number,
    isBuiltin: number,
    _isJni: number,
    throwIfFail: number,
  ) => {
    const { vm } = t;
    if (isBuiltin !== 0) {
      const offset = (field: string) => vm.offset('jdk/internal/loader/NativeLibraries$NativeLibraryImpl', field);
      vm.putLong(library >>> 0, offset('handle'), HANDLE);
      vm.putWord(library, offset('jniVersion'), 0x00010008);
      return true;
    }
    if (throwIfFail === 0) return false;
    throw new ThrowNew(
      'java/lang/UnsatisfiedLinkError',
      `${vm.strings.toJs(name)}: Scotty cannot load native libraries; their methods would have to be TypeScript`,
    );
  },

  'unload(Ljava/lang/String;ZZJ)V': () => {},

  'findEntry0(Ljdk/internal/loader/NativeLibraries$NativeLibraryImpl;Ljava/lang/String;)J': () => 0,
};
