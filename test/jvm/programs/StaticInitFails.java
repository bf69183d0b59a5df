// The main class's own static initialiser fails: ExceptionInInitializerError on stderr, exit code 1.
public class StaticInitFails {
    static int[] data = new int[2];
    static int value = compute(2);

    static int compute(int i) {
        return data[i];
    }

    public static void main(String[] args) {
        System.out.println("never");
    }
}
