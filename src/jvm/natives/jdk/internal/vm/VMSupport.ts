/** Natives of jdk.internal.vm.VMSupport. */

import type { Activity } from '../../../../runtime/activity.js';
import { call } from '../../../../runtime/activity.js';
import { allocating } from '../../../../runtime/allocating.js';
import { selectVirtual } from '../../../../runtime/selection.js';
import type { JavaThread } from '../../../../runtime/thread.js';
import { nullPointer } from '../../../../runtime/throws.js';
import type { NativeTable } from '../../../registry.js';

/** Puts what a tool that attaches asks for first. */
function* initAgentProperties(t: JavaThread, properties: number): Activity<number> {
  if (properties === 0) throw nullPointer();
  const { vm } = t;
  const target = t.handle(properties);
  const command = vm.options.properties.find(([key]) => key === 'sun.java.command')?.[1] ?? '';
  const entries = [
    ['sun.java.command', command],
    ['sun.jvm.flags', ''],
    ['sun.jvm.args', vm.options.vmArguments.join(' ')],
  ] as const;
  for (const [name, text] of entries) {
    const key = t.handle(yield* allocating(() => vm.strings.fromJs(name)));
    const value = t.handle(yield* allocating(() => vm.strings.fromJs(text)));
    const cls = vm.classOf(target.ref);
    const put = vm.methodOf(cls, 'put', '(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;');
    yield call(selectVirtual(cls, put), target, key, value);
  }
  return target.ref;
}

export const natives: NativeTable = {
  'initAgentProperties(Ljava/util/Properties;)Ljava/util/Properties;': initAgentProperties,
  'getVMTemporaryDirectory()Ljava/lang/String;': (t) => t.vm.strings.fromJs('/tmp'),
};
