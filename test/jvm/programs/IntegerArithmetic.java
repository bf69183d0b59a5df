// int and long arithmetic over edge values: overflow, division and remainder, shifts, bit counts, unsigned and exact methods.
public class IntegerArithmetic {
    static final int[] I = {0, 1, -1, 2, -2, 7, -7, 31, 32, 33, 255, 65536, 46341, -46341, 0x12345678, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE + 1};
    static final long[] L = {0, 1, -1, 3, -3, 63, 64, 65, 1L << 31, (1L << 32) - 1, -(1L << 32), 3037000500L, 0x123456789abcdefL, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1};
    static int hash;
    static void mix(long v) { hash = 31 * hash + (int) (v ^ v >>> 32); }
    static String div(int a, int b) { try { return a / b + "r" + a % b; } catch (ArithmeticException e) { return e.getMessage(); } }
    static String div(long a, long b) { try { return a / b + "r" + a % b; } catch (ArithmeticException e) { return e.getMessage(); } }
    static String exact(java.util.function.LongSupplier s) { try { return "" + s.getAsLong(); } catch (ArithmeticException e) { return e.getMessage(); } }
    public static void main(String[] args) {
        for (int a : I) for (int b : I) { mix(a + b); mix(a - b); mix(a * b); mix(a << b); mix(a >> b); mix(a >>> b); mix(a & b); mix(a | ~b); mix(a ^ b); mix(div(a, b).hashCode()); mix(Integer.compare(a, b)); mix(Integer.compareUnsigned(a, b)); mix(a < b ? 1 : a == b ? 2 : 3); mix(Integer.rotateLeft(a, b)); if (b != 0) { mix(Integer.divideUnsigned(a, b)); mix(Integer.remainderUnsigned(a, b)); mix(Math.floorDiv(a, b)); mix(Math.floorMod(a, b)); } mix(Math.max(a, b)); mix(Math.multiplyFull(a, b)); }
        System.out.println("int " + hash);
        for (long a : L) for (long b : L) { mix(a + b); mix(a - b); mix(a * b); mix(a << b); mix(a >> b); mix(a >>> b); mix(a << (int) b); mix(a & b); mix(a | b); mix(a ^ ~b); mix(div(a, b).hashCode()); mix(Long.compare(a, b)); mix(Long.compareUnsigned(a, b)); mix(Long.rotateRight(a, (int) b)); if (b != 0) { mix(Long.divideUnsigned(a, b)); mix(Long.remainderUnsigned(a, b)); mix(Math.floorDiv(a, b)); mix(Math.floorMod(a, b)); } mix(Math.multiplyHigh(a, b)); mix(a >= b ? 5 : 6); }
        System.out.println("long " + hash);
        for (int a : I) System.out.print(Integer.bitCount(a) + "," + Integer.numberOfLeadingZeros(a) + "," + Integer.numberOfTrailingZeros(a) + "," + Integer.highestOneBit(a) + "," + Integer.lowestOneBit(a) + "," + Integer.reverse(a) + "," + Integer.reverseBytes(a) + "," + Integer.signum(a) + "," + (byte) a + "," + (short) a + "," + (int) (char) a + "," + Math.abs(a) + " ");
        System.out.println();
        for (long a : L) System.out.print(Long.bitCount(a) + "," + Long.numberOfLeadingZeros(a) + "," + Long.numberOfTrailingZeros(a) + "," + Long.highestOneBit(a) + "," + Long.reverse(a) + "," + Long.reverseBytes(a) + "," + Long.signum(a) + "," + (int) a + "," + (float) a + "," + (double) a + "," + Math.abs(a) + " ");
        System.out.println();
        System.out.println(Integer.MIN_VALUE / -1 + " " + Integer.MIN_VALUE % -1 + " " + Long.MIN_VALUE / -1 + " " + Long.MIN_VALUE % -1 + " " + -7 / 2 + " " + -7 % 2 + " " + 7 / -2 + " " + 7 % -2 + " " + (-7 >> 1) + " " + (-7 >>> 28));
        System.out.println(exact(() -> Math.addExact(Integer.MAX_VALUE, 1)) + " " + exact(() -> Math.addExact(Long.MAX_VALUE, 1L)) + " " + exact(() -> Math.multiplyExact(1L << 32, 1L << 31)) + " " + exact(() -> Math.multiplyExact(-1L, Long.MIN_VALUE)) + " " + exact(() -> Math.negateExact(Integer.MIN_VALUE)) + " " + exact(() -> Math.toIntExact(1L << 31)) + " " + exact(() -> Math.subtractExact(-5, 6)) + " " + exact(() -> Math.incrementExact(Integer.MAX_VALUE)) + " " + exact(() -> Math.absExact(Integer.MIN_VALUE)));
        int i = 0x7fffffff; i++; long l = Long.MAX_VALUE; l++; short s = Short.MAX_VALUE; s++; byte b = Byte.MIN_VALUE; b--; char c = 0; c--;
        System.out.println(i + " " + l + " " + s + " " + b + " " + (int) c + " " + (1 << 33) + " " + (1L << 33) + " " + (-1 >>> 1) + " " + (-1L >>> 1) + " " + (byte) 0x80 + " " + (0x80 >> 1) + " " + ((byte) 0x80 >> 1) + " " + ((byte) 0x80 >>> 1));
        long seed = 42; for (int k = 0; k < 2000; k++) { seed = seed * 6364136223846793005L + 1442695040888963407L; long d = seed >> (k & 31) | 1; mix(Long.MAX_VALUE / d); mix(seed % d); mix(Long.divideUnsigned(seed, d)); mix((int) seed / ((int) d | 1)); }
        System.out.println("random " + hash);
    }
}
