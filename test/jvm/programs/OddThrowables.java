// Uncaught throwables with odd ways: printStackTrace and getMessage of their own, null causes, an empty trace.
public class OddThrowables {
    static class Silent extends RuntimeException {
        @Override public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    static class Loud extends Error {
        @Override public String toString() {
            return "LOUD(" + getMessage() + ")";
        }

        @Override public String getMessage() {
            return "computed";
        }
    }

    static class Custom extends Exception {
        @Override public void printStackTrace(java.io.PrintStream s) {
            s.println("custom trace");
        }
    }

    static class Nasty extends RuntimeException {
        @Override public String getMessage() {
            throw new IllegalStateException("message fails");
        }
    }

    static <T extends Throwable> void sneak(Throwable t) throws T {
        @SuppressWarnings("unchecked") T cast = (T) t;
        throw cast;
    }

    static void inThread(String name, Throwable t) throws Exception {
        Thread thread = new Thread(() -> OddThrowables.<RuntimeException>sneak(t), name);
        thread.start();
        thread.join();
    }

    public static void main(String[] args) throws Exception {
        inThread("silent", new Silent());
        inThread("custom", new Custom());
        Loud loud = new Loud();
        loud.setStackTrace(new StackTraceElement[0]);
        inThread("loud", loud);
        try {
            new Nasty().toString();
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        Exception e = new Exception("with null cause", null);
        e.setStackTrace(new StackTraceElement[] {new StackTraceElement("A", "b", "C.java", 1)});
        inThread("null cause", e);
        throw new Loud();
    }
}
