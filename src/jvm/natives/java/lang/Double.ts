/** Natives of java.lang.Double. */
import type { NativeTable } from '../../registry.js';

const double = new Float64Array(1);
const bits = new BigInt64Array(double.buffer);

export const natives: NativeTable = {
  'doubleToRawLongBits(D)J': (_t, value: number) => {
    double[0] = value;
    return bits[0]!;
  },
  'longBitsToDouble(J)D': {
    exact: (_t, value: bigint) => {
      bits[0] = value;
      return double[0]!;
    },
  },
};
