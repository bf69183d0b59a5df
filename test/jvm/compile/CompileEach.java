// Compiles many small programs in one Java process, each into its own folder. A javac process costs about a second
// to start and warms up while it works; a hundred of them would take longer than all the tests that use the result.
//
// Arguments: one file of lines `FOLDER<tab>OPTIONS<tab>SOURCE<tab>SOURCE…`, options separated by spaces. Prints javac's
// messages of the programs that do not compile, and exits with 1 if there is one.
import java.io.File;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

public class CompileEach {
    public static void main(String[] args) throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        boolean failed = false;
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            for (String line : Files.readAllLines(Path.of(args[0]))) {
                String[] fields = line.split("\t");
                List<String> options = new ArrayList<>(List.of("-d", fields[0], "-nowarn", "-proc:none", "-g"));
                for (String option : fields[1].split(" ")) if (!option.isEmpty()) options.add(option);
                List<File> sources = new ArrayList<>();
                for (int i = 2; i < fields.length; i++) sources.add(new File(fields[i]));
                Files.createDirectories(Path.of(fields[0]));
                DiagnosticCollector<JavaFileObject> messages = new DiagnosticCollector<>();
                Iterable<? extends JavaFileObject> units = files.getJavaFileObjectsFromFiles(sources);
                if (!compiler.getTask(new StringWriter(), files, messages, options, null, units).call()) {
                    failed = true;
                    messages.getDiagnostics().forEach(System.out::println);
                }
            }
        }
        System.exit(failed ? 1 : 0);
    }
}
