// Overload resolution, varargs, boxing, widening, static against dynamic dispatch, covariant returns, default parameters by hand.
import java.util.*;

public class VarargsOverloads {
    static String f(int i) { return "int"; }
    static String f(long l) { return "long"; }
    static String f(double d) { return "double"; }
    static String f(Integer i) { return "Integer"; }
    static String f(Object o) { return "Object"; }
    static String f(int... is) { return "int..." + is.length; }
    static String g(Object o) { return "Object"; }
    static String g(String s) { return "String"; }
    static String g(Object... os) { return "Object..." + (os == null ? "null" : os.length); }
    static String h(String first, Object... rest) { return first + Arrays.toString(rest); }
    static int sum(int... xs) { int s = 0; for (int x : xs) s += x; return s; }
    static class A { A me() { return this; } String who(A a) { return "A.A"; } static String st() { return "A.st"; } String name = "A.name"; }
    static class B extends A { @Override B me() { return this; } @Override String who(A a) { return "B.A"; } String who(B b) { return "B.B"; } static String st() { return "B.st"; } String name = "B.name"; }
    static class C extends B { String onlyC() { return "c:" + super.who((A) this) + super.name; } @Override String who(B b) { return "C.B"; } }

    public static void main(String[] args) {
        byte b = 1; short s = 2; char c = 'c'; float fl = 1f; Long boxedLong = 5L; Character boxedChar = 'x';
        System.out.println(f(b) + f(s) + f(c) + f(1) + f(2L) + f(fl) + f(2.0) + f(boxedLong) + f(boxedChar) + f((Integer) 3) + f() + f(1, 2) + f(new int[3]) + f("s"));
        System.out.println(g("s") + g((Object) "s") + g(1) + g() + g("a", "b") + g((Object[]) new String[] {"x", "y", "z"}) + g((Object) new String[] {"x"}) + g((Object[]) null));
        System.out.println(h("a") + h("b", 1, 'c', null) + h("c", new Object[] {1, 2}) + h("d", new int[] {1}.length) + h("e", (Object) null));
        System.out.println(sum() + " " + sum(1) + " " + sum(1, 2, 3) + " " + sum(new int[] {4, 5}));
        A ab = new B(), ac = new C(); B bc = new C();
        System.out.println(ab.who(ab) + ab.who(new B()) + bc.who(bc) + bc.who(ab) + ac.who(bc) + new C().onlyC());
        System.out.println(ab.name + ((B) ab).name + ((A) bc).name + ab.me().who(ab) + ((B) ab).me().who(bc) + A.st() + B.st());
        char ch = 'a'; ch += 1; ch++; int i = ch + 1; short sh = (short) 40000; sh >>>= 1; byte by = 10; by *= 30; long lo = 1 << 33; long lo2 = 1L << 33; int x = 5; x += 3.7; x -= 'a';
        System.out.println(ch + " " + i + " " + sh + " " + by + " " + lo + " " + lo2 + " " + x + " " + (char) (ch + 1) + (int) ch);
        Object o = true ? 1 : "s"; Object p = true ? 1 : 2.0; Object q = true ? (Integer) null : "z"; Object r = false ? 'a' : 98; long t = true ? 'a' : 1L;
        System.out.println(o + " " + p + " " + q + " " + r + " " + t + " " + (true ? 'b' : 0) + (false ? 1 : 'c'));
        try { Integer nul = null; int bad = true ? nul : 0; } catch (NullPointerException e) { System.out.println("unboxed null"); }
        System.out.println(((Integer) 127 == (Integer) 127) + " " + (Integer.valueOf(1000).equals(1000)) + " " + new Object().equals(null) + " " + Long.valueOf(1).equals(1));
        int k = 1; k = k++ + ++k; int[] arr = {0, 0, 0}; int j = 0; arr[j++] = j = 2; arr[j] += j++ * 10;
        System.out.println(k + " " + Arrays.toString(arr) + " " + j + " " + ("" + 1 + 2) + (1 + 2 + "") + ('a' + 'b') + (char) ('a' + 1) + 1.0f + 1e10 + null + true);
    }
}
