// Nest mates: private members across nested classes, by code, reflection and method handles, and who is no mate.
import java.lang.invoke.*;
import java.lang.reflect.*;
import java.util.*;

public class NestMates {
    private int a = 1; private static int b = 2; private int getA() { return a; } private static String st(Inner i) { return "st" + i.x + i.hidden(); } private NestMates() {} private NestMates(int a) { this.a = a; }
    class Inner { private int x = a + 10; private String hidden() { return "h" + getA() + b; } private class Deeper { private int y = x + a; private void set() { a = 100; x = 200; b = 300; } } }
    static class Stat { private NestMates make() { return new NestMates(7); } private static int s = 5; } interface Itf { private static int ps() { return b; } private int pi() { return ps() * 2; } default int go() { return pi(); } } enum E { ONE { private int v() { return b; } @Override int w() { return v() + priv; } }; private static final int priv = 3; abstract int w(); } record R(int q) { private int half() { return q / 2; } }
    public static void main(String[] args) throws Throwable {
        NestMates n = new NestMates(); Inner i = n.new Inner(); Inner.Deeper d = i.new Deeper(); System.out.println(i.x + i.hidden() + d.y + st(i) + new Stat().make().a + Stat.s + new Itf() {}.go() + E.ONE.w() + new R(9).half()); d.set(); System.out.println(n.a + " " + i.x + " " + b); Runnable r = () -> { n.a++; i.x--; Stat.s *= 2; }; r.run(); System.out.println(n.a + " " + i.x + " " + Stat.s); Method m = Inner.class.getDeclaredMethod("hidden"); System.out.println(m.invoke(i)); Field f = Inner.Deeper.class.getDeclaredField("y"); f.setInt(d, 55); System.out.println(d.y); System.out.println(Stat.class.getDeclaredMethod("make").invoke(new Stat()) != null); MethodHandle h = MethodHandles.lookup().findVirtual(Inner.class, "hidden", MethodType.methodType(String.class)); System.out.println((String) h.invokeExact(i)); List<String> mates = new ArrayList<>(); for (Class<?> c : NestMates.class.getNestMembers()) mates.add(c.getName()); Collections.sort(mates); System.out.println(mates + " " + Inner.Deeper.class.getNestHost().getName() + " " + Inner.class.isNestmateOf(Stat.class) + " " + Inner.class.isNestmateOf(Outsider.class)); try { Outsider.class.getDeclaredField("p").get(null); } catch (IllegalAccessException e) { System.out.println(e.getMessage()); } try { Outsider.class.getDeclaredConstructor().newInstance(); } catch (IllegalAccessException e) { System.out.println(e.getMessage()); } for (Method x : Inner.class.getDeclaredMethods()) if (x.isSynthetic()) System.out.println("synthetic " + x); System.out.println(Inner.class.getDeclaredConstructors()[0] + " " + Inner.class.getDeclaredField("this$0").isSynthetic());
    }
}

class Outsider {
    private static int p = 1;

    private Outsider() {}
}
