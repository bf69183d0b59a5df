// Stack traces and line numbers: lambdas, constructors, static initialisers, reflection, method handles, streams, StackWalker.
import java.lang.invoke.*;
import java.util.*;
import java.util.function.*;
import java.util.stream.*;

public class StackTraces {
    static int depth;

    static class Init {
        static int v;

        static {
            trace("static init");
            v = 1;
        }

        final int f = call(
            "field init",
            2);

        Init() {
            this("delegated");
        }

        Init(String s) {
            super();
            trace(s);
        }

        {
            trace("block");
        }

        static int call(String s, int i) {
            trace(s);
            return i;
        }
    }

    interface Def {
        default void def() { trace("default method"); }
        static void st() { trace("static interface method"); }
    }

    static void trace(String label) {
        System.out.println(label);
        for (StackTraceElement e : new Throwable().getStackTrace()) System.out.println("  " + e);
    }

    static <T> T generic(T t, UnaryOperator<T> f) {
        return f
            .apply(t);
    }

    static class Thrower {
        private int[] data;

        int compute(int a,
                    int b) {
            return a
                / b;
        }

        int index(int i) {
            return data
                [i];
        }
    }

    public void reflected() {
        trace("reflected");
    }

    static void nested(int n) {
        if (n == 0) {
            throw new IllegalStateException(
                "deep");
        }
        try {
            nested(n - 1);
        } finally {
            depth++;
        }
    }

    static void print(Throwable t) {
        t.printStackTrace(System.out);
    }

    public static void main(String[] args) throws Throwable {
        new Init();
        Runnable r = () -> trace("lambda");
        r.run();
        Supplier<Supplier<String>> s = () -> {
            return () -> {
                trace("nested lambda");
                return "x";
            };
        };
        s.get().get();
        generic("v", v -> {
            trace("generic");
            return v;
        });
        Consumer<String> ref = StackTraces::trace;
        ref.accept("method reference");
        new Def() {}.def();
        Def.st();
        Stream.of(1).map(x -> x + 1).forEach(x -> trace("stream"));
        StackTraces.class.getMethod("reflected").invoke(new StackTraces());
        MethodHandles.lookup().findStatic(StackTraces.class, "trace", MethodType.methodType(void.class, String.class)).invoke("method handle");
        new Object() {
            void local() {
                class Deeper {
                    Deeper() {
                        trace("local class");
                    }
                }
                new Deeper();
            }
        }.local();
        try {
            new Thrower().compute(1, 0);
        } catch (ArithmeticException e) {
            print(e);
        }
        try {
            new Thrower().index(3);
        } catch (NullPointerException e) {
            print(e);
        }
        try {
            nested(3);
        } catch (IllegalStateException e) {
            print(e);
        }
        try {
            List.of(1, 2).get(5);
        } catch (RuntimeException e) {
            print(e);
        }
        try {
            Objects.requireNonNull(null, "must not be null");
        } catch (NullPointerException e) {
            print(e);
        }
        Thread t = new Thread(() -> trace("thread"));
        t.start();
        t.join();
        Throwable filled = new Throwable("filled here");
        Supplier<Throwable> again = filled::fillInStackTrace;
        again.get();
        print(filled);
        List<String> frames = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
            .walk(st -> st.map(f -> f.getDeclaringClass().getSimpleName() + "." + f.getMethodName() + ":" + f.getLineNumber() + f.getDescriptor()).collect(Collectors.toList()));
        System.out.println(frames);
    }
}
