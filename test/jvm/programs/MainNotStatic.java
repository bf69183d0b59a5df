// A main that is no static method: the launcher's complaint and exit code.
public class MainNotStatic {
    public void main(String[] args) {
        System.out.println("never");
    }
}
