// A class without main: the launcher's complaint and exit code.
public class NoMain {
    static void main() {}
}
