// A megabyte on both streams, interleaved and unbuffered in places: nothing is lost, nothing changes order.
import java.io.*;

public class LargeOutput {
    public static void main(String[] args) throws IOException {
        for (int i = 0; i < 1500; i++) System.out.println(i + " " + "x".repeat(i % 150));
        PrintStream raw = new PrintStream(new FileOutputStream(FileDescriptor.out), false);
        byte[] block = new byte[4096];
        for (int i = 0; i < block.length; i++) block[i] = (byte) (i % 64 == 63 ? '\n' : 'a' + i % 26);
        for (int i = 0; i < 150; i++) raw.write(block, 0, block.length);
        raw.flush();
        for (int i = 0; i < 300; i++) System.err.print("e" + i + "\n");
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) all[i] = (byte) i;
        System.out.write(all, 0, 256);
        System.out.println();
    }
}
