// Nested loops over local variables, int arithmetic and branches.
public class Loops extends Kernel {
    protected long run() {
        int sum = 0;
        for (int i = 0; i < 450; i++) {
            for (int j = 0; j < 400; j++) {
                for (int k = 0; k < 60; k++) {
                    if (((i ^ j) & 3) != 0) sum += i * k + j;
                    else sum ^= k << 2;
                }
            }
        }
        return sum;
    }

    public static void main(String[] args) {
        new Loops().measure(args);
    }
}
