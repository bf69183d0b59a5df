package api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntBinaryOperator;
import java.util.function.Supplier;

/** What the tests of the API call. */
public class Specimen {
    public static int counter = 1;
    public static final String FIXED = "fixed";
    private static long hidden = 40;
    static List<String> names;

    public int number;
    protected String text = "text";
    private double[] values = {1.5, 2.5};
    final int constant = 7;

    public Specimen(int number) { this.number = number; }
    public Specimen(String text) { this.text = text; }
    public Specimen() { }

    public static boolean not(boolean b) { return !b; }
    public static byte ofByte(byte b) { return (byte) (b + 1); }
    public static short ofShort(short s) { return (short) (s + 1); }
    public static char ofChar(char c) { return (char) (c + 1); }
    public static int ofInt(int i) { return i + 1; }
    public static long ofLong(long l) { return l + 1; }
    public static float ofFloat(float f) { return f / 3; }
    public static double ofDouble(double d) { return d / 3; }
    public static String ofString(String s) { return s == null ? "null!" : s + "!"; }
    public static void nothing() { counter++; }
    public static Object same(Object o) { return o; }
    public static String classOf(Object o) { return o == null ? "null" : o.getClass().getName(); }
    public static Object notSo(Boolean b) { return b == null ? null : !b; }

    public static byte[] bytes(byte[] a) { return a.clone(); }
    public static boolean[] booleans(boolean[] a) { return a.clone(); }
    public static short[] shorts(short[] a) { return a.clone(); }
    public static char[] chars(char[] a) { return a.clone(); }
    public static int[] ints(int[] a) { return a.clone(); }
    public static long[] longs(long[] a) { return a.clone(); }
    public static float[] floats(float[] a) { return a.clone(); }
    public static double[] doubles(double[] a) { return a.clone(); }
    public static String[] strings(String[] a) { return a.clone(); }
    public static int[][] grid(int[][] a) { return a; }
    public static Object[] cyclic() { Object[] a = {1, null}; a[1] = a; return a; }

    public static String over(int i) { return "int"; }
    public static String over(long l) { return "long"; }
    public static String over(double d) { return "double"; }
    public static String over(char c) { return "char"; }
    public static String over(String s) { return "String"; }
    public static String over(Object o) { return "Object"; }
    public static String over(int... rest) { return "int..." + rest.length; }
    public static String either(String a, Object b) { return "first"; }
    public static String either(Object a, String b) { return "second"; }
    public static String open(CharSequence s) { return "public"; }
    static String open(String s) { return "package"; }
    private static int secret() { return 42; }

    public String describe() { return "Specimen " + number; }
    public Specimen self() { return this; }
    @Override public String toString() { return "Specimen[" + number + "]"; }

    public static void fail(String message) { throw new IllegalStateException(message, new IOException("why")); }
    public static void failOddly() {
        throw new RuntimeException() {
            @Override public String getMessage() { throw new Error("no message"); }
        };
    }
    public static int deep(int n) { return n + deep(n + 1); }

    public static int apply(IntBinaryOperator f, int a, int b) { return f.applyAsInt(a, b); }
    public static List<String> sorted(List<String> in, Comparator<String> by) {
        List<String> out = new ArrayList<>(in);
        out.sort(by.reversed());
        return out;
    }
    public static String caught(Runnable r) {
        try {
            r.run();
            return "nothing";
        } catch (Throwable e) {
            return e.getClass().getName() + ": " + e.getMessage();
        }
    }
    public static Object get(Supplier<?> s) { return s.get(); }

    private static final CountDownLatch latch = new CountDownLatch(1);
    public static String await() throws InterruptedException { latch.await(); return "released"; }
    public static void release() { latch.countDown(); }
    public static boolean hasLoader() {
        return Thread.currentThread().getContextClassLoader() == ClassLoader.getSystemClassLoader();
    }
    public static boolean asserting() {
        boolean on = false;
        assert on = true;
        return on;
    }
    public static void forever() { for (;;) counter++; }
    public static int allocate(int rounds) {
        int sum = 0;
        for (int i = 0; i < rounds; i++) sum += new byte[1000].length + new int[]{i}.length;
        return sum;
    }

    public static class Nested {
        static int made;
        static { made = 5; }
    }

    public static class Broken {
        static int value = Integer.parseInt("x");
    }

    /** Programs for `run`. */
    public static class Echo {
        public static void main(String[] args) throws Exception {
            System.out.println("args " + String.join(",", args));
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
            for (String line; (line = in.readLine()) != null; ) System.out.println("> " + line);
            System.err.print("error stream");
        }
    }

    public static class Thrower {
        public static void main(String[] args) { throw new IllegalArgumentException("uncaught"); }
    }

    public static class Threads {
        public static void main(String[] args) {
            new Thread(() -> {
                try {
                    Thread.sleep(50);
                } catch (InterruptedException e) {
                    throw new Error(e);
                }
                System.out.println("late");
            }).start();
            System.out.println("early " + Thread.currentThread().getName());
        }
    }

    public static class Exit {
        public static void main(String[] args) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
            System.exit(3);
        }
    }

    public static class Printer {
        public static void main(String[] args) {
            for (int i = 0; i < 20000; i++) System.out.println("line " + i);
        }
    }

    public static class NoMain {
        public void main(String[] args) { }
    }
}
