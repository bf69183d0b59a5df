/** Natives of java.lang.NullPointerException: the message that says what was null (JEP 358). */
import { nullPointerMessage } from '../../../runtime/helpful-npe.js';
import { originOf } from '../../../runtime/stack-trace.js';
import type { NativeTable } from '../../registry.js';

export const natives: NativeTable = {
  'getExtendedNPEMessage()Ljava/lang/String;': (t, self: number) => {
    const { vm } = t;
    if (vm.options.tuning?.codeDetails === false) return 0;
    const origin = originOf(vm, self);
    if (origin === undefined || origin.method.code === undefined) return 0;
    // Reflection makes the exception it was asked for here: no bytecode of this class raised it.
    if (origin.method.holder.name === 'jdk/internal/reflect/NativeConstructorAccessorImpl') return 0;
    const { method, bci } = origin;
    const message = nullPointerMessage(method.holder.pool, method, bci);
    return message === undefined ? 0 : vm.strings.fromJs(message);
  },
};
