/** Natives of java.lang.StackTraceElement: elements out of a Throwable's backtrace or a StackWalker's frame. */
import { backtraceOf, fillStackTraceElement } from '../../../runtime/stack-trace.js';
import { nullPointer, ThrowNew } from '../../../runtime/throws.js';
import type { NativeTable } from '../../registry.js';

export const natives: NativeTable = {
  'initStackTraceElements([Ljava/lang/StackTraceElement;Ljava/lang/Throwable;)V': (
    t,
    elements: number,
    throwable: number,
  ) => {
    const { vm } = t;
    if (elements === 0 || throwable === 0) throw nullPointer();
    const frames = backtraceOf(vm, throwable);
    if (vm.arrayLength(elements) !== frames.length) throw new ThrowNew('java/lang/IndexOutOfBoundsException');
    frames.forEach(({ methodId, bci }, i) => {
      const element = vm.getElement(elements, i);
      if (element === 0) throw nullPointer();
      fillStackTraceElement(vm, element, vm.methods[methodId]!, bci);
    });
  },

  'initStackTraceElement(Ljava/lang/StackTraceElement;Ljava/lang/StackFrameInfo;)V': (
    t,
    element: number,
    frame: number,
  ) => {
    const { vm } = t;
    const member = vm.getWord(frame, vm.offset('java/lang/StackFrameInfo', 'memberName'));
    const resolved = vm.getWord(member, vm.offset('java/lang/invoke/MemberName', 'method'));
    const method = vm.methodAt(vm.getWord(resolved, vm.offset('java/lang/invoke/ResolvedMethodName', 'vmtarget')));
    fillStackTraceElement(vm, element, method, vm.getWord(frame, vm.offset('java/lang/StackFrameInfo', 'bci')));
  },
};
