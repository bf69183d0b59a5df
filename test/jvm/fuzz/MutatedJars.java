// Damages a jar in memory, opens each mutant with JarFile, JarInputStream and URLClassLoader, reads all it holds, and prints a
// line a mutant: number, damage, kind of ending, all that was seen.
//
//   java MutatedJars FOLDER SEED FIRST COUNT [DUMP_FILE]          FOLDER holds Numbers.class, of Specimens.java
//
// The same numbers mean the same mutants on every machine. The mutants lie in the working folder, one at a time.

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SplittableRandom;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;

public final class MutatedJars {
  private static final int MOST_READ = 1 << 16;

  public static void main(String[] args) throws Exception {
    long seed = Long.parseLong(args[1]);
    int first = Integer.parseInt(args[2]);
    int count = Integer.parseInt(args[3]);
    byte[] jar = sound(Files.readAllBytes(Path.of(args[0], "Numbers.class")));
    PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), false, "UTF-8");
    for (int i = first; i < first + count; i++) {
      StringBuilder log = new StringBuilder();
      byte[] mutant = mutate(jar, new SplittableRandom((seed * 1_000_003L + i) * 0x9E3779B97F4A7C15L), log);
      // A name of its own: the library keeps what it knows of a jar by name and time.
      File file = new File("mutant-" + i + ".jar");
      Files.write(file.toPath(), mutant);
      if (args.length > 4) Files.write(Path.of(args[4]), mutant);
      StringBuilder seen = new StringBuilder();
      String kind = attempt(file, mutant, seen);
      Files.delete(file.toPath());
      out.println(i + "\t" + log.toString().trim() + "\t" + kind + "\t" + clean(seen.toString()));
      out.flush();
    }
  }

  /** The jar all mutants are made from: stored and compressed entries, folders, an extra field, a comment. */
  private static byte[] sound(byte[] numbers) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.MAIN_CLASS, "Numbers");
    main.put(new Attributes.Name("Multi-Release"), "true");
    main.put(new Attributes.Name("A-Long-Attribute"), "long ".repeat(30));
    manifest.getEntries().put("text.txt", new Attributes(main));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes)) {
      jar.setComment("a comment");
      ZipEntry head = new ZipEntry(JarFile.MANIFEST_NAME);
      head.setTime(1_000_000_000_000L);
      jar.putNextEntry(head);
      manifest.write(jar);
      add(jar, "folder/", null, true);
      add(jar, "text.txt", "some text, some text, and some more text\n".repeat(20).getBytes(StandardCharsets.UTF_8), false);
      add(jar, "META-INF/versions/9/text.txt", "newer text".getBytes(StandardCharsets.UTF_8), false);
      add(jar, "stored.bin", new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, true);
      add(jar, "Numbers.class", numbers, false);
    }
    return bytes.toByteArray();
  }

  private static void add(JarOutputStream jar, String name, byte[] contents, boolean stored) throws IOException {
    JarEntry entry = new JarEntry(name);
    entry.setTime(1_000_000_000_000L);
    byte[] bytes = contents == null ? new byte[0] : contents;
    if (stored) {
      CRC32 crc = new CRC32();
      crc.update(bytes);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(bytes.length);
      entry.setCrc(crc.getValue());
      entry.setComment("stored");
      entry.setExtra(new byte[] {0x34, 0x12, 2, 0, 9, 9});
    }
    jar.putNextEntry(entry);
    jar.write(bytes);
    jar.closeEntry();
  }

  private static byte[] mutate(byte[] jar, SplittableRandom random, StringBuilder log) {
    byte[] bytes = jar.clone();
    int directory = directoryOf(bytes);
    for (int left = 1 + random.nextInt(3); left > 0; left--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0: at = directory + random.nextInt(bytes.length - directory); break;
        case 1: at = bytes.length - 1 - random.nextInt(31); break;
        case 2: {
          // Somewhere in a local header, with its name.
          int start = random.nextInt(directory);
          while (start > 0 && !(bytes[start] == 'P' && bytes[start + 1] == 'K' && bytes[start + 2] == 3)) start--;
          at = start + random.nextInt(44);
          break;
        }
        default: break;
      }
      switch (random.nextInt(5)) {
        case 0: bytes[at] ^= 1 << random.nextInt(8); break;
        case 1: bytes[at] = (byte) random.nextInt(256); break;
        case 2: bytes[at] = (byte) (random.nextBoolean() ? 0 : 0xff); break;
        case 3: bytes[at] += random.nextInt(9) - 4; break;
        default: {
          int length = Math.min(1 + random.nextInt(12), bytes.length - at);
          for (int i = 0; i < length; i++) bytes[at + i] = (byte) random.nextInt(256);
        }
      }
      log.append(at < directory ? "entry@" : "directory@").append(at).append(':').append(bytes[at] & 0xff).append(' ');
    }
    int change = random.nextInt(12);
    int at = random.nextInt(bytes.length);
    if (change > 1) return bytes;
    log.append(change == 0 ? "cut@" : "insert@").append(at);
    byte[] result = java.util.Arrays.copyOf(bytes, change == 0 ? at : bytes.length + 3);
    if (change == 1) System.arraycopy(bytes, at, result, at + 3, bytes.length - at);
    return result;
  }

  private static int directoryOf(byte[] bytes) {
    for (int at = 0; ; at++) if (bytes[at] == 'P' && bytes[at + 1] == 'K' && bytes[at + 2] == 1 && bytes[at + 3] == 2) return at;
  }

  private static String attempt(File file, byte[] mutant, StringBuilder seen) {
    String kind = "opened";
    try (JarFile jar = new JarFile(file, true, JarFile.OPEN_READ, Runtime.version())) {
      seen.append(jar.size()).append(' ').append(jar.getComment()).append(' ').append(jar.isMultiRelease()).append("; ");
      try {
        seen.append(describe(jar.getManifest()));
      } catch (Throwable t) {
        seen.append("manifest ! ").append(t).append("; ");
      }
      for (JarEntry entry : Collections.list(jar.entries())) {
        seen.append(entry.getName()).append(' ').append(entry.getMethod()).append(' ').append(entry.getSize()).append(' ');
        try (InputStream in = jar.getInputStream(entry)) {
          seen.append(sum(in)).append("; ");
        } catch (Throwable t) {
          if (kind.equals("opened")) kind = "entry " + t.getClass().getName();
          seen.append("! ").append(t).append("; ");
        }
      }
    } catch (Throwable t) {
      kind = "jar " + t.getClass().getName();
      seen.append("jar ! ").append(t).append("; ");
    }
    try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(mutant))) {
      for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
        seen.append(entry.getName()).append(' ').append(sum(in)).append("; ");
      }
    } catch (Throwable t) {
      kind += ", stream " + t.getClass().getName();
      seen.append("stream ! ").append(t).append("; ");
    }
    try (URLClassLoader loader = new URLClassLoader(new URL[] {file.toURI().toURL()}, null)) {
      java.lang.reflect.Method method = loader.loadClass("Numbers").getDeclaredMethod("ints");
      method.setAccessible(true);
      seen.append(method.invoke(null));
    } catch (Throwable t) {
      kind += ", class " + t.getClass().getName();
      seen.append("class ! ").append(t);
    }
    return kind;
  }

  private static String describe(Manifest manifest) {
    if (manifest == null) return "no manifest; ";
    StringBuilder text = new StringBuilder();
    manifest.getMainAttributes().forEach((key, value) -> text.append(key).append('=').append(value).append(','));
    return text.append(manifest.getEntries().keySet()).append("; ").toString();
  }

  private static String sum(InputStream in) throws IOException {
    CRC32 crc = new CRC32();
    byte[] buffer = in.readNBytes(MOST_READ);
    crc.update(buffer);
    return buffer.length + ":" + Long.toHexString(crc.getValue());
  }

  private static String clean(String text) {
    StringBuilder line = new StringBuilder();
    for (char c : text.replaceAll("mutant-\\d+", "mutant").toCharArray()) {
      if (c < 32 || c > 126) line.append(String.format("{%x}", (int) c));
      else line.append(c);
    }
    return line.toString();
  }
}
