// An uncaught exception with causes, suppressed exceptions and frames in common: the trace on stderr and exit code 1.
public class UncaughtCauses {
    static class AppException extends Exception { AppException(String m, Throwable c) { super(m, c); } }
    static class Odd extends RuntimeException { @Override public String getLocalizedMessage() { return "localized\nover two lines"; } }
    static class Res implements AutoCloseable { public void close() throws Exception { throw new IllegalStateException("closing"); } }
    static void a(int n) throws AppException { try { b(n); } catch (RuntimeException e) { throw new AppException("from a", e); } }
    static void b(int n) { if (n > 0) { b(n - 1); return; } try (Res r = new Res()) { throw new Odd(); } catch (Exception e) { e.addSuppressed(new Throwable("extra", new Error())); throw new RuntimeException(e); } }
    public static void main(String[] args) throws Exception {
        System.out.println("before"); Throwable circular = new Throwable("one"); Throwable two = new Throwable("two", circular); circular.initCause(two); circular.printStackTrace();
        Thread worker = new Thread(() -> { throw new UnsupportedOperationException("in thread"); }, "worker-1"); worker.start(); worker.join(); StackTraceElement[] own = {new StackTraceElement("Cls", "meth", "File.java", 7), new StackTraceElement("Nat", "ive", null, -2), new StackTraceElement("Un", "known", null, -1), new StackTraceElement("app", "mod", "1.0", "Q", "q", "Q.java", 3)}; Exception made = new Exception("made"); made.setStackTrace(own); made.printStackTrace();
        a(2);
    }
}
