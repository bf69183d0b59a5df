// StackWalker and caller-sensitive code: frames, options, declaring classes, depths through lambdas and reflection, limits.
import java.lang.StackWalker.*;
import java.util.*;
import java.util.stream.*;

public class StackWalks {
    static final StackWalker PLAIN = StackWalker.getInstance(), KEEP = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE), REFLECT = StackWalker.getInstance(Set.of(Option.SHOW_REFLECT_FRAMES, Option.RETAIN_CLASS_REFERENCE));
    static String frames(StackWalker w) { return w.walk(s -> s.map(f -> f.getMethodName() + ":" + f.getLineNumber()).collect(Collectors.joining(" "))); }
    static class Util { static Class<?> caller() { return KEEP.getCallerClass(); } } static class User { static Class<?> ask() { return Util.caller(); } static Class<?> viaLambda() { java.util.function.Supplier<Class<?>> s = () -> Util.caller(); return s.get(); } }
    static int down(int n) { return n == 0 ? PLAIN.walk(s -> (int) s.count()) : down(n - 1); }
    public static String reflected() { return frames(PLAIN) + " | " + KEEP.walk(s -> s.skip(1).findFirst().get().getDeclaringClass().getSimpleName()); }
    public static void main(String[] args) throws Exception {
        System.out.println(frames(PLAIN));
        System.out.println(User.ask().getSimpleName() + " " + User.viaLambda().getSimpleName() + " " + down(20));
        System.out.println(StackWalks.class.getMethod("reflected").invoke(null));
        boolean reflective = REFLECT.walk(s -> s.anyMatch(f -> f.getClassName().contains("reflect")));
        System.out.println(reflective);
        System.out.println(PLAIN.walk(s -> s.limit(1).map(StackFrame::toString).toList()) + " " + PLAIN.walk(s -> s.findFirst().get().getByteCodeIndex() > 0) + " " + KEEP.walk(s -> s.findFirst().get().getMethodType()) + " " + PLAIN.walk(s -> s.findFirst().get().isNativeMethod() + s.getClass().getSimpleName().substring(0, 0)));
        try { PLAIN.walk(s -> s.findFirst().get().getDeclaringClass()); } catch (UnsupportedOperationException e) { System.out.println(e.getMessage()); }
        try { PLAIN.getCallerClass(); } catch (UnsupportedOperationException e) { System.out.println(e.getMessage()); }
        Stream<StackFrame> leaked = PLAIN.walk(s -> s);
        try { leaked.count(); } catch (IllegalStateException e) { System.out.println(e.getMessage()); }
        new Thread(() -> System.out.println(frames(PLAIN))).start();
    }
}
