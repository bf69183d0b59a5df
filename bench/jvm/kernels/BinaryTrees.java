// Allocation of many small objects, most of them short-lived: binary trees.
public class BinaryTrees extends Kernel {
    static final class Node {
        final Node left, right;

        Node(Node left, Node right) {
            this.left = left;
            this.right = right;
        }

        int check() {
            return left == null ? 1 : 1 + left.check() + right.check();
        }
    }

    static Node make(int depth) {
        return depth == 0 ? new Node(null, null) : new Node(make(depth - 1), make(depth - 1));
    }

    protected long run() {
        Node kept = make(13);
        long sum = 0;
        for (int depth = 4; depth <= 13; depth += 3) {
            for (int i = 0; i < 1 << (16 - depth); i++) sum += make(depth).check();
        }
        return sum + kept.check();
    }

    public static void main(String[] args) {
        new BinaryTrees().measure(args);
    }
}
