// A StackOverflowError that nobody catches: 1024 frames on stderr and exit code 1.
public class StackOverflowUncaught {
    static int recurse(int n) { return recurse(n + 1) + 1; }
    public static void main(String[] args) { System.out.println("going down"); recurse(0); }
}
