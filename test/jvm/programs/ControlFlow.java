// Loops, labels, compound conditions, short circuits, ternaries, definite assignment, evaluation order of operands.
public class ControlFlow {
    static StringBuilder trace = new StringBuilder();
    static int t(int v) { trace.append(v); return v; }
    static boolean b(String s, boolean v) { trace.append(s); return v; }
    static int[] arr() { trace.append("A"); return new int[] {1, 2, 3}; }
    static void flush() { System.out.println(trace); trace.setLength(0); }
    public static void main(String[] args) {
        int n = 0;
        outer: for (int i = 0; i < 10; i++) { for (int j = 0; ; j++) { if (j == 5) continue outer; if (i * j == 12) break outer; if ((i + j) % 3 == 0) continue; n += i * 10 + j; } }
        System.out.println(n);
        block: { if (n > 5) break block; System.out.println("unreached"); }
        int i = 0; do { i += 3; if (i == 9) continue; } while (i < 20); System.out.println(i);
        while (true) { if (i-- < 10) break; } System.out.println(i);
        for (int a = 0, z = 10; a < z; a++, z--) n += a * z; System.out.println(n);
        boolean r = b("x", true) && b("y", false) || b("z", true) & b("w", false) | b("v", true) ^ b("u", true); System.out.println(r); flush();
        r = b("p", true) || b("q", true) && b("r", true); System.out.println(r); flush();
        System.out.println(t(1) + t(2) * t(3) - (t(4) << t(1))); flush();
        arr()[t(1)] += t(5); flush();
        try { arr()[t(3)] = t(9); } catch (ArrayIndexOutOfBoundsException e) { trace.append(e.getMessage()); } flush();
        try { int q = t(1) / (t(0) + t(0)) + t(8); } catch (ArithmeticException e) { trace.append(e.getMessage()); } flush();
        try { int[] nul = null; nul[t(4)] = t(6); } catch (NullPointerException e) { trace.append("npe"); } flush();
        try { int[][] grid = new int[t(2)][t(-1)]; } catch (NegativeArraySizeException e) { trace.append(e.getMessage()); } flush();
        int x = 5; x = x++ * 2 + x; System.out.println(x); x ^= x << 3; System.out.println(x); x = -x >>> 28; System.out.println(x); x %= -4; System.out.println(x);
        String s = x > 0 ? x > 2 ? "big" : "small" : "none"; System.out.println(s);
        int[][] tri = new int[5][]; for (int k = 0; k < 5; k++) { tri[k] = new int[k + 1]; tri[k][0] = tri[k][k] = 1; for (int m = 1; m < k; m++) tri[k][m] = tri[k - 1][m - 1] + tri[k - 1][m]; } for (int[] row : tri) { for (int v : row) System.out.print(v + " "); } System.out.println();
        long[][][] cube = new long[2][3][4]; cube[1][2][3] = 7; int cells = 0; for (long[][] p : cube) for (long[] q : p) cells += q.length; System.out.println(cells + " " + cube[1][2][3] + " " + new int[2][3][][].length);
        final int k; if (args.length == 0) k = 1; else k = 2; System.out.println(k);
        int collatz = 27, steps = 0; while (collatz != 1) { collatz = (collatz & 1) == 0 ? collatz / 2 : 3 * collatz + 1; steps++; } System.out.println(steps);
        System.out.println(ack(2, 3) + " " + hanoi(10) + " " + gcd(1071, 462) + " " + isPrime(7919) + " " + power(3, 13));
    }
    static int ack(int m, int n) { return m == 0 ? n + 1 : n == 0 ? ack(m - 1, 1) : ack(m - 1, ack(m, n - 1)); }
    static int hanoi(int n) { return n == 0 ? 0 : 2 * hanoi(n - 1) + 1; }
    static int gcd(int a, int b) { while (b != 0) { int r = a % b; a = b; b = r; } return a; }
    static boolean isPrime(int p) { for (int d = 2; d * d <= p; d++) if (p % d == 0) return false; return p > 1; }
    static long power(long b, int e) { long r = 1; for (; e > 0; e >>= 1, b *= b) if ((e & 1) == 1) r *= b; return r; }
}
