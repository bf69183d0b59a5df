// Nested, inner, local and anonymous classes: outer instances, shadowing, captured variables, private access across nests.
import java.util.*;

public class InnerClasses {
    private int value = 1;
    private static int count;
    private int secret() { return value * 100; }
    class Inner {
        private int value = 2;
        class Innermost {
            int value = 3;
            String all() { return value + " " + Inner.this.value + " " + InnerClasses.this.value + " " + secret(); }
        }
        private Inner bump() { value++; InnerClasses.this.value += 10; return this; }
    }
    static class Nested { private int hidden = 5; private Nested next; private static String tag() { return "tag" + ++count; } }
    interface Greeter { String greet(String who); default Greeter twice() { return w -> greet(greet(w)); } }
    abstract static class Template {
        Template() { System.out.println("template sees " + describe()); }
        abstract String describe();
    }
    Greeter local(String prefix) {
        int calls[] = {0};
        class Polite implements Greeter {
            final String suffix;
            Polite(String suffix) { this.suffix = suffix; }
            public String greet(String who) { calls[0]++; return prefix + who + suffix + value + calls[0]; }
        }
        Greeter g = new Polite("!");
        return new Greeter() {
            int own = 40;
            { own += 2; }
            public String greet(String who) { return g.greet(new Polite("?").greet(who)) + own; }
            @Override public String toString() { return "anonymous " + getClass().getName(); }
        };
    }
    class Sub extends Inner { String s() { return "sub" + InnerClasses.this.value; } }
    static class Outside extends Inner { Outside(InnerClasses o) { o.super(); } int v() { return ((Inner) this).bump().value; } }

    public static void main(String[] args) {
        InnerClasses o = new InnerClasses();
        Inner in = o.new Inner();
        System.out.println(in.new Innermost().all());
        System.out.println(in.bump().bump().value + " " + o.value + " " + o.new Sub().s() + " " + new Outside(o).v());
        Nested n = new Nested();
        n.next = new Nested();
        n.next.hidden += n.hidden++;
        System.out.println(n.hidden + " " + n.next.hidden + " " + Nested.tag() + Nested.tag());
        Greeter g = o.local("hi ");
        System.out.println(g.greet("bob") + " " + g.twice().greet("x") + " " + g);
        new Template() { String s = "set"; String describe() { return "s=" + s; } };
        final int k = 9;
        Object anon = new Object() { int f = k; int g() { return f * 2; } @Override public String toString() { return "o" + g(); } };
        System.out.println(anon);
        var v = new Object() { int total; void add(int i) { total += i; } };
        for (int i = 0; i < 5; i++) v.add(i);
        System.out.println(v.total);
        System.out.println(Inner.Innermost.class.getName() + " " + Inner.Innermost.class.getSimpleName() + " " + Inner.Innermost.class.getCanonicalName() + " " + Inner.Innermost.class.getEnclosingClass() + " " + anon.getClass().isAnonymousClass());
        try { InnerClasses none = null; none.new Inner(); } catch (NullPointerException e) { System.out.println("NPE"); }
        List<Runnable> later = new ArrayList<>();
        for (String s : List.of("a", "b")) for (int i = 0; i < 2; i++) { int c = i; later.add(() -> System.out.print(s + c + " ")); }
        later.forEach(Runnable::run);
        System.out.println(Map.Entry.class.getDeclaringClass().getSimpleName());
    }
}
