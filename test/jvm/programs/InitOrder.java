// Initialisation: order of static and instance initialisers, constants that do not trigger it, failure and what follows it.
public class InitOrder {
    static void log(String s) { System.out.println(s); }
    static int v(String s, int i) { log(s); return i; }
    static class Parent { static { log("Parent static"); } int a = v("Parent.a", 1); { log("Parent block a=" + a); } Parent() { log("Parent()"); hook(); } void hook() { log("Parent.hook"); } }
    static class Child extends Parent { static int s = v("Child.s", 5); static { log("Child static"); } int b = v("Child.b", 2); final int c = 3; final Integer d = 4; { b = 20; } Child() { this(9); log("Child() b=" + b); } Child(int i) { super(); log("Child(int) " + i + " b=" + b); } @Override void hook() { log("Child.hook b=" + b + " c=" + c + " d=" + d); } }
    static class Constant { static final int INLINE = 7; static final String TEXT = "inline"; static final Integer BOXED = 8; static { log("Constant static"); } }
    static class Fails { static int x = 1; static { log("Fails static"); if (x == 1) throw new IllegalStateException("no way"); } static void m() {} }
    static class FailsError { static { Object o = null; if (true) throw new StackOverflowError("raised"); } static int y; }
    static class FailsChild extends Fails { static { log("never"); } }
    static class Cyc1 { static { log("Cyc1"); } static int a = Cyc2.b + 1; }
    static class Cyc2 { static { log("Cyc2"); } static int b = Cyc1.a + 10; }
    static class Lazy { static { log("Lazy"); } static class Holder { static { log("Holder"); } static final Object O = "held"; } }
    static class ArrayOnly { static { log("ArrayOnly must not print"); } }
    interface I { int K = v("I.K", 1); }
    static class Impl implements I { static { log("Impl"); } }
    public static void main(String[] args) throws Exception {
        log("main"); new Child(); log("--"); new Child(4);
        log(Constant.INLINE + Constant.TEXT); log("" + Constant.BOXED);
        for (int i = 0; i < 2; i++) try { Fails.m(); } catch (Throwable t) { log(t + " <- " + t.getCause()); }
        try { new FailsChild(); } catch (Throwable t) { log(t + " <- " + t.getCause()); }
        try { new FailsChild(); } catch (Throwable t) { log(t.getClass() + " " + t.getMessage()); }
        for (int i = 0; i < 2; i++) try { FailsError.y = 1; } catch (Throwable t) { log(t + " <- " + t.getCause()); }
        log(Cyc1.a + " " + Cyc2.b);
        new Lazy(); log("holder next"); log("" + Lazy.Holder.O);
        ArrayOnly[] none = new ArrayOnly[3]; log(ArrayOnly.class.getSimpleName() + none.length + (none[0] instanceof ArrayOnly));
        new Impl(); log("" + Impl.K);
        Class<?> c = Class.forName("InitOrder$Late", false, InitOrder.class.getClassLoader()); log("loaded, not initialised"); c.getDeclaredConstructor().newInstance();
        Class.forName("InitOrder$Late2");
        try { Class.forName("InitOrder$Missing"); } catch (ClassNotFoundException e) { log(e.toString()); }
        Late3.f = 3; Late3.Sub.f = 4; log("" + Late3.Sub.f);
        Fails.m();
    }
    static class Late { static { log("Late"); } }
    static class Late2 { static { log("Late2"); } }
    static class Late3 { static int f; static { log("Late3"); } static class Sub extends Late3 { static { log("Sub must not print"); } } }
}
