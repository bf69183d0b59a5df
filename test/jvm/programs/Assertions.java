// Assertions enabled for the application: messages, side effects only when enabled, AssertionError's causes.
// vm: -ea
public class Assertions {
    static int effects;
    static boolean effect() { effects++; return true; }
    static class Quiet { static boolean on() { boolean enabled = false; assert enabled = true; return enabled; } }
    static void check(Runnable r) { try { r.run(); System.out.println("passed"); } catch (AssertionError e) { System.out.println(e + " / " + e.getMessage() + " / " + e.getCause()); } }
    public static void main(String[] args) {
        assert effect();
        System.out.println(effects + " " + Quiet.on() + " " + Assertions.class.desiredAssertionStatus());
        check(() -> { assert 1 + 1 == 2 : "arithmetic"; });
        check(() -> { assert false; });
        check(() -> { assert false : "message"; });
        check(() -> { assert false : 42; });
        check(() -> { assert false : 'c'; });
        check(() -> { assert false : 2.5; });
        check(() -> { assert false : new RuntimeException("cause"); });
        check(() -> { assert false : null; });
        check(() -> { throw new AssertionError("m", new Error("why")); });
        assert args.length > 0 : "uncaught with " + args.length + " arguments";
    }
}
