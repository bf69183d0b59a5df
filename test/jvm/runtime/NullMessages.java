import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** Raises NullPointerExceptions in every way there is and prints the messages. */
public class NullMessages {
  NullMessages next; int value; long wide; double[] ds; NullMessages[] many; int[][] grid; String text; Object lock;
  static NullMessages root; static String word; static int[] ints; static NullMessages[][] table;
  NullMessages child() { return null; }
  static NullMessages make(int a, String s, Object[] o, long[][] l, java.util.Map<String, Integer> m,
      StringBuilder b, Thread.State st, Object... z) { return null; }
  NullMessages self() { return this; }
  interface Shape { int area(Object o, String[] s); }
  static Object id(Object o) { return o; }
  static int idx() { return 0; }
  static int c0(String s) { return s.length(); }
  static int c1(NullMessages p) { return p.value; }
  static int c2(NullMessages p) { return p.next.next.value; }
  static void c3(NullMessages p) { p.next.value = 3; }
  static void c4(NullMessages p) { p.wide = 3L; }
  static int c5() { return root.value; }
  static int c6() { return ints[3]; }
  static void c7() { ints[3] = 1; }
  static int c8(int[] a) { return a.length; }
  static void c9(RuntimeException e) { throw e; }
  static void c10(Object o) { synchronized (o) { System.out.println(); } }
  static Object c11(NullMessages p) { return p.child().next; }
  static Object c12(NullMessages p) { return make(1, "", null, null, null, null, null).child(); }
  static Object c13(NullMessages[] a, int i) { return a[i].next; }
  static Object c14(NullMessages[][] a, int i, int j) { return a[i][j].next; }
  static int c15(int[][] g, int i, int[] k) { return g[i][k[2]]; }
  static int c16(NullMessages p) { return p.self().next.many[idx()].next.value; }
  static int c17(NullMessages p) { NullMessages loc = p.next; return loc.value; }
  static int c18(NullMessages p) { p = p.next; return p.value; }
  int c19() { return next.value; }
  int c20() { return this.next.next.next.next.next.next.value; }
  int c21(long x, double y, String z) { return z.length(); }
  static int c22(long x, double y, String z, int w, int[] v) { return v[w]; }
  static double c23(double[] d) { return d[0]; }
  static void c24(double[] d) { d[1] = 2; }
  static void c25(long[] d) { d[1] += 2; }
  static void c26(byte[] b, boolean[] z) { z[0] = true; }
  static byte c27(byte[] b) { return b[300]; }
  static char c28(char[] b) { return b[70000]; }
  static short c29(short[] b) { b[-1]++; return 0; }
  static float c30(float[] b) { return b[5]; }
  static Object c31(Object[] b, Object v) { b[0] = v; return 0; }
  static int c32(Shape s) { return s.area(null, null); }
  static int c33(boolean f, NullMessages p, NullMessages q) { return (f ? p : q).value; }
  static int c34(Object o) { return ((String) o).length(); }
  static int c35(Object o) { return ((NullMessages) id(o)).value; }
  static int c36(Integer i) { return i + 1; }
  static void c37(String s) { switch (s) { case "a": break; default: System.out.println(); } }
  enum E { A, B }
  static void c38(E e) { switch (e) { case A: break; default: System.out.println(); } }
  static void c39(List<String> l) { for (String s : l) System.out.println(s); }
  static int c40() { return ((String) null).length(); }
  static int c41(NullMessages p) { int k = 3; return p.many[k].grid[k + 1][7]; }
  static Object c42() { return table[2][3].next; }
  static int c43(NullMessages p) { return p.many[p.value].value; }
  static int c44(Supplier<NullMessages> s) { return s.get().value; }
  static int c45(NullMessages p, int n) { for (int i = 0; i < n; i++) { p = p.next; } return p.value; }
  static void c46(NullMessages p) { p.value++; }
  static void c47(NullMessages p) { p.next.wide += 7; }
  static void c48(Object x) { Objects.requireNonNull(x); }
  static void c49(Object x) { throw new NullPointerException(); }
  static void c50(Object x) { throw new NullPointerException("own"); }
  static void c51(NullMessages x) { Runnable r = x::child; r.run(); }
  static int c52(NullMessages p) { try { return p.value; } finally { System.out.print(""); } }
  static int c53(String[] a) { return a[0].length() + a[1].concat("x").length(); }
  static int c54(NullMessages p) { return p.next.next.next.next.next.next.value; }
  static int c55(NullMessages p) { return p.many[p.next.many[p.many[0].value].value].value; }
  class Inner { int k() { return next.value; } int v; }
  static int c56(NullMessages p) { return p.new Inner().k(); }
  static void c57(NullMessages p) { p.lock.notify(); }
  static int c58(Object[] a, Object b) { return (a == null ? b : a[0]).hashCode(); }
  static int c59(int i, int[] a) { return a[i++] + a[i]; }
  static void c60(Object x) { x.getClass(); }
  static long c61(long[] d, int i) { return d[i]++; }
  static int c62(Object o) { Object[] z = (Object[]) o; return z.length; }
  static int c63(NullMessages... p) { return p[0].many.length; }
  static int c64(StringBuilder b) { return b.append(b).length(); }
  static Object c65(String[][] s) { return s[0].clone(); }
  static int c66(Object[] s) { return s.hashCode(); }
  static void run(int k, Runnable r) { try { r.run(); System.out.println(k + " none"); } catch (NullPointerException e) {
    StackTraceElement top = e.getStackTrace()[0];
    System.out.println(k + "|" + top.getClassName() + "|" + top.getMethodName() + "|" + top.getLineNumber() + "|" + e.getMessage()); } }
  public static void main(String[] x) {
    NullMessages p = new NullMessages(), pp = new NullMessages(); pp.next = p; pp.many = new NullMessages[4]; 
    run(0, () -> c0(null));
    run(1, () -> c1(null));
    run(2, () -> c2(pp));
    run(3, () -> c3(p));
    run(4, () -> c4(null));
    run(5, () -> c5());
    run(6, () -> c6());
    run(7, () -> c7());
    run(8, () -> c8(null));
    run(9, () -> c9(null));
    run(10, () -> c10(null));
    run(11, () -> c11(p));
    run(12, () -> c12(p));
    run(13, () -> c13(new NullMessages[3], 1));
    run(14, () -> c14(new NullMessages[3][3], 1, 2));
    run(15, () -> c15(new int[3][], 1, new int[3]));
    run(16, () -> c16(pp));
    run(17, () -> c17(p));
    run(18, () -> c18(p));
    run(19, () -> p.c19());
    run(20, () -> pp.c20());
    run(21, () -> p.c21(1, 2, null));
    run(22, () -> c22(1, 2, "", 1, null));
    run(23, () -> c23(null));
    run(24, () -> c24(null));
    run(25, () -> c25(null));
    run(26, () -> c26(null, null));
    run(27, () -> c27(null));
    run(28, () -> c28(null));
    run(29, () -> c29(null));
    run(30, () -> c30(null));
    run(31, () -> c31(null, p));
    run(32, () -> c32(null));
    run(33, () -> c33(true, null, null));
    run(34, () -> c34(null));
    run(35, () -> c35(null));
    run(36, () -> c36(null));
    run(37, () -> c37(null));
    run(38, () -> c38(null));
    run(39, () -> c39(null));
    run(40, () -> c40());
    NullMessages g = new NullMessages(); g.many = new NullMessages[]{p, pp, pp, g};
    run(41, () -> c41(g));
    run(42, () -> c42());
    run(43, () -> c43(pp));
    run(44, () -> c44(() -> null));
    run(45, () -> c45(p, 1));
    run(46, () -> c46(null));
    run(47, () -> c47(p));
    run(48, () -> c48(null));
    run(49, () -> c49(null));
    run(50, () -> c50(null));
    run(51, () -> c51(null));
    run(52, () -> c52(null));
    run(53, () -> c53(new String[2]));
    run(54, () -> c54(pp));
    run(55, () -> c55(pp));
    run(56, () -> c56(p));
    run(57, () -> c57(p));
    run(58, () -> c58(null, null));
    run(59, () -> c59(1, null));
    run(60, () -> c60(null));
    run(61, () -> c61(null, 0));
    run(62, () -> c62(null));
    run(63, () -> c63(p));
    run(64, () -> c64(null));
    run(65, () -> c65(null));
    run(66, () -> c66(null));
  }
}
