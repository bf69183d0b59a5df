/** Natives of java.lang.ref.PhantomReference: as Reference's, but they do not keep the referent alive where that matters. */
import type { NativeTable } from '../../../registry.js';
import { natives as reference } from './Reference.js';

const refersTo = 'refersTo0(Ljava/lang/Object;)Z';
const clear = 'clear0()V';

export const natives: NativeTable = {
  [refersTo]: reference[refersTo]!,
  [clear]: reference[clear]!,
};
