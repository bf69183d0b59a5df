// Interface calls to one, two and five implementations, default methods among them.
public class InterfaceCalls extends Kernel {
    interface Op {
        int apply(int a);

        default int twice(int a) {
            return apply(apply(a));
        }
    }

    interface Other {
        int other();
    }

    static final class Add implements Op {
        public int apply(int a) {
            return a + 1;
        }
    }

    static final class Sub implements Other, Op {
        public int other() {
            return 1;
        }

        public int apply(int a) {
            return a - other();
        }
    }

    static final class Xor implements Op, Comparable<Xor> {
        public int apply(int a) {
            return a ^ 5;
        }

        public int compareTo(Xor other) {
            return 0;
        }
    }

    static final class Neg implements Op {
        public int apply(int a) {
            return -a;
        }

        @Override public int twice(int a) {
            return a;
        }
    }

    static final class Shift implements Op {
        public int apply(int a) {
            return a << 1 | a >>> 31;
        }
    }

    protected long run() {
        Op[][] mixes = {{new Add()}, {new Add(), new Sub()}, {new Add(), new Sub(), new Xor(), new Neg(), new Shift()}};
        int value = 1;
        for (Op[] ops : mixes) {
            for (int i = 0, next = 0; i < 400_000; i++) {
                value = (i & 7) == 0 ? ops[next].twice(value) : ops[next].apply(value);
                if (++next == ops.length) next = 0;
            }
        }
        return value;
    }

    public static void main(String[] args) {
        new InterfaceCalls().measure(args);
    }
}
