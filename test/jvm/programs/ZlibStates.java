// Deflater and Inflater at all levels and strategies, changed on the way, with flushes, in pieces of any size.
import java.util.*; import java.util.zip.*;
public class ZlibStates {
  static byte[] data(int kind, int n, Random r) { byte[] b = new byte[n]; for (int i = 0; i < n; i++) b[i] = (byte) switch (kind) { case 0 -> r.nextInt(256); case 1 -> "abcdefgh".charAt(r.nextInt(8)); case 2 -> (i * i >> 5) & 63; default -> r.nextInt(20) == 0 ? r.nextInt(256) : 'x'; }; return b; }
  public static void main(String[] a) throws Exception {
    Random r = new Random(7);
    for (int kind = 0; kind < 4; kind++) for (int level = 0; level <= 9; level += 1) for (int strat = 0; strat < 3; strat++) {
      byte[] d = data(kind, 1 + r.nextInt(60000), r); Deflater df = new Deflater(level, (level & 1) == 0); df.setStrategy(strat); 
      CRC32 c = new CRC32(); long total = 0; byte[] out = new byte[1 + r.nextInt(5000)]; int at = 0;
      java.io.ByteArrayOutputStream bo = new java.io.ByteArrayOutputStream();
      int half = d.length / 2; df.setInput(d, 0, half);
      while (!df.finished()) {
        if (df.needsInput()) { if (at == 0) { at = half; if (r.nextInt(3) == 0) { df.setLevel(r.nextInt(10)); df.setStrategy(r.nextInt(3)); } df.setInput(d, half, d.length - half); } else df.finish(); }
        int n = df.deflate(out, 0, out.length, r.nextInt(4) == 0 ? (r.nextBoolean() ? Deflater.SYNC_FLUSH : Deflater.FULL_FLUSH) : Deflater.NO_FLUSH); c.update(out, 0, n); bo.write(out, 0, n); total += n;
      }
      Inflater inf = new Inflater((level & 1) == 0); byte[] z = bo.toByteArray(); byte[] back = new byte[d.length]; int p = 0, q = 0; 
      while (!inf.finished()) { if (inf.needsInput() && q < z.length) { int k = Math.min(z.length - q, 1 + r.nextInt(3000)); inf.setInput(z, q, k); q += k; } p += inf.inflate(back, p, Math.min(back.length - p, 1 + r.nextInt(7000))); if (p == back.length && inf.getRemaining() == 0 && q == z.length && !inf.finished()) { inf.inflate(back, 0, 0); break; } }
      Adler32 ad = new Adler32(); ad.update(d); 
      System.out.println(kind + " " + level + " " + strat + " " + total + " " + c.getValue() + " " + Arrays.equals(d, back) + " " + df.getAdler() + " " + inf.getAdler() + " " + ad.getValue() + " " + inf.getTotalIn() + " " + df.getBytesRead());
      df.reset(); inf.reset();
    }
  }
}
