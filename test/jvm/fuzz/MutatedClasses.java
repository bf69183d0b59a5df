// Damages the class files of Specimens.java, defines each mutant with a loader of its own, links it, initialises it, reads it
// by reflection and calls what can be called, and prints a line a mutant: number, class, damage, kind of ending, all that was
// seen.
//
//   java MutatedClasses FOLDER SEED FIRST COUNT DEADLINE_MS [DUMP_FOLDER]
//
// The same numbers mean the same mutants on every machine.

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

public final class MutatedClasses {
  private static final int LONGEST = 400;
  private static final Map<String, byte[]> SPECIMENS = new HashMap<>();

  public static void main(String[] args) throws Exception {
    long seed = Long.parseLong(args[1]);
    int first = Integer.parseInt(args[2]);
    int count = Integer.parseInt(args[3]);
    long deadline = Long.parseLong(args[4]);
    File[] files = new File(args[0]).listFiles((folder, name) -> name.endsWith(".class"));
    Arrays.sort(files, Comparator.comparing(File::getName));
    String[] names = new String[files.length];
    for (int i = 0; i < files.length; i++) {
      names[i] = files[i].getName().replaceAll("\\.class$", "");
      SPECIMENS.put(names[i], Files.readAllBytes(files[i].toPath()));
    }
    PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), false, "UTF-8");
    // What every trial needs is loaded before the first deadline.
    new Trial(names[0], SPECIMENS.get(names[0])).run(60_000);
    for (int i = first; i < first + count; i++) {
      long mixed = (seed * 1_000_003L + i) * 0x9E3779B97F4A7C15L;
      String name = names[(int) Long.remainderUnsigned(mixed >>> 17, names.length)];
      Mutator mutator = new Mutator(SPECIMENS.get(name), mixed);
      byte[] mutant = mutator.mutate();
      if (args.length > 5) Files.write(Path.of(args[5], name + ".class"), mutant);
      Trial trial = new Trial(name, mutant);
      String seen = trial.run(deadline);
      out.println(i + "\t" + name + "\t" + mutator.log.toString().trim() + "\t" + trial.kind + "\t" + seen);
      out.flush();
    }
    // Threads that could not be stopped are daemons.
    Runtime.getRuntime().halt(0);
  }

  /** Defines the mutant, and the sound specimens beside it. */
  private static final class MutantLoader extends ClassLoader {
    private final String mutantName;
    private final byte[] mutant;

    MutantLoader(String mutantName, byte[] mutant) {
      super(MutatedClasses.class.getClassLoader());
      this.mutantName = mutantName;
      this.mutant = mutant;
    }

    @Override protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        if (!SPECIMENS.containsKey(name)) return super.loadClass(name, resolve);
        Class<?> found = findLoadedClass(name);
        if (found != null) return found;
        byte[] bytes = name.equals(mutantName) ? mutant : SPECIMENS.get(name);
        return defineClass(name, bytes, 0, bytes.length);
      }
    }
  }

  /** One mutant's run, on a thread of its own. */
  private static final class Trial implements Runnable {
    private final String name;
    private final byte[] mutant;
    private final StringBuilder seen = new StringBuilder();
    private volatile boolean finished;
    String kind = "ran";

    Trial(String name, byte[] mutant) {
      this.name = name;
      this.mutant = mutant;
    }

    @SuppressWarnings({"deprecation", "removal"})
    String run(long deadline) throws InterruptedException {
      Thread thread = new Thread(null, this, "trial", 512 << 10);
      thread.setDaemon(true);
      thread.setUncaughtExceptionHandler((t, e) -> { });
      thread.start();
      thread.join(deadline);
      if (finished) return seen.toString();
      kind = "timeout";
      for (int tries = 0; tries < 20 && thread.isAlive(); tries++) {
        thread.stop();
        thread.join(20);
      }
      kind = "timeout";
      return thread.isAlive() ? "left running" : "stopped";
    }

    @Override public void run() {
      try {
        attempt();
      } catch (Throwable t) {
        note("trial", t);
      }
      finished = true;
    }

    private void attempt() throws Throwable {
      Class<?> type;
      try {
        type = Class.forName(name, false, new MutantLoader(name, mutant));
      } catch (Throwable t) {
        kind = "load " + t.getClass().getName();
        note("load", t);
        return;
      }
      try {
        Class.forName(name, true, type.getClassLoader());
      } catch (Throwable t) {
        kind = "link " + t.getClass().getName();
        note("link", t);
        reflect(type);
        return;
      }
      reflect(type);
      try {
        Executable[] members = type.getDeclaredMethods();
        Arrays.sort(members, Comparator.comparing(Executable::toString));
        Object instance = null;
        if (!Modifier.isAbstract(type.getModifiers())) {
          for (Constructor<?> c : type.getDeclaredConstructors()) {
            if (c.getParameterCount() == 0) instance = invoke(c, null);
          }
        }
        for (Executable m : members) {
          // What takes parameters gets none of use: only that it comes to an end is looked at.
          boolean isStatic = Modifier.isStatic(m.getModifiers());
          if (!isStatic && instance == null || m.getParameterCount() > 3) continue;
          invoke(m, isStatic ? null : instance);
        }
      } catch (Throwable t) {
        kind = "members " + t.getClass().getName();
        note("members", t);
      }
    }

    private Object invoke(Executable member, Object on) {
      Class<?>[] types = member.getParameterTypes();
      Object[] args = new Object[types.length];
      for (int i = 0; i < types.length; i++) args[i] = defaultOf(types[i]);
      String label = member.getName() + types.length;
      try {
        member.setAccessible(true);
        if (member instanceof Constructor) return ((Constructor<?>) member).newInstance(args);
        Object result = ((Method) member).invoke(on, args);
        seen.append(label).append('=').append(show(result)).append("; ");
        return result;
      } catch (InvocationTargetException e) {
        if (kind.equals("ran")) kind = "call " + e.getCause().getClass().getName();
        note(label, e.getCause());
      } catch (Throwable t) {
        note(label + " not called", t);
      }
      return null;
    }

    private static Object defaultOf(Class<?> type) {
      if (type == int.class) return 3;
      if (type == long.class) return 3L;
      if (type == double.class) return 3.0;
      if (type == float.class) return 3f;
      if (type == boolean.class) return true;
      if (type == char.class) return '3';
      if (type == short.class) return (short) 3;
      if (type == byte.class) return (byte) 3;
      return type == String.class ? "three" : null;
    }

    /** Values whose text is the same on every machine. */
    private static String show(Object value) {
      if (value instanceof int[]) return Arrays.toString((int[]) value);
      if (value instanceof Number || value instanceof Boolean || value instanceof Character) return value.toString();
      if (value instanceof String) return clean(value.toString().replaceAll("@[0-9a-f]{4,8}\\b", "@hash"));
      return value == null ? "null" : "a " + clean(value.getClass().getName());
    }

    private void reflect(Class<?> type) {
      look("flags", () -> type.getModifiers() + " " + type.getName() + " " + type.getSuperclass());
      look("interfaces", () -> Arrays.toString(type.getInterfaces()));
      look("generic", type::toGenericString);
      look("generic super", () -> type.getGenericSuperclass() + " " + Arrays.toString(type.getGenericInterfaces()));
      look("annotations", () -> annotations(type.getAnnotations()));
      look("outer", () -> type.getEnclosingClass() + " " + type.getEnclosingMethod() + " " + type.getDeclaringClass());
      look("simple name", () -> type.getSimpleName() + type.isAnonymousClass() + type.isMemberClass());
      look("inner", () -> sorted(type.getDeclaredClasses()));
      look("nest", () -> type.getNestHost() + " " + sorted(type.getNestMembers()));
      look("permitted", () -> Arrays.toString(type.getPermittedSubclasses()));
      look("components", () -> Arrays.toString(type.getRecordComponents()));
      look("fields", () -> {
        Field[] fields = type.getDeclaredFields();
        Arrays.sort(fields, Comparator.comparing(Field::toString));
        StringBuilder text = new StringBuilder();
        for (Field f : fields) text.append(f.toGenericString()).append(annotations(f.getAnnotations())).append(',');
        return text;
      });
      look("methods", () -> {
        Method[] methods = type.getDeclaredMethods();
        Arrays.sort(methods, Comparator.comparing(Method::toString));
        StringBuilder text = new StringBuilder();
        for (Method m : methods) {
          text.append(m.toGenericString()).append(annotations(m.getAnnotations()));
          text.append(Arrays.toString(m.getParameters())).append(Arrays.toString(m.getExceptionTypes()));
          text.append(m.getDefaultValue() == null ? "" : m.getDefaultValue().getClass().getName()).append(',');
        }
        return text;
      });
      look("constructors", () -> sorted(type.getDeclaredConstructors()));
    }

    /** Annotations in the order of their text: the machine keeps them in a map of hashes that differ. */
    private static String annotations(Object[] values) { return sorted(values); }

    private static String sorted(Object[] values) {
      String[] texts = Arrays.stream(values).map(String::valueOf).toArray(String[]::new);
      Arrays.sort(texts);
      return Arrays.toString(texts);
    }

    private interface Look {
      Object at() throws Throwable;
    }

    private void look(String what, Look look) {
      try {
        String text = String.valueOf(look.at());
        seen.append(what).append(' ').append(Integer.toHexString(text.hashCode())).append("; ");
      } catch (Throwable t) {
        note(what, t);
      }
    }

    private void note(String what, Throwable t) {
      String text;
      try {
        text = String.valueOf(t.getMessage());
      } catch (Throwable other) {
        text = "no message: " + other.getClass().getName();
      }
      seen.append(what).append(" ! ").append(t.getClass().getName()).append(": ").append(clean(text)).append("; ");
    }

    private static String clean(String text) {
      String shown = text.replaceAll("@[0-9a-f]{4,8}\\b", "@hash");
      if (shown.length() > LONGEST) shown = shown.substring(0, LONGEST) + "#" + Integer.toHexString(shown.hashCode());
      StringBuilder line = new StringBuilder();
      for (char c : shown.toCharArray()) {
        if (c == '\n') line.append(" | ");
        else if (c < 32 || c > 126) line.append(String.format("{%x}", (int) c));
        else line.append(c);
      }
      return line.toString();
    }
  }
}
