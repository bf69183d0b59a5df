// Sealed hierarchies with instanceof patterns and switch expressions: a small expression simplifier.
import java.util.*;

public class SealedTypes {
    sealed interface Expr permits Num, Var, Add, Mul, Neg {}
    record Num(long value) implements Expr {}
    record Var(String name) implements Expr {}
    record Add(Expr left, Expr right) implements Expr {}
    record Mul(Expr left, Expr right) implements Expr {}
    record Neg(Expr operand) implements Expr {}
    static abstract sealed class Animal { abstract String sound(); }
    static final class Dog extends Animal { String sound() { return "woof"; } }
    static non-sealed class Cat extends Animal { String sound() { return "meow"; } }
    static class Lion extends Cat { @Override String sound() { return "roar and " + super.sound(); } }

    static Expr simplify(Expr e) {
        if (e instanceof Add a) {
            Expr l = simplify(a.left()), r = simplify(a.right());
            if (l instanceof Num x && r instanceof Num y) return new Num(x.value() + y.value());
            if (l instanceof Num x && x.value() == 0) return r;
            if (r instanceof Num y && y.value() == 0) return l;
            return new Add(l, r);
        } else if (e instanceof Mul m) {
            Expr l = simplify(m.left()), r = simplify(m.right());
            if (l instanceof Num x && r instanceof Num y) return new Num(x.value() * y.value());
            if (l instanceof Num x && x.value() == 1) return r;
            if (l instanceof Num x && x.value() == 0 || r instanceof Num z && z.value() == 0) return new Num(0);
            return new Mul(l, r);
        } else if (e instanceof Neg n) {
            Expr o = simplify(n.operand());
            if (!(o instanceof Num v)) return o instanceof Neg inner ? inner.operand() : new Neg(o);
            return new Num(-v.value());
        }
        return e;
    }
    static String show(Expr e) {
        if (e instanceof Num n) return Long.toString(n.value());
        if (e instanceof Var v) return v.name();
        if (e instanceof Add a) return "(" + show(a.left()) + " + " + show(a.right()) + ")";
        if (e instanceof Mul m) return show(m.left()) + " * " + show(m.right());
        if (e instanceof Neg n) return "-" + show(n.operand());
        throw new AssertionError();
    }
    public static void main(String[] args) {
        Expr e = new Add(new Mul(new Num(1), new Var("x")), new Add(new Num(0), new Neg(new Neg(new Mul(new Num(3), new Num(-4))))));
        System.out.println(show(e) + " = " + show(simplify(e)));
        System.out.println(simplify(new Mul(new Var("y"), new Num(0))) + " " + simplify(new Neg(new Neg(new Var("z")))));
        for (Animal a : List.of(new Dog(), new Cat(), new Lion())) System.out.println(a.getClass().getSimpleName() + " " + a.sound());
        System.out.println(Expr.class.isSealed() + " " + Cat.class.isSealed() + " " + Animal.class.isSealed());
        for (Class<?> c : Expr.class.getPermittedSubclasses()) System.out.print(c.getSimpleName() + " ");
        System.out.println(Arrays.toString(Cat.class.getPermittedSubclasses()));
    }
}
