// Damages a sound class file in a few random places: anywhere, in its constant pool, in its code, in its structure.

import java.util.Arrays;
import java.util.SplittableRandom;

final class Mutator {
  private static final int[] TELLING = {0, 1, 2, 7, 0x7f, 0x80, 0xb1, 0xc4, 0xff};
  private static final int KINDS = 22;

  private final SplittableRandom random;
  private final ClassOutline outline;
  private byte[] bytes;
  /** What was done, for people. */
  final StringBuilder log = new StringBuilder();

  Mutator(byte[] original, long seed) {
    random = new SplittableRandom(seed);
    bytes = original.clone();
    outline = new ClassOutline(original);
  }

  byte[] mutate() {
    int count = random.nextInt(3) == 0 ? 2 + random.nextInt(3) : 1;
    if (random.nextInt(5) == 0) version();
    int sizeChange = -1;
    for (int i = 0; i < count; i++) {
      int kind = random.nextInt(KINDS);
      // What changes sizes comes last, as it moves all that the outline tells.
      if (kind >= KINDS - 4) sizeChange = kind;
      else change(kind);
    }
    if (sizeChange >= 0) change(sizeChange);
    return bytes;
  }

  private int below(int limit) { return random.nextInt(limit); }

  private void set1(String what, int at, int value) {
    log.append(what).append('@').append(at).append(':').append(bytes[at] & 0xff).append('>').append(value & 0xff).append(' ');
    bytes[at] = (byte) value;
  }

  private void set2(String what, int at, int value) {
    log.append(what).append('@').append(at).append(':').append(ClassOutline.u2(bytes, at)).append('>').append(value & 0xffff);
    log.append(' ');
    bytes[at] = (byte) (value >> 8);
    bytes[at + 1] = (byte) value;
  }

  /** An older version: those below 50 are verified by inference. */
  private void version() {
    int[] majors = {45, 46, 47, 48, 49, 50, 50, 51, 52, 55, 61, 62};
    set2("version", 6, majors[below(majors.length)]);
  }

  private void change(int kind) {
    switch (kind) {
      case 0: {
        int at = below(bytes.length);
        set1("flip", at, bytes[at] ^ 1 << below(8));
        break;
      }
      case 1: set1("byte", below(bytes.length), below(256)); break;
      case 2: set1("telling", below(bytes.length), TELLING[below(TELLING.length)]); break;
      case 3: {
        int at = below(bytes.length);
        int from = below(bytes.length);
        int length = Math.min(1 + below(16), bytes.length - Math.max(at, from));
        log.append("copy@").append(at).append("<").append(from).append('+').append(length).append(' ');
        System.arraycopy(bytes, from, bytes, at, length);
        break;
      }
      case 4: case 5: case 6: constant(); break;
      case 7: {
        int at = outline.flags.get(below(outline.flags.size()));
        int bit = 1 << below(16);
        set2("flags", at, ClassOutline.u2(bytes, at) ^ bit);
        break;
      }
      case 8: {
        // The name or the descriptor of a field or method, or the class's name or superclass.
        int at = outline.flags.get(below(outline.flags.size())) + 2 + 2 * below(2);
        set2("name", at, below(outline.constants.length));
        break;
      }
      case 18: {
        int at = below(bytes.length);
        log.append("cut@").append(at).append(' ');
        bytes = Arrays.copyOf(bytes, at);
        break;
      }
      case 19: {
        int at = below(bytes.length);
        int length = Math.min(1 + below(8), bytes.length - at);
        replace("remove", at, at + length, new byte[0]);
        break;
      }
      case 20: {
        byte[] added = new byte[1 + below(4)];
        for (int i = 0; i < added.length; i++) added[i] = (byte) below(256);
        int at = below(bytes.length);
        replace("insert", at, at, added);
        break;
      }
      case 21: {
        // A member or an attribute twice, or not at all; the count before it stays wrong, half the time.
        var parts = below(2) == 0 && !outline.members.isEmpty() ? outline.members : outline.attributes;
        if (parts.isEmpty()) break;
        int[] part = parts.get(below(parts.size()));
        byte[] copy = Arrays.copyOfRange(bytes, part[0], part[1]);
        if (below(2) == 0) replace("twice", part[0], part[0], copy);
        else replace("without", part[0], part[1], new byte[0]);
        break;
      }
      default: code();
    }
  }

  private void replace(String what, int from, int to, byte[] by) {
    log.append(what).append('@').append(from).append('-').append(to).append('+').append(by.length).append(' ');
    byte[] result = new byte[bytes.length - (to - from) + by.length];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(by, 0, result, from, by.length);
    System.arraycopy(bytes, to, result, from + by.length, bytes.length - to);
    bytes = result;
  }

  private void constant() {
    int index = 1 + below(outline.constants.length - 1);
    int at = outline.constants[index];
    if (at == 0) return;
    int tag = bytes[at];
    int length = tag == 1 ? 2 + ClassOutline.u2(bytes, at + 1) : tagLength(tag);
    switch (below(6)) {
      case 0: set1("tag", at, 1 + below(20)); break;
      case 1: {
        // The contents of another constant of the same length: of the same kind, as a rule.
        int other = outline.constants[1 + below(outline.constants.length - 1)];
        if (other == 0 || tagLength(bytes[other]) != length) return;
        log.append("constant@").append(at).append('<').append(other).append(' ');
        System.arraycopy(bytes, other, bytes, at, length + 1);
        break;
      }
      case 2: case 3:
        if (tag == 1) {
          if (length > 2) set1("text", at + 3 + below(length - 2), text());
        } else if (length >= 2) {
          set2("index", at + 1 + 2 * below(length / 2), below(outline.constants.length + 1));
        }
        break;
      default: {
        // A reference to another constant of the kind that was there before.
        if (tag == 1 || tag >= 3 && tag <= 6 || length < 2) return;
        int where = at + 1 + 2 * below(length / 2);
        int now = ClassOutline.u2(bytes, where);
        if (now <= 0 || now >= outline.constants.length || outline.constants[now] == 0) return;
        int same = alike(bytes[outline.constants[now]]);
        if (same > 0) set2("same", where, same);
      }
    }
  }

  private int tagLength(int tag) {
    return tag == 1 || tag < 3 || tag > 20 || tag == 13 || tag == 14 || tag == 2 ? 0 : ClassOutline.constantLength(bytes, tag, 0);
  }

  private int text() {
    String likely = "()[]LIJVDZ;/.<>Ba1 \u00c0\u00e0";
    return below(3) == 0 ? below(256) : likely.charAt(below(likely.length()));
  }

  /** Some constant with this tag; 0 where none was found. */
  private int alike(int tag) {
    for (int tries = 0; tries < 40; tries++) {
      int index = 1 + below(outline.constants.length - 1);
      int at = outline.constants[index];
      if (at != 0 && bytes[at] == tag) return index;
    }
    return 0;
  }

  private void code() {
    if (outline.codes.isEmpty()) return;
    ClassOutline.Code code = outline.codes.get(below(outline.codes.size()));
    int at = code.instructions.get(below(code.instructions.size()));
    int opcode = bytes[at] & 0xff;
    int length = ClassOutline.plainLength(opcode);
    switch (below(14)) {
      case 0: set1("opcode", at, below(202)); break;
      case 1: set1("opcode", at, opcode + below(9) - 4); break;
      case 2: case 3:
        // Another instruction of the same length.
        for (int tries = 0; tries < 40; tries++) {
          int other = below(202);
          if (other == 0xaa || other == 0xab || other == 0xc4 || ClassOutline.plainLength(other) != length) continue;
          set1("alike", at, other);
          return;
        }
        break;
      case 4: if (length > 1) set1("operand", at + 1 + below(length - 1), below(256)); break;
      case 5: if (length > 1) set1("operand", at + 1 + below(length - 1), below(6)); break;
      case 6: case 7:
        if (length >= 3 && opcode >= 0xb2 && opcode <= 0xc1 || opcode == 0x13 || opcode == 0x14) {
          int now = ClassOutline.u2(bytes, at + 1);
          if (now <= 0 || now >= outline.constants.length || outline.constants[now] == 0) return;
          int same = alike(bytes[outline.constants[now]]);
          if (same > 0) set2("operand", at + 1, same);
        } else if (opcode >= 0x99 && opcode <= 0xa8 || opcode == 0xc6 || opcode == 0xc7) {
          int target = code.instructions.get(below(code.instructions.size()));
          set2("target", at + 1, target - at);
        }
        break;
      case 8:
        for (int i = at; i < at + length && i < code.codeEnd; i++) bytes[i] = 0;
        log.append("nop@").append(at).append('+').append(length).append(' ');
        break;
      case 9: set2("limit", code.start + 2 * below(2), below(8)); break;
      case 10: {
        if (code.handlers == 0) return;
        int where = code.tableStart + 2 + 2 * below(4 * code.handlers);
        int target = code.instructions.get(below(code.instructions.size())) - code.codeStart;
        set2("handler", where, below(3) == 0 ? below(outline.constants.length) : target);
        break;
      }
      case 11: case 12: {
        if (code.mapStart == 0) return;
        set1("map", code.mapStart + below(code.mapEnd - code.mapStart), below(2) == 0 ? below(256) : below(10));
        break;
      }
      default: {
        // Two neighbours change places.
        int next = at + length;
        if (next >= code.codeEnd || opcode == 0xaa || opcode == 0xab || opcode == 0xc4) return;
        int nextOpcode = bytes[next] & 0xff;
        if (nextOpcode == 0xaa || nextOpcode == 0xab || nextOpcode == 0xc4) return;
        int nextLength = ClassOutline.plainLength(nextOpcode);
        if (next + nextLength > code.codeEnd) return;
        byte[] first = Arrays.copyOfRange(bytes, at, next);
        System.arraycopy(bytes, next, bytes, at, nextLength);
        System.arraycopy(first, 0, bytes, at + nextLength, length);
        log.append("swap@").append(at).append('+').append(length).append('+').append(nextLength).append(' ');
      }
    }
  }
}
