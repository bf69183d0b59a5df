// What the generated classes share: the edge values, and a place for results. Each instruction's results are counted and
// hashed into one line; those of the instructions named by -Dedge.show=NAME,… are also printed one by one.
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

public class Edge {
    public static final int[] INTS = {
        0, 1, -1, 2, -2, 3, -3, 5, 7, -7, 10, 15, 16, 30, 31, 32, 33, 63, 64, 65, 100, 127, 128, -128, -129, 255, 256, 32767, 32768,
        -32768, -32769, 65535, 65536, 46340, 46341, -46341, 0x12345678, 0x55555555, 0xaaaaaaaa, 16777216, 16777217, -16777217, 1 << 30,
        Integer.MAX_VALUE, Integer.MAX_VALUE - 1, Integer.MIN_VALUE, Integer.MIN_VALUE + 1, Integer.MIN_VALUE + 2,
    };
    public static final long[] LONGS = {
        0, 1, -1, 2, -2, 3, -3, 7, -7, 31, 32, 63, 64, 255, 256, 65535, 65536, 1L << 31, (1L << 31) - 1, -(1L << 31), -(1L << 31) - 1, (1L << 32) - 1,
        1L << 32, (1L << 32) + 1, -(1L << 32), -(1L << 32) - 1, (1L << 53) - 1, 1L << 53, (1L << 53) + 1, -(1L << 53) - 1, 3037000499L, 3037000500L,
        0x123456789abcdefL, 0x5555555555555555L, 0xaaaaaaaaaaaaaaaaL, 0x80000000ffffffffL, 0x7fffffff80000000L, 1L << 62, Long.MAX_VALUE, Long.MAX_VALUE - 1,
        Long.MAX_VALUE - 511, Long.MAX_VALUE - 512, Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MIN_VALUE + 1024,
    };
    public static final float[] FLOATS = {
        0f, -0f, 1f, -1f, 2f, -2f, 0.5f, -0.5f, 1.5f, 2.5f, -2.5f, 0.1f, 1f / 3, 3f, 7f, 255f, 256f, 65536f, 16777215f, 16777216f, -16777217f, 1e10f, 1e-10f,
        2147483647f, 2147483648f, -2147483648f, -2147483904f, 9.2233715e18f, 9.223372e18f, -9.223372e18f, -9.2233731e18f, 1e38f, Float.MAX_VALUE, -Float.MAX_VALUE,
        Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, Float.intBitsToFloat(0x007fffff), Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN,
        Float.intBitsToFloat(0xffc00001), (float) Math.PI, 32767.5f, -128.5f,
    };
    public static final double[] DOUBLES = {
        0.0, -0.0, 1, -1, 2, -2, 0.5, -0.5, 1.5, 2.5, -2.5, 0.1, 1.0 / 3, 3, 7, 255, 65536, 1e10, 1e-10, 2147483647.0, 2147483647.5, 2147483648.0, -2147483648.0,
        -2147483648.5, -2147483649.0, 4294967296.0, 9007199254740991.0, 9007199254740993.0, 9223372036854774784.0, 9223372036854775807.0, -9223372036854775808.0,
        -9223372036854777856.0, 1e18, 1e19, 1e300, -1e300, 1e-300, Double.MAX_VALUE, -Double.MAX_VALUE, Double.MIN_VALUE, -Double.MIN_VALUE, Double.MIN_NORMAL,
        Double.longBitsToDouble(0xfffffffffffffL), Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, Double.longBitsToDouble(0xfff8000000000001L),
        Math.PI, 3.4028235677973366e38, 3.4028235e38, 1.4e-45, 7.006492321624085e-46, 1.0000000596046448, 1.0000000596046447,
    };
    /** Indexes and lengths. Longer arrays than these would only fill memory. */
    public static final int[] INDEXES = {0, 1, 2, 3, 4, 5, -1, -5, 100, 65536, Integer.MAX_VALUE, Integer.MIN_VALUE};
    public static final int[] LENGTHS = {0, 1, 2, 3, 17, 1000, -1, -2, Integer.MIN_VALUE, Integer.MAX_VALUE};
    public static final Object[] OBJECTS = {
        null, "string", 5, 5L, 'c', new Object(), new int[2], new long[1], new byte[1], new boolean[1], new Object[1], new String[1], new Integer[] {1}, new int[1][1],
        new Object[1][], new String[1][1], new Comparable<?>[1], new Serializable[1], new Cloneable[1], List.of(), Thread.State.NEW, String.class, new Exception("e"),
    };
    public static final Object[][] ARRAYS = {
        null, new Object[2], new String[2], new Integer[2], new Number[2], new int[2][], new Object[2][], new Comparable<?>[2], new Serializable[2], new Cloneable[2],
        new List<?>[2], new Runnable[0], new String[2][], new Throwable[2],
    };

    private static final List<String> SHOWN = Arrays.asList(System.getProperty("edge.show", "").split(","));
    private static String name;
    private static boolean shown;
    private static int count;
    private static long hash;

    public static void begin(String instruction) { name = instruction; shown = SHOWN.contains(name); count = 0; hash = 0; }
    public static void end() { System.out.println(name + " " + count + " " + Long.toHexString(hash)); }
    public static void put(int value) { add(value); if (shown) show(value); }
    public static void put(long value) { add(value); if (shown) show(value); }
    public static void put(float value) { add(Float.floatToIntBits(value)); if (shown) show(value + " " + Integer.toHexString(Float.floatToIntBits(value))); }
    public static void put(double value) { add(Double.doubleToLongBits(value)); if (shown) show(value + " " + Long.toHexString(Double.doubleToLongBits(value))); }
    public static void put(Object value) { String text = text(value); add(text.hashCode()); if (shown) show(text); }
    public static void fail(Throwable thrown) { String text = thrown.toString(); add(text.hashCode()); if (shown) show(text); }
    private static void add(long value) { count++; hash = hash * 0x9E3779B97F4A7C15L + value + 1; }
    private static void show(Object value) { System.out.println("  " + name + " " + count + ": " + value); }
    private static String text(Object value) {
        if (value == null) return "null";
        Class<?> type = value.getClass();
        if (type == Object.class) return "Object";
        if (!type.isArray()) return value.toString();
        return value instanceof Object[] elements ? type.getName() + elements.length : type.getName() + java.lang.reflect.Array.getLength(value);
    }
}
