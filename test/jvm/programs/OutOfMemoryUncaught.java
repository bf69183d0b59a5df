// An OutOfMemoryError that nobody catches: message and trace on stderr, exit code 1, other threads go on.
// vm: -Xmx16m
import java.util.*;

public class OutOfMemoryUncaught {
    static List<long[]> hold = new ArrayList<>();
    static void eat() {
        while (true) hold.add(new long[100_000]);
    }
    public static void main(String[] args) throws Exception {
        Thread t = new Thread("eater") {
            @Override public void run() {
                eat();
            }
        };
        t.start();
        t.join();
        hold.clear();
        System.out.println("eater is gone");
        int[] huge = new int[Integer.MAX_VALUE];
        System.out.println(huge.length);
    }
}
