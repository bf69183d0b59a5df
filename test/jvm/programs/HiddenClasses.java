// Hidden classes and Lookup.defineClass: names, nest mates, class data, that nobody finds them, access modes of lookups.
import java.io.*;
import java.lang.invoke.*;
import java.lang.reflect.*;

public class HiddenClasses {
    static int secret = 41;
    static byte[] bytes(String n) throws IOException { try (InputStream in = HiddenClasses.class.getResourceAsStream(n + ".class")) { return in.readAllBytes(); } }
    static void t(Body b) { try { System.out.println(b.run()); } catch (Throwable e) { System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage().replaceAll("/0x\\w+|@\\w+", "")); } } interface Body { Object run() throws Throwable; }
    public static void main(String[] args) throws Throwable {
        MethodHandles.Lookup l = MethodHandles.lookup(); byte[] b = bytes("HiddenTemplate"); MethodHandles.Lookup h1 = l.defineHiddenClass(b, true), h2 = l.defineHiddenClass(b, false, MethodHandles.Lookup.ClassOption.NESTMATE); Class<?> c1 = h1.lookupClass(), c2 = h2.lookupClass(); System.out.println((c1 == c2) + " " + c1.isHidden() + " " + c1.getName().startsWith("HiddenTemplate/0x") + " " + c1.getSimpleName().startsWith("HiddenTemplate/") + " " + c1.getCanonicalName() + " " + (c2.getNestHost() == HiddenClasses.class) + " " + (c1.getNestHost() == c1) + " " + c2.isNestmateOf(HiddenClasses.class) + " " + c1.getClassLoader().getName()); System.out.println((int) h1.findStatic(c1, "bump", MethodType.methodType(int.class, int.class)).invokeExact(5)); ((Runnable) c2.getDeclaredConstructor().newInstance()).run(); t(() -> Class.forName(c1.getName())); System.out.println(c1.getDeclaredConstructor().newInstance() + " " + c1.descriptorString().startsWith("LHiddenTemplate.0x") + " " + c1.describeConstable().isPresent());
        Class<?> other = Class.forName("HiddenPlain"); t(() -> l.defineClass(bytes("HiddenPlain"))); t(() -> l.defineHiddenClass(new byte[] {1}, false)); t(() -> MethodHandles.publicLookup().defineHiddenClass(b, false)); MethodHandles.Lookup cd = l.defineHiddenClassWithClassData(b, java.util.List.of("data", 7), true); System.out.println(MethodHandles.classData(cd, "_", java.util.List.class) + " " + MethodHandles.classDataAt(cd, "_", Integer.class, 1)); System.out.println(l.hasFullPrivilegeAccess() + " " + l.in(String.class).hasPrivateAccess() + " " + l.lookupClass().getSimpleName() + " " + Integer.toBinaryString(l.lookupModes()) + " " + l.dropLookupMode(MethodHandles.Lookup.PRIVATE).hasPrivateAccess() + " " + MethodHandles.privateLookupIn(HiddenPlain.class, l).findStatic(HiddenPlain.class, "v", MethodType.methodType(String.class)).invoke()); t(() -> MethodHandles.privateLookupIn(String.class, l)); Field f = c1.getDeclaredClasses().length == 0 ? HiddenClasses.class.getDeclaredField("secret") : null; System.out.println(f.getInt(null)); Object arr = Array.newInstance(c1, 2); System.out.println(Array.getLength(arr) + " " + arr.getClass().getName().startsWith("[LHiddenTemplate/0x")); Runnable lam = () -> {}; System.out.println(lam.getClass().isHidden() + " " + lam.getClass().getNestHost().getSimpleName());
    }
}

class HiddenTemplate implements Runnable {
    public static int bump(int x) { return x + 1; }
    public void run() { System.out.println("hidden run " + (HiddenClasses.secret + 1) + " " + getClass().isHidden()); }
    public String toString() { return "template"; }
}

class HiddenPlain {
    private static String v() { return "plain " + HiddenPlain.class.isHidden(); }
}
