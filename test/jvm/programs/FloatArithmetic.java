// float and double arithmetic: NaN, signed zero, subnormals, conversions, comparisons, remainder, fma, rounding.
public class FloatArithmetic {
    static final double[] D = {0.0, -0.0, 1, -1, 0.1, -2.5, 0.5, 1.5, 1e300, -1e-300, Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, 2147483647.5, -2147483649.0, 9.223372036854775807e18, 4503599627370497.5, Math.PI};
    static final float[] F = {0f, -0f, 1f, -1f, 0.1f, -2.5f, 1e38f, 1e-45f, Float.MIN_NORMAL, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 16777217f, 2147483648f, 9.3e18f, 3.4e-40f};
    static long hash;
    static void mix(long v) { hash = 31 * hash + v; }
    static void mix(double d) { mix(Double.doubleToLongBits(d)); }
    static void mix(float f) { mix((long) Float.floatToIntBits(f)); }
    public static void main(String[] args) {
        for (double a : D) for (double b : D) { mix(a + b); mix(a - b); mix(a * b); mix(a / b); mix(a % b); mix((a < b ? 1 : 0) + (a <= b ? 2 : 0) + (a > b ? 4 : 0) + (a >= b ? 8 : 0) + (a == b ? 16 : 0) + (a != b ? 32L : 0)); mix((long) Double.compare(a, b)); mix(Math.max(a, b)); mix(Math.min(a, b)); mix(Math.copySign(a, b)); mix(Math.nextAfter(a, b)); mix(Math.IEEEremainder(a, b)); mix(Math.fma(a, b, 1e-3)); mix(Math.hypot(a, b)); }
        System.out.println("double " + hash);
        for (float a : F) for (float b : F) { mix(a + b); mix(a - b); mix(a * b); mix(a / b); mix(a % b); mix((a < b ? 1 : 0) + (a >= b ? 2 : 0) + (a == b ? 4L : 0)); mix((long) Float.compare(a, b)); mix(Math.max(a, b)); mix(Math.fma(a, b, a)); mix(Math.copySign(a, b)); mix(Math.nextAfter(a, (double) b)); }
        System.out.println("float " + hash);
        for (double d : D) System.out.print(d + ":" + (int) d + "," + (long) d + "," + (float) d + "," + (short) d + "," + (byte) d + "," + (int) (char) d + "," + Math.round(d) + "," + Math.rint(d) + "," + Math.floor(d) + "," + Math.ceil(d) + "," + Math.ulp(d) + "," + Math.getExponent(d) + "," + Math.signum(d) + "," + -d + " ");
        System.out.println();
        for (float f : F) System.out.print(f + ":" + (int) f + "," + (long) f + "," + (double) f + "," + (char) f + "," + Math.round(f) + "," + Math.ulp(f) + "," + Math.nextUp(f) + "," + Math.nextDown(f) + "," + Math.scalb(f, 3) + " ");
        System.out.println();
        System.out.println((0.0 == -0.0) + " " + Double.valueOf(0.0).equals(-0.0) + " " + (Double.NaN == Double.NaN) + " " + Double.valueOf(Double.NaN).equals(Double.NaN) + " " + 1 / 0.0 + " " + 1 / -0.0 + " " + 0.0 / 0.0 + " " + 5.5 % -2 + " " + -5.5 % 2 + " " + 1e17 % 3 + " " + -0.0 % 1 + " " + (0.1 + 0.2) + " " + (float) (0.1f + 0.2f) + " " + 1.0f * 16777216 + 1);
        System.out.println(Double.doubleToRawLongBits(-Double.NaN) + " " + Long.toHexString(Double.doubleToLongBits(Double.longBitsToDouble(0x7ff0000000000001L))) + " " + Integer.toHexString(Float.floatToRawIntBits(Float.intBitsToFloat(0x7fc12345))) + " " + Long.toHexString(Double.doubleToRawLongBits(Double.longBitsToDouble(0xfff8000000000123L))));
        double sum = 0; for (int i = 1; i <= 3000; i++) sum += 1.0 / i; float fs = 0; for (int i = 1; i <= 3000; i++) fs += 1f / i; System.out.println(sum + " " + fs);
        double x = 1; int n = 0; while (x > 0) { x /= 2; n++; } System.out.println(n);
        float y = 1; int m = 0; while (y < Float.POSITIVE_INFINITY) { y *= 2; m++; } System.out.println(m);
        long big = Long.MAX_VALUE; System.out.println((double) big + " " + (float) big + " " + (long) (double) big + " " + (long) (float) (big - 1) + " " + (float) 16777217 + " " + (double) (float) 0.1 + " " + (float) 1e-50 + " " + (float) 1e50 + " " + (int) 1e20f + " " + (long) -1e30);
        long seed = 7; for (int k = 0; k < 2000; k++) { seed = seed * 6364136223846793005L + 1442695040888963407L; double a = Double.longBitsToDouble(seed), b = Double.longBitsToDouble(Long.reverse(seed) ^ seed); float f = Float.intBitsToFloat((int) (seed >> 20)); mix(a + b); mix(a * b); mix(a / b); mix(a % b); mix((float) a); mix((double) f); mix(f * f); mix((long) a); mix((int) f); mix((double) seed); mix((float) seed); mix(Math.sqrt(a)); }
        System.out.println("random " + hash);
    }
    static strictfp double strict(double a, double b) { return a * b / 3; }
}
