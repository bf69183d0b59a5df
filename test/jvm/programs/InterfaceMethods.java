// Interfaces with default, static and private methods; diamonds; super calls; abstract classes that win over defaults.
import java.util.*;

public class InterfaceMethods {
    interface A { default String m() { return "A" + priv(); } private String priv() { return "p" + sp(); } private static String sp() { return "s"; } static String st() { return "A.st " + sp(); } int K = Init.log("A.K"); }
    interface B extends A { @Override default String m() { return "B" + A.super.m(); } }
    interface C extends A { @Override default String m() { return "C" + A.super.m(); } }
    static class D implements B, C { @Override public String m() { return B.super.m() + C.super.m(); } }
    static abstract class Base { public String m() { return "Base"; } }
    static class E extends Base implements A {}
    interface F extends B {}
    static class G implements F, A {}
    interface Shape { double area(); default int compareArea(Shape o) { return Double.compare(area(), o.area()); } }
    interface Named { String name(); default String describe() { return name() + "@" + getClass().getSimpleName(); } }
    record Sq(double s) implements Shape, Named { public double area() { return s * s; } public String name() { return "sq"; } }
    static class Init { static int log(String s) { System.out.println("init " + s); return s.length(); } }
    interface WithDefault { int X = Init.log("WithDefault"); default void touch() {} }
    interface NoDefault { int Y = Init.log("NoDefault"); void abs(); }
    static class Impl implements WithDefault, NoDefault { static { Init.log("Impl"); } public void abs() {} }
    interface Gen<T> { T get(); default T twice(java.util.function.BinaryOperator<T> f) { return f.apply(get(), get()); } }
    interface Obj { boolean equals(Object o); String toString(); int only(); }
    public static void main(String[] args) {
        System.out.println(new D().m() + " " + new E().m() + " " + new G().m() + " " + A.st());
        System.out.println(new Sq(2).compareArea(new Sq(3)) + " " + new Sq(1).describe());
        new Impl().abs();
        System.out.println("before constant"); System.out.println(NoDefault.Y); System.out.println(A.K);
        Gen<String> g = () -> "ab"; System.out.println(g.twice(String::concat));
        Obj o = () -> 5; System.out.println(o.only() + " " + o.equals(o));
        A anon = new A() {}; System.out.println(anon.m());
        List<A> all = List.of(new D(), new E(), new G(), anon, new B() {}, new F() { public String m() { return "anonF" + F.super.m(); } });
        StringBuilder sb = new StringBuilder(); for (int i = 0; i < 3; i++) for (A a : all) sb.append(a.m()).append(' ');
        System.out.println(sb.toString().hashCode() + " " + sb.length());
        Comparator<String> c = Comparator.<String>naturalOrder().reversed(); System.out.println(c.compare("a", "b"));
        Iterator<Integer> it = new Iterator<>() { int i; public boolean hasNext() { return i < 2; } public Integer next() { return i++; } };
        it.forEachRemaining(System.out::print);
        try { it.remove(); } catch (UnsupportedOperationException e) { System.out.println(" " + e); }
    }
}
