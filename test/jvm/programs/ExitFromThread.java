// System.exit in another thread, while main sleeps and a hook runs; negative exit codes wrap to a byte.
public class ExitFromThread {
    public static void main(String[] args) throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.out.println("hook");
            Thread t = new Thread(() -> System.out.println("thread of the hook"));
            t.start();
            try {
                t.join();
            } catch (InterruptedException e) {
                System.out.println(e);
            }
            try {
                Runtime.getRuntime().addShutdownHook(new Thread());
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }));
        new Thread(() -> {
            System.out.println("exiting");
            System.exit(-2);
        }).start();
        Thread.sleep(60_000);
        System.out.println("never");
    }
}
