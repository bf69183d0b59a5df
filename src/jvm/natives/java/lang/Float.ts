/** Natives of java.lang.Float. */
import type { NativeTable } from '../../registry.js';

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

export const natives: NativeTable = {
  'floatToRawIntBits(F)I': (_t, value: number) => {
    float[0] = value;
    return bits[0]!;
  },
  'intBitsToFloat(I)F': (_t, value: number) => {
    bits[0] = value;
    return float[0]!;
  },
};
