// Much garbage through a small heap: allocates as many megabytes as its argument says, most of it short-lived, beside a
// structure of some 20 MB that lives on and is renewed bit by bit. Prints a checksum.
public class Churn {
    static final class Node {
        Node next;
        final long[] payload;

        Node(Node next, int size) {
            this.next = next;
            payload = new long[size];
            payload[0] = size;
        }
    }

    public static void main(String[] args) {
        long megabytes = args.length > 0 ? Long.parseLong(args[0]) : 20_480;
        Node[] lasting = new Node[2_000];
        long allocated = 0, sum = 0;
        for (int i = 0; allocated < megabytes << 20; i++) {
            Node chain = null;
            for (int k = 0; k < 16; k++) {
                int size = 8 + (i * 31 + k * 17) % 240;
                chain = new Node(chain, size);
                allocated += 40 + 8L * size;
            }
            // Every fourth chain outlives its siblings for a while.
            if ((i & 3) == 0) {
                Node kept = lasting[i / 4 % lasting.length];
                if (kept != null) sum = sum * 31 + kept.payload[0];
                chain.next.next.next = null;
                lasting[i / 4 % lasting.length] = chain;
            }
        }
        for (Node node : lasting) for (Node n = node; n != null; n = n.next) sum = sum * 31 + n.payload[0];
        System.out.println((allocated >> 20) + " MB " + sum);
    }
}
