// Virtual calls to one, two and four implementations.
public class VirtualCalls extends Kernel {
    abstract static class Shape {
        int scale = 3;

        abstract int area(int n);

        int scaled(int n) {
            return area(n) * scale;
        }
    }

    static final class Square extends Shape {
        int area(int n) {
            return n * n;
        }
    }

    static final class Circle extends Shape {
        int area(int n) {
            return 3 * n * n;
        }
    }

    static class Line extends Shape {
        int area(int n) {
            return 0;
        }
    }

    static class Thick extends Line {
        @Override int area(int n) {
            return super.area(n) + n;
        }
    }

    protected long run() {
        Shape[][] mixes = {
            {new Square(), new Square(), new Square(), new Square()}, {new Square(), new Circle(), new Square(), new Circle()},
            {new Square(), new Circle(), new Line(), new Thick()},
        };
        long sum = 0;
        for (Shape[] shapes : mixes) {
            for (int i = 0; i < 500_000; i++) sum += shapes[i & 3].scaled(i & 15);
        }
        return sum;
    }

    public static void main(String[] args) {
        new VirtualCalls().measure(args);
    }
}
