// Hashing of bytes: SHA-256 and CRC-32 written in Java.
public class Hashing extends Kernel {
    static final int[] K = new int[64];
    static final int[] TABLE = new int[256];

    static {
        for (int n = 0, p = 2; n < 64; p++) {
            boolean prime = true;
            for (int d = 2; d * d <= p; d++) prime &= p % d != 0;
            if (!prime) continue;
            double root = StrictMath.cbrt(p);
            K[n++] = (int) (long) ((root - Math.floor(root)) * 4294967296.0);
        }
        for (int i = 0; i < 256; i++) {
            int c = i;
            for (int k = 0; k < 8; k++) c = (c & 1) != 0 ? c >>> 1 ^ 0xedb88320 : c >>> 1;
            TABLE[i] = c;
        }
    }

    static void compress(int[] h, byte[] data, int at, int[] w) {
        for (int i = 0; i < 16; i++, at += 4) {
            w[i] = data[at] << 24 | (data[at + 1] & 255) << 16 | (data[at + 2] & 255) << 8 | data[at + 3] & 255;
        }
        for (int i = 16; i < 64; i++) {
            int x = w[i - 15], y = w[i - 2];
            int s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3;
            int s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10;
            w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }
        int a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];
        for (int i = 0; i < 64; i++) {
            int s1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
            int t1 = k + s1 + (e & f ^ ~e & g) + K[i] + w[i];
            int s0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
            int t2 = s0 + (a & b ^ a & c ^ b & c);
            k = g;
            g = f;
            f = e;
            e = d + t1;
            d = c;
            c = b;
            b = a;
            a = t1 + t2;
        }
        h[0] += a;
        h[1] += b;
        h[2] += c;
        h[3] += d;
        h[4] += e;
        h[5] += f;
        h[6] += g;
        h[7] += k;
    }

    protected long run() {
        byte[] data = new byte[64 * 4_500];
        for (int i = 0; i < data.length; i++) data[i] = (byte) (i * 7 ^ i >> 5);
        int[] h = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
        int[] w = new int[64];
        for (int at = 0; at < data.length; at += 64) compress(h, data, at, w);
        int crc = ~0;
        for (int round = 0; round < 4; round++) for (byte b : data) crc = crc >>> 8 ^ TABLE[(crc ^ b) & 255];
        return ((long) h[0] << 32 | h[7] & 0xffffffffL) ^ crc;
    }

    public static void main(String[] args) {
        new Hashing().measure(args);
    }
}
