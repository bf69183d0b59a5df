// try, catch, finally and resources: order of closing, suppressed exceptions, returns that finally overrides, nested rethrow.
import java.util.*;

public class TryWithResources {
    static class Res implements AutoCloseable {
        final String name; final boolean fails;
        Res(String name, boolean fails) { this.name = name; this.fails = fails; System.out.println("open " + name); if (name.equals("bad")) throw new IllegalStateException("cannot open"); }
        @Override public void close() { System.out.println("close " + name); if (fails) throw new UnsupportedOperationException("close " + name); }
    }
    static void report(Throwable t) {
        System.out.println(t + " suppressed " + Arrays.toString(t.getSuppressed()) + (t.getCause() == null ? "" : " cause " + t.getCause()));
    }
    @SuppressWarnings("finally") static int overridden() { try { throw new RuntimeException("lost"); } finally { return 7; } }
    static int order() { int x = 1; try { return x; } finally { x = 2; } }
    static int[] orderRef() { int[] x = {1}; try { return x; } finally { x[0] = 2; } }
    static String flow(int n) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            try { s.append('t').append(i); if (i == n) continue; if (i == n + 1) break; if (n == 9) throw new Exception("e" + i); }
            catch (Exception e) { s.append(e.getMessage()); }
            finally { s.append('f'); }
        }
        return s.toString();
    }
    static void multi(int i) throws Exception {
        try { switch (i) { case 0 -> throw new java.io.IOException("io"); case 1 -> throw new NumberFormatException("nf"); case 2 -> throw new ArrayIndexOutOfBoundsException(5); default -> throw new Error("err"); } }
        catch (java.io.IOException | NumberFormatException e) { System.out.println("multi " + e); }
        catch (RuntimeException e) { throw new Exception("wrapped", e); }
    }
    public static void main(String[] args) {
        try (Res a = new Res("a", false); Res b = new Res("b", false)) { System.out.println("body"); }
        try (Res a = new Res("a", true); Res b = new Res("b", true)) { throw new IllegalArgumentException("body"); } catch (RuntimeException e) { report(e); } finally { System.out.println("finally"); }
        try (Res a = new Res("a", true); Res b = new Res("bad", false)) { System.out.println("unreached"); } catch (RuntimeException e) { report(e); }
        try (Res a = new Res("only close fails", true)) { System.out.println("fine"); } catch (RuntimeException e) { report(e); }
        try (Res none = null) { System.out.println("null resource"); }
        Res outside = new Res("outside", false);
        try (outside) { System.out.println("using " + outside.name); }
        System.out.println(overridden() + " " + order() + " " + orderRef()[0]);
        System.out.println(flow(1) + " " + flow(9) + " " + flow(5));
        for (int i = 0; i < 4; i++) try { multi(i); } catch (Throwable t) { report(t); }
        try { try { throw new RuntimeException("first"); } finally { Object o = null; o.hashCode(); } } catch (RuntimeException e) { System.out.println(e.getClass() + " " + e.getSuppressed().length); }
        Throwable t = new Throwable("self", null, false, false) {};
        t.addSuppressed(new Exception("ignored"));
        System.out.println(t.getSuppressed().length + " " + t.getStackTrace().length);
        try { t.initCause(t); } catch (IllegalStateException | IllegalArgumentException e) { System.out.println(e.getMessage()); }
        try { Exception e = new Exception("x"); e.addSuppressed(e); } catch (IllegalArgumentException e) { System.out.println(e.getMessage()); }
        try { throw null; } catch (NullPointerException e) { System.out.println("throw null"); }
    }
}
