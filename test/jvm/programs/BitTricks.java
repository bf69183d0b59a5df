// Programs over bits and bytes: CRC-32 and Adler against java.util.zip, own SHA-256 against MessageDigest, Base64, BitSet.
import java.security.MessageDigest;
import java.util.*;
import java.util.zip.*;

public class BitTricks {
    static int crc(byte[] data) { int c = ~0; for (byte b : data) { c ^= b & 0xff; for (int k = 0; k < 8; k++) c = (c & 1) != 0 ? c >>> 1 ^ 0xedb88320 : c >>> 1; } return ~c; }
    static final int[] K = new int[64];
    static { int n = 0; for (int p = 2; n < 64; p++) { boolean prime = true; for (int d = 2; d * d <= p; d++) if (p % d == 0) prime = false; if (prime) { double c = Math.cbrt(p); K[n++] = (int) (long) ((c - Math.floor(c)) * 4294967296.0); } } }
    static byte[] sha256(byte[] m) {
        int[] h = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}; int len = (m.length + 9 + 63) / 64 * 64; byte[] p = Arrays.copyOf(m, len); p[m.length] = (byte) 0x80; for (int i = 0; i < 8; i++) p[len - 1 - i] = (byte) ((long) m.length * 8 >>> 8 * i);
        int[] w = new int[64];
        for (int o = 0; o < len; o += 64) {
            for (int i = 0; i < 16; i++) w[i] = p[o + 4 * i] << 24 | (p[o + 4 * i + 1] & 255) << 16 | (p[o + 4 * i + 2] & 255) << 8 | p[o + 4 * i + 3] & 255;
            for (int i = 16; i < 64; i++) { int a = w[i - 15], b = w[i - 2]; w[i] = w[i - 16] + (Integer.rotateRight(a, 7) ^ Integer.rotateRight(a, 18) ^ a >>> 3) + w[i - 7] + (Integer.rotateRight(b, 17) ^ Integer.rotateRight(b, 19) ^ b >>> 10); }
            int a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], hh = h[7];
            for (int i = 0; i < 64; i++) { int t1 = hh + (Integer.rotateRight(e, 6) ^ Integer.rotateRight(e, 11) ^ Integer.rotateRight(e, 25)) + (e & f ^ ~e & g) + K[i] + w[i]; int t2 = (Integer.rotateRight(a, 2) ^ Integer.rotateRight(a, 13) ^ Integer.rotateRight(a, 22)) + (a & b ^ a & c ^ b & c); hh = g; g = f; f = e; e = d + t1; d = c; c = b; b = a; a = t1 + t2; }
            h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += hh;
        }
        byte[] out = new byte[32]; for (int i = 0; i < 32; i++) out[i] = (byte) (h[i / 4] >>> 24 - 8 * (i % 4)); return out;
    }
    public static void main(String[] args) throws Exception {
        byte[] data = new byte[5000]; new Random(1).nextBytes(data); CRC32 c = new CRC32(); c.update(data); Adler32 ad = new Adler32(); ad.update(data, 10, 100); CRC32C cc = new CRC32C(); cc.update(data);
        System.out.println(Integer.toHexString(crc(data)) + " " + Long.toHexString(c.getValue()) + " " + ad.getValue() + " " + cc.getValue());
        for (String s : new String[] {"", "abc", "a".repeat(200)}) System.out.println(HexFormat.of().formatHex(sha256(s.getBytes())) + " " + Arrays.equals(sha256(s.getBytes()), MessageDigest.getInstance("SHA-256").digest(s.getBytes())));
        for (String alg : new String[] {"MD5", "SHA-1", "SHA-224", "SHA-384", "SHA-512", "SHA-512/256", "SHA3-256", "MD2"}) System.out.println(alg + " " + HexFormat.of().formatHex(MessageDigest.getInstance(alg).digest(data)));
        String b64 = Base64.getEncoder().encodeToString(Arrays.copyOf(data, 50)); System.out.println(b64 + " " + Arrays.equals(Base64.getDecoder().decode(b64), Arrays.copyOf(data, 50)) + " " + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(data, 31)) + " " + Base64.getMimeEncoder(20, new byte[] {'|'}).encodeToString(Arrays.copyOf(data, 40)));
        try { Base64.getDecoder().decode("a*bc"); } catch (IllegalArgumentException e) { System.out.println(e.getMessage()); }
        System.out.println(UUID.nameUUIDFromBytes("scotty".getBytes()) + " " + UUID.fromString("123e4567-e89b-12d3-a456-426614174000").version() + " " + new UUID(1, 2) + " " + UUID.randomUUID().toString().length());
        BitSet s = new BitSet(); for (int i = 2; i < 200; i++) s.set(i); for (int i = 2; i * i < 200; i++) if (s.get(i)) for (int j = i * i; j < 200; j += i) s.clear(j); System.out.println(s + " " + s.cardinality() + " " + s.nextSetBit(100) + " " + s.previousClearBit(13) + " " + Arrays.toString(s.toLongArray()) + " " + s.hashCode());
        BitSet o = new BitSet(); o.set(10, 90); o.flip(20, 30); BitSet x = (BitSet) s.clone(); x.and(o); System.out.println(x); x.xor(o); x.andNot(s); System.out.println(x.length() + " " + x.size() + " " + x.intersects(s) + " " + x.stream().sum());
        System.out.println(HexFormat.ofDelimiter(":").withUpperCase().formatHex(new byte[] {1, (byte) 0xab}) + " " + HexFormat.fromHexDigits("7fff") + " " + new String(HexFormat.of().parseHex("4869")));
    }
}
