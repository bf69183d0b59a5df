// Exceptions: thrown through several frames, with and without a stack trace, caught by type, with finally blocks.
public class Exceptions extends Kernel {
    static final class Light extends RuntimeException {
        Light() {
            super(null, null, false, false);
        }
    }

    int cleanups;

    int deep(int depth, int kind) {
        try {
            if (depth > 0) return deep(depth - 1, kind) + 1;
            switch (kind) {
                case 0: throw new Light();
                case 1: throw new IllegalArgumentException("no");
                case 2: return new int[kind].length;
                case 3: return new int[2][kind][kind - 1].length + new int[2][kind].length;
                default: return kind / (depth & 1);
            }
        } finally {
            cleanups++;
        }
    }

    protected long run() {
        long sum = 0;
        cleanups = 0;
        for (int i = 0; i < 20_000; i++) {
            try {
                sum += deep(5, i & 3);
            } catch (Light e) {
                sum += 3;
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                sum += 5;
            }
            try {
                sum += deep(i & 3, 4);
            } catch (ArithmeticException e) {
                sum += 7;
            }
        }
        return sum + cleanups;
    }

    public static void main(String[] args) {
        new Exceptions().measure(args);
    }
}
