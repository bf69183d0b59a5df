// Static calls: the recursive Fibonacci function.
public class Calls extends Kernel {
    static int fib(int n) {
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
    }

    protected long run() {
        return fib(30);
    }

    public static void main(String[] args) {
        new Calls().measure(args);
    }
}
