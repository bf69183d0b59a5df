// Annotations at run time: all element types, defaults, inheritance, repetition, on types and parameters, equality, text.
import java.lang.annotation.*;
import java.lang.reflect.*;
import java.util.*;

public class Annotations {
    enum Level { LOW, HIGH }
    @Retention(RetentionPolicy.RUNTIME) @interface Inner { String value() default "in"; }
    @Retention(RetentionPolicy.RUNTIME) @Inherited @interface All { int i() default 1; long l() default 2L; double d() default 1.5; float f() default 0.5f; char c() default 'c'; byte b() default 1; short s() default 2; boolean z() default true; String str() default "a\"b"; Class<?> cls() default int[].class; Level level() default Level.LOW; Inner inner() default @Inner; int[] is() default {1, 2}; String[] none() default {}; Inner[] inners() default {@Inner("x"), @Inner}; Class<?>[] classes() default {String.class, void.class}; }
    @Retention(RetentionPolicy.RUNTIME) @Repeatable(Tags.class) @interface Tag { String value(); }
    @Retention(RetentionPolicy.RUNTIME) @interface Tags { Tag[] value(); }
    @Retention(RetentionPolicy.CLASS) @interface Invisible {}
    @Retention(RetentionPolicy.RUNTIME) @Target({ElementType.TYPE_USE, ElementType.TYPE_PARAMETER}) @interface Use { int value() default 0; }
    @All(i = 7, str = "set", level = Level.HIGH) @Tag("one") @Tag("two") @Invisible static class Parent {}
    static class Child extends Parent { @Deprecated(since = "9", forRemoval = true) @Tag("single") int field; @All void m(@Inner("p") int a, String b, @Tag("t") @Inner Object c) {} @SafeVarargs static <@Use(1) T> void v(T... ts) {} List<@Use(5) String> typed; }
    public static void main(String[] args) throws Exception {
        All a = Parent.class.getAnnotation(All.class), inherited = Child.class.getAnnotation(All.class), dflt = Child.class.getDeclaredMethod("m", int.class, String.class, Object.class).getAnnotation(All.class); System.out.println(a); System.out.println(a.i() + " " + a.l() + a.d() + a.c() + a.level() + a.inner().value() + Arrays.toString(a.is()) + a.inners().length + a.cls() + Arrays.toString(a.classes())); System.out.println(a.equals(inherited) + " " + a.equals(dflt) + " " + (a.hashCode() == inherited.hashCode()) + " " + a.annotationType()); System.out.println(Child.class.isAnnotationPresent(All.class) + " " + Child.class.getDeclaredAnnotations().length + " " + Parent.class.getAnnotations().length + " " + Child.class.isAnnotationPresent(Tag.class));
        System.out.println(Arrays.toString(Parent.class.getAnnotationsByType(Tag.class)) + " " + Parent.class.getAnnotation(Tag.class) + " " + Parent.class.getAnnotation(Tags.class)); Field f = Child.class.getDeclaredField("field"); System.out.println(f.getAnnotation(Deprecated.class) + " " + f.getAnnotationsByType(Tag.class)[0].value()); for (Annotation[] p : Child.class.getDeclaredMethod("m", int.class, String.class, Object.class).getParameterAnnotations()) System.out.println(Arrays.toString(p)); AnnotatedParameterizedType t = (AnnotatedParameterizedType) Child.class.getDeclaredField("typed").getAnnotatedType(); System.out.println(t.getAnnotatedActualTypeArguments()[0].getAnnotation(Use.class) + " " + Child.class.getDeclaredMethod("v", Object[].class).getTypeParameters()[0].getAnnotation(Use.class).value() + " " + Child.class.getDeclaredMethod("v", Object[].class).isAnnotationPresent(SafeVarargs.class)); int[] is = a.is(); is[0] = 99; System.out.println(a.is()[0]); System.out.println(All.class.getMethod("d").getDefaultValue() + " " + Inner.class.isAnnotation() + " " + FunctionalInterface.class.getAnnotation(Retention.class).value() + " " + Runnable.class.getAnnotations().length); Inner own = new Inner() { public String value() { return "in"; } public Class<? extends Annotation> annotationType() { return Inner.class; } }; System.out.println(a.inner().equals(own));
    }
}
